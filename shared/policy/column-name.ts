import type { ColumnName } from '../analysis/lineage.ts'

/** A column's name in its two halves. */
export interface SplitName {
  /** `project.dataset.table`. */
  readonly table: string
  /** `column`, or `column.field`; empty when the name is that of a table. */
  readonly column: string
}

// The project of `example.com:old` has dots of its own; the views of INFORMATION_SCHEMA have one in their name.
const NAME = /^((?:[^:]*:)?[^.]+\.[^.]+\.(?:INFORMATION_SCHEMA\.)?[^.]+)(?:\.(.+))?$/is

/** A name as the table and the column in it; undefined when it is too short to name a table. */
export function parseTableName(name: ColumnName): SplitName | undefined {
  const [, table, column = ''] = NAME.exec(name) ?? []
  return table === undefined ? undefined : { table, column }
}

/** `a.b.c` as `a.b.c`, `a.b` and `a`: a path and what it lies in. */
export function pathsUp(path: string): readonly string[] {
  const steps = path.split('.')
  return steps.map((_, index) => steps.slice(0, steps.length - index).join('.'))
}
