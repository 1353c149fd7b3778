import type { FlowTree, Use } from '../lineage.ts'
import { columnsIn, nodeIn, type ResolvedColumn, type ResolvedNode } from '../resolved-tree.ts'
import { nothing } from './flow.ts'
import { NotUnderstood, use, visit, type Walk } from './walk.ts'

/** What flows into the value of an expression. */
export function walkExpression(walk: Walk, node: ResolvedNode): FlowTree {
  return walk.into.expression(walk, node)
}

/** Walks a scan; returns its columns, of which it is then known what flows into them. */
export function walkScan(walk: Walk, node: ResolvedNode): readonly ResolvedColumn[] {
  return walk.into.scan(walk, node)
}

/** A column and the expression it gets its value from. */
export function walkComputed(walk: Walk, node: ResolvedNode): void {
  visit(walk, node)
  const [column] = columnsIn(node, 'column')
  const expression = nodeIn(node, 'expr')
  if (column === undefined || expression === undefined) throw new NotUnderstood(node.kind)
  walk.flows.set(column.id, walkExpression(walk, expression))
}

/** What the expression in `role` is computed of, if there is one. */
export function walkOptional(walk: Walk, node: ResolvedNode, role: string): FlowTree {
  const inner = nodeIn(node, role)
  return inner === undefined ? nothing : walkExpression(walk, inner)
}

/** Hints, options and collations: they hold literals and decide no value. */
export function passOver(walk: Walk, nodes: readonly ResolvedNode[]): void {
  for (const node of nodes) {
    if (!/^Resolved(?:Option|Literal|Collation|FunctionCallInfo)$/.test(node.kind))
      throw new NotUnderstood(`${node.kind} in an option`)
    visit(walk, node)
    for (const inner of node.nodes.values()) passOver(walk, inner)
  }
}

/** The scan in a role, which must be there. */
export function walkInput(
  walk: Walk,
  node: ResolvedNode,
  role = 'input_scan',
): readonly ResolvedColumn[] {
  const input = nodeIn(node, role)
  if (input === undefined) throw new NotUnderstood(`${node.kind} of nothing`)
  return walkScan(walk, input)
}

/** Notes a use as the rules see it. */
export function useRule(walk: Walk, flow: FlowTree, how: Use): void {
  use(walk, walk.rules.usedSources(flow, how), how)
}
