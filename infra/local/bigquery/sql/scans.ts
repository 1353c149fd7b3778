import { tableKey } from '../catalog/reference.ts'
import type { Relation } from '../catalog/relation.ts'
import { inherited, type Message, rangeOf, textOf, walk } from '../engine/message.ts'
import { atTwoTimes } from './system-times.ts'

/** A table or view where a statement names it. */
export interface Scan {
  readonly relation: Relation
  /** Bytes of `sql`: the path alone, without alias. */
  readonly start: number
  readonly end: number
  readonly hasAlias: boolean
  /** Whether the statement changes it. */
  readonly isTarget: boolean
  /** The columns it reads. */
  readonly columns: readonly string[]
}

/**
 * Where a resolved statement names these relations, by the full name of each. Throws where one that is read as it was is
 * also read as it is.
 */
export function scansOf(
  reply: Message,
  relations: ReadonlyMap<string, Relation>,
  past: ReadonlySet<Relation>,
): readonly Scan[] {
  const scans: Scan[] = []
  walk(reply, (node, field) => {
    const relation = relations.get(textOf(node['table'], 'full_name'))
    if (relation === undefined || !/^(?:resolved_)?table_scan(?:_node)?$/.test(field)) return
    if ((node['for_system_time_expr'] !== undefined) !== past.has(relation))
      throw atTwoTimes(tableKey(relation.reference))
    const range = rangeOf(node)
    if (range === undefined) throw new Error('GoogleSQL did not say where a table is named')
    const columns = inherited(node, 'column_list')
    scans.push({
      ...range,
      relation,
      hasAlias: textOf(node, 'alias') !== '',
      isTarget: field === 'table_scan',
      columns: Array.isArray(columns) ? columns.map((column) => textOf(column, 'name')) : [],
    })
  })
  return scans
}
