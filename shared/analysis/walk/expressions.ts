import type { FlowTree } from '../lineage.ts'
import { columnsIn, nodeIn, nodesIn, type ResolvedNode, textIn } from '../resolved-tree.ts'
import { allSources, fieldOf, nothing } from './flow.ts'
import { walkCall } from './functions.ts'
import { passOver, walkComputed, walkExpression, walkOptional, walkScan } from './parts.ts'
import { fail, flowInto, NotUnderstood, useFlow, visit, type Walk } from './walk.ts'

/** What flows into the value of an expression. Throws `NotUnderstood` for a kind it does not know. */
export function expressionOf(walk: Walk, node: ResolvedNode): FlowTree {
  visit(walk, node)
  switch (node.kind) {
    case 'ResolvedLiteral':
    case 'ResolvedParameter':
    case 'ResolvedSystemVariable':
    case 'ResolvedDMLDefault':
      return nothing
    case 'ResolvedColumnRef':
      return columnRef(walk, node)
    case 'ResolvedCast':
      return cast(walk, node)
    case 'ResolvedMakeStruct':
      return {
        sources: nothing.sources,
        fields: nodesIn(node, 'field_list').map((each) => walkExpression(walk, each)),
      }
    case 'ResolvedGetStructField':
      return fieldOf(operand(walk, node), Number(textIn(node, 'field_idx')))
    case 'ResolvedGetJsonField':
      return walk.rules.computed([operand(walk, node)])
    case 'ResolvedSubqueryExpr':
      return subquery(walk, node)
    case 'ResolvedWithExpr':
      nodesIn(node, 'assignment_list').forEach((each) => walkComputed(walk, each))
      return operand(walk, node)
    case 'ResolvedFunctionCall':
    case 'ResolvedAggregateFunctionCall':
    case 'ResolvedAnalyticFunctionCall':
      return walkCall(walk, node)
    default:
      throw new NotUnderstood(node.kind)
  }
}

function operand(walk: Walk, node: ResolvedNode): FlowTree {
  const inner = nodeIn(node, 'expr')
  if (inner === undefined) throw new NotUnderstood(`${node.kind} of nothing`)
  return walkExpression(walk, inner)
}

function columnRef(walk: Walk, node: ResolvedNode): FlowTree {
  const [column] = columnsIn(node, 'column')
  if (column === undefined) throw new NotUnderstood(node.kind)
  return flowInto(walk, column)
}

function cast(walk: Walk, node: ResolvedNode): FlowTree {
  if (nodeIn(node, 'extended_cast') !== undefined) throw new NotUnderstood('an extended cast')
  const from = nodeIn(node, 'expr')
  const value = operand(walk, node)
  const more = [walkOptional(walk, node, 'format'), walkOptional(walk, node, 'time_zone')]
  const plain =
    nodeIn(node, 'format') === undefined &&
    nodeIn(node, 'time_zone') === undefined &&
    textIn(node, 'type_modifiers') === ''
  const safe = textIn(node, 'return_null_on_error') === 'true'
  const always = plain && walk.rules.cannotFailToCast(from?.type, node.type)
  if (!safe && !always) fail(walk, 'CAST', allSources(walk.rules.computed([value, ...more])))
  // Between types of one kind it is the same value.
  return plain && from?.type?.kind === node.type?.kind
    ? value
    : walk.rules.computed([value, ...more])
}

function subquery(walk: Walk, node: ResolvedNode): FlowTree {
  nodesIn(node, 'parameter_list').forEach((each) => walkExpression(walk, each))
  passOver(walk, [...nodesIn(node, 'hint_list'), ...nodesIn(node, 'in_collation')])
  const scan = nodeIn(node, 'subquery')
  if (scan === undefined) throw new NotUnderstood(node.kind)
  const searched = walkOptional(walk, node, 'in_expr')
  const rows = new Set<string>()
  walk.subqueries.push(rows)
  const columns = walkScan(walk, scan)
  walk.subqueries.pop()
  const decides = new Map([...rows].map((column) => [column, 'implicit'] as const))
  const [first] = columns
  const value = first === undefined ? nothing : flowInto(walk, first)
  switch (textIn(node, 'subquery_type')) {
    case 'SCALAR':
      return walk.rules.decidedBy(value, decides)
    case 'ARRAY':
      if (value.sources.size > 0) fail(walk, 'ARRAY with NULL elements', value.sources)
      return walk.rules.decidedBy({ sources: nothing.sources, element: value }, decides)
    case 'EXISTS':
      return walk.rules.decidedBy(nothing, decides)
    case 'IN':
    case 'LIKE_ANY':
    case 'LIKE_ALL':
    case 'NOT_LIKE_ANY':
    case 'NOT_LIKE_ALL': {
      const compared = walk.rules.computed([searched, value])
      useFlow(walk, compared, 'filter')
      if (textIn(node, 'subquery_type') !== 'IN') fail(walk, 'LIKE', allSources(value))
      return walk.rules.decidedBy(compared, decides)
    }
    default:
      throw new NotUnderstood(`a subquery that is ${textIn(node, 'subquery_type')}`)
  }
}
