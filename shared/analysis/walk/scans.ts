import {
  columnsIn,
  nodeIn,
  nodesIn,
  type ResolvedColumn,
  type ResolvedNode,
} from '../resolved-tree.ts'
import { walkAggregate, walkAnalytic } from './aggregates.ts'
import { allSources, elementOf, nothing } from './flow.ts'
import { walkOrderItem } from './order.ts'
import {
  passOver,
  useRule,
  walkComputed,
  walkExpression,
  walkInput,
  walkOptional,
} from './parts.ts'
import {
  walkRecursive,
  walkRecursiveRef,
  walkSetOperation,
  walkWith,
  walkWithRef,
} from './queries.ts'
import { walkTable } from './table-scan.ts'
import { fail, NotUnderstood, use, useFlow, visit, type Walk } from './walk.ts'

/**
 * Walks a scan: afterwards it is known what flows into each of its columns, which it returns. Throws
 * `NotUnderstood` for a kind it does not know.
 */
export function scanOf(walk: Walk, node: ResolvedNode): readonly ResolvedColumn[] {
  visit(walk, node)
  passOver(walk, nodesIn(node, 'hint_list'))
  switch (node.kind) {
    case 'ResolvedSingleRowScan':
      break
    case 'ResolvedTableScan':
      walkTable(walk, node)
      break
    case 'ResolvedProjectScan':
      walkInput(walk, node)
      nodesIn(node, 'expr_list').forEach((each) => walkComputed(walk, each))
      break
    case 'ResolvedFilterScan':
      walkInput(walk, node)
      useRule(walk, walkOptional(walk, node, 'filter_expr'), 'filter')
      break
    case 'ResolvedJoinScan':
      walkInput(walk, node, 'left_scan')
      walkInput(walk, node, 'right_scan')
      useRule(walk, walkOptional(walk, node, 'join_expr'), 'join')
      break
    case 'ResolvedArrayScan':
      walkArray(walk, node)
      break
    case 'ResolvedLimitOffsetScan':
      walkInput(walk, node)
      for (const role of ['limit', 'offset']) useRule(walk, walkOptional(walk, node, role), 'limit')
      break
    case 'ResolvedOrderByScan':
      walkInput(walk, node)
      for (const item of nodesIn(node, 'order_by_item_list'))
        useRule(walk, walkOrderItem(walk, item), 'order')
      break
    case 'ResolvedAggregateScan':
      walkAggregate(walk, node)
      break
    case 'ResolvedAnalyticScan':
      walkAnalytic(walk, node)
      break
    case 'ResolvedSetOperationScan':
      walkSetOperation(walk, node)
      break
    case 'ResolvedWithScan':
      walkWith(walk, node)
      break
    case 'ResolvedWithRefScan':
      walkWithRef(walk, node)
      break
    case 'ResolvedRecursiveScan':
      walkRecursive(walk, node)
      break
    case 'ResolvedRecursiveRefScan':
      walkRecursiveRef(walk, node)
      break
    case 'ResolvedSampleScan':
      walkSample(walk, node)
      break
    default:
      throw new NotUnderstood(node.kind)
  }
  return columnsIn(node, 'column_list')
}

function walkArray(walk: Walk, node: ResolvedNode): void {
  if (nodeIn(node, 'input_scan') !== undefined) walkInput(walk, node)
  const array = walkOptional(walk, node, 'array_expr')
  // As many rows as it has elements.
  use(walk, array.sources, 'join')
  const [element] = columnsIn(node, 'element_column')
  if (element === undefined) throw new NotUnderstood(node.kind)
  walk.flows.set(element.id, elementOf(array))
  for (const holder of nodesIn(node, 'array_offset_column')) {
    visit(walk, holder)
    for (const column of columnsIn(holder, 'column'))
      walk.flows.set(column.id, walk.rules.decidedBy(nothing, array.sources))
  }
  useRule(walk, walkOptional(walk, node, 'join_expr'), 'join')
}

function walkSample(walk: Walk, node: ResolvedNode): void {
  walkInput(walk, node)
  if (nodeIn(node, 'weight_column') !== undefined) throw new NotUnderstood('a weighted sample')
  for (const role of ['size', 'repeatable_argument']) {
    const size = walkOptional(walk, node, role)
    useFlow(walk, size, 'limit')
    fail(walk, 'TABLESAMPLE', allSources(size))
  }
  for (const each of nodesIn(node, 'partition_by_list'))
    useFlow(walk, walkExpression(walk, each), 'group')
}
