import { columnsIn, type ResolvedNode, textIn } from '../resolved-tree.ts'
import type { Relation } from '../trace.ts'
import { allSources } from './flow.ts'
import { walkOptional } from './parts.ts'
import { fail, NotUnderstood, noteUse, use, useFlow, type Walk } from './walk.ts'

/** A table or view that is read, or that a statement writes. */
export function walkTable(walk: Walk, node: ResolvedNode): void {
  const relation = relationOf(walk, node)
  for (const column of columnsIn(node, 'column_list')) {
    const read = relation.columns.find(
      (each) => each.name.toLowerCase() === column.name.toLowerCase(),
    )
    if (read === undefined) throw new NotUnderstood(`column ${column.name}`)
    walk.flows.set(column.id, walk.rules.columnFlow(read.flow))
    for (const source of allSources(read.flow).keys()) walk.found.columns.add(source)
  }
  for (const column of relation.reads ?? []) walk.found.columns.add(column)
  for (const each of relation.uses) {
    walk.found.columns.add(each.column)
    noteUse(walk, each)
    if (each.use !== 'failure') use(walk, new Map([[each.column, 'implicit']]), each.use)
  }
  relation.routines.forEach((routine) => walk.found.routines.add(routine))
  const time = walkOptional(walk, node, 'for_system_time_expr')
  useFlow(walk, time, 'filter')
  if (allSources(time).size > 0) fail(walk, 'FOR SYSTEM_TIME AS OF', allSources(time))
}

/** The relation a table scan reads. */
export function relationOf(walk: Walk, node: ResolvedNode): Relation {
  const relation = walk.relations[Number(textIn(node, 'table'))]
  if (relation === undefined || textIn(node, 'table') === '') throw new NotUnderstood('a table')
  return relation
}
