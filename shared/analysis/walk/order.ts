import type { FlowTree } from '../lineage.ts'
import { nodeIn, nodesIn, type ResolvedNode } from '../resolved-tree.ts'
import { passOver, walkExpression } from './parts.ts'
import { NotUnderstood, visit, type Walk } from './walk.ts'

/** What a row is ordered by. */
export function walkOrderItem(walk: Walk, node: ResolvedNode): FlowTree {
  visit(walk, node)
  passOver(walk, [...nodesIn(node, 'collation_name'), ...nodesIn(node, 'collation')])
  const column = nodeIn(node, 'column_ref')
  if (column === undefined) throw new NotUnderstood(node.kind)
  return walkExpression(walk, column)
}
