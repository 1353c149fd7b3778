import type { FlowTree } from '../lineage.ts'
import {
  columnsIn,
  nodesIn,
  type ResolvedColumn,
  type ResolvedNode,
  textIn,
} from '../resolved-tree.ts'
import { allSources, either, joinSources, nothing, treeKey } from './flow.ts'
import { useRule, walkInput } from './parts.ts'
import { flowInto, NotUnderstood, visit, type Walk } from './walk.ts'

const MOST_ROUNDS = 100

/** UNION, INTERSECT, EXCEPT. */
export function walkSetOperation(walk: Walk, node: ResolvedNode): void {
  const items = nodesIn(node, 'input_item_list').map((item) => walkItem(walk, item))
  const operation = textIn(node, 'op_type')
  columnsIn(node, 'column_list').forEach((column, i) => {
    const flows = items.map((item) => item[i] ?? missing(node))
    const first = flows[0] ?? missing(node)
    const others = flows.reduce((all, flow) => joinSources(all, allSources(flow)), nothing.sources)
    walk.flows.set(
      column.id,
      operation.startsWith('UNION')
        ? flows.reduce((a, b) => walk.rules.either(a, b))
        : walk.rules.decidedBy(first, others),
    )
    if (operation !== 'UNION_ALL') for (const flow of flows) useRule(walk, flow, 'set-operation')
  })
}

/** The flows of one side of a set operation, by position. */
function walkItem(walk: Walk, item: ResolvedNode): readonly FlowTree[] {
  visit(walk, item)
  walkInput(walk, item, 'scan')
  return columnsIn(item, 'output_column_list').map((column) => flowInto(walk, column))
}

/** WITH: each query is walked where it is defined. */
export function walkWith(walk: Walk, node: ResolvedNode): void {
  for (const entry of nodesIn(node, 'with_entry_list')) {
    visit(walk, entry)
    walk.withs.set(textIn(entry, 'with_query_name'), walkInput(walk, entry, 'with_subquery'))
  }
  walkInput(walk, node, 'query')
}

/** A use of a WITH query: its columns again, by position. */
export function walkWithRef(walk: Walk, node: ResolvedNode): void {
  const columns = walk.withs.get(textIn(node, 'with_query_name'))
  if (columns === undefined) throw new NotUnderstood('a WITH query')
  assign(
    walk,
    node,
    columns.map((column) => flowInto(walk, column)),
  )
}

/** WITH RECURSIVE: walked again until nothing more flows. */
export function walkRecursive(walk: Walk, node: ResolvedNode): void {
  const [base] = nodesIn(node, 'non_recursive_term')
  const [step] = nodesIn(node, 'recursive_term')
  if (base === undefined || step === undefined) throw new NotUnderstood(node.kind)
  let flows = walkItem(walk, base)
  for (let round = 0; ; round++) {
    if (round === MOST_ROUNDS) throw new NotUnderstood('a recursion without end')
    walk.recursions.push(flows)
    const next = walkItem(walk, step)
    walk.recursions.pop()
    const before = flows
    flows = before.map((flow, i) => either(flow, next[i] ?? missing(node)))
    if (flows.every((flow, i) => treeKey(flow) === treeKey(before[i] ?? missing(node)))) break
  }
  assign(walk, node, flows)
  if (textIn(node, 'op_type') !== 'UNION_ALL')
    flows.forEach((flow) => useRule(walk, flow, 'set-operation'))
}

/** The recursive query within itself. */
export function walkRecursiveRef(walk: Walk, node: ResolvedNode): void {
  assign(walk, node, walk.recursions.at(-1) ?? missing(node))
}

function assign(walk: Walk, node: ResolvedNode, flows: readonly FlowTree[]): void {
  const columns: readonly ResolvedColumn[] = columnsIn(node, 'column_list')
  if (columns.length !== flows.length) missing(node)
  columns.forEach((column, i) => walk.flows.set(column.id, flows[i] ?? missing(node)))
}

function missing(node: ResolvedNode): never {
  throw new NotUnderstood(`a column of ${node.kind}`)
}
