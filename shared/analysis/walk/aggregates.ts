import { columnsIn, nodeIn, nodesIn, type ResolvedNode } from '../resolved-tree.ts'
import { allSources, joinSources, nothing, type Sources } from './flow.ts'
import { walkOrderItem } from './order.ts'
import { passOver, useRule, walkComputed, walkExpression, walkInput } from './parts.ts'
import { flowInto, NotUnderstood, visit, type Walk } from './walk.ts'

/** GROUP BY, DISTINCT and aggregate functions. */
export function walkAggregate(walk: Walk, node: ResolvedNode): void {
  walkInput(walk, node)
  passOver(walk, nodesIn(node, 'collation_list'))
  for (const each of nodesIn(node, 'group_by_list')) {
    walkComputed(walk, each)
    for (const column of columnsIn(each, 'column')) useRule(walk, flowInto(walk, column), 'group')
  }
  nodesIn(node, 'aggregate_list').forEach((each) => walkComputed(walk, each))
  nodesIn(node, 'rollup_column_list').forEach((each) => walkExpression(walk, each))
  nodesIn(node, 'grouping_set_list').forEach((each) => walkGroupingSet(walk, each))
  for (const call of nodesIn(node, 'grouping_call_list')) {
    visit(walk, call)
    const grouped = nodeIn(call, 'group_by_column')
    const sources =
      grouped === undefined ? nothing.sources : allSources(walkExpression(walk, grouped))
    for (const column of columnsIn(call, 'output_column'))
      walk.flows.set(column.id, walk.rules.decidedBy(nothing, sources))
  }
}

function walkGroupingSet(walk: Walk, node: ResolvedNode): void {
  if (!/^Resolved(?:GroupingSet|GroupingSetMultiColumn|Rollup|Cube)$/.test(node.kind))
    throw new NotUnderstood(node.kind)
  visit(walk, node)
  for (const part of node.nodes.values())
    for (const each of part)
      if (each.kind === 'ResolvedColumnRef') walkExpression(walk, each)
      else walkGroupingSet(walk, each)
}

/** Window functions: partitions and order decide every value. */
export function walkAnalytic(walk: Walk, node: ResolvedNode): void {
  walkInput(walk, node)
  for (const group of nodesIn(node, 'function_group_list')) {
    visit(walk, group)
    const window = walkWindow(walk, group)
    for (const each of nodesIn(group, 'analytic_function_list')) {
      walkComputed(walk, each)
      for (const column of columnsIn(each, 'column'))
        walk.flows.set(column.id, walk.rules.decidedBy(flowInto(walk, column), window))
    }
  }
}

function walkWindow(walk: Walk, group: ResolvedNode): Sources {
  let sources: Sources = nothing.sources
  for (const role of ['partition_by', 'order_by'])
    for (const part of nodesIn(group, role)) {
      visit(walk, part)
      passOver(walk, [...nodesIn(part, 'hint_list'), ...nodesIn(part, 'collation_list')])
      const keys = [
        ...nodesIn(part, 'partition_by_list').map((each) => walkExpression(walk, each)),
        ...nodesIn(part, 'order_by_item_list').map((each) => walkOrderItem(walk, each)),
      ]
      for (const key of keys) {
        useRule(walk, key, 'window')
        sources = joinSources(sources, allSources(key))
      }
    }
  return sources
}
