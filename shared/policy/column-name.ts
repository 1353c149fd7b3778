import type { ColumnName } from '../analysis/lineage.ts'

/** A column's name in its two halves. */
export interface SplitName {
  /** `project.dataset.table`. */
  readonly table: string
  /** `column`, or `column.field`; empty when the name is that of a table. */
  readonly column: string
}

const NAME = /^([^.]+\.[^.]+\.(?:INFORMATION_SCHEMA\.)?[^.]+)(?:\.(.+))?$/is

/**
 * The ways to read a name as that of a table and a column in it; none when it is too short. There are two where a
 * colon may belong to the project, as in `example.com:old`, or to a column: then both count.
 */
export function splitName(name: ColumnName): readonly SplitName[] {
  const colon = name.indexOf(':')
  const rest = colon < 0 ? undefined : split(name.slice(colon + 1), name.slice(0, colon + 1))
  return [split(name, ''), rest].filter((way) => way !== undefined)
}

function split(name: string, domain: string): SplitName | undefined {
  const [, table, column = ''] = NAME.exec(name) ?? []
  return table === undefined ? undefined : { table: domain + table, column }
}

/** `a.b.c` as `a.b.c`, `a.b` and `a`: a path and what it lies in. */
export function pathsUp(path: string): readonly string[] {
  const steps = path.split('.')
  return steps.map((_, index) => steps.slice(0, steps.length - index).join('.'))
}
