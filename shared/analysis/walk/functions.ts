import type { FlowTree } from '../lineage.ts'
import { columnsIn, nodeIn, nodesIn, type ResolvedNode, textIn } from '../resolved-tree.ts'
import type { RoutineSignature } from '../trace.ts'
import {
  allSources,
  computed,
  elementOf,
  flowing,
  joinSources,
  nothing,
  type Sources,
} from './flow.ts'
import { walkOrderItem } from './order.ts'
import { passOver, walkExpression, walkOptional } from './parts.ts'
import { fail, NotUnderstood, noteUse, under, use, useFlow, visit, type Walk } from './walk.ts'

/** What flows into the value of a function call, aggregate, analytic or neither. The node is visited. */
export function walkCall(walk: Walk, node: ResolvedNode): FlowTree {
  const [group = '', ...rest] = textIn(node, 'function').split(':')
  const name = rest.join(':').toLowerCase()
  passOver(
    walk,
    ['hint_list', 'collation_list', 'function_call_info'].flatMap((role) => nodesIn(node, role)),
  )
  if (nodeIn(node, 'with_group_rows_subquery') !== undefined)
    throw new NotUnderstood('WITH GROUP ROWS')

  const args = walkArguments(walk, node, name)
  const chosen = walkModifiers(walk, node)
  const safe = textIn(node, 'error_mode') === 'SAFE_ERROR_MODE'
  if (group === 'Routine') return routineCall(walk, name, args, safe)
  if (group !== 'ZetaSQL' && group !== 'BigQuery') throw new NotUnderstood(`function ${group}`)

  if (!safe) mayFail(walk, name, args)
  if (walk.rules.isCount(name) && chosen.size === 0) {
    const counted = count(name, args)
    if (counted !== undefined) return counted
  }
  return walk.rules.decidedBy(builtIn(walk, name, args, node), chosen)
}

function walkArguments(walk: Walk, node: ResolvedNode, name: string): readonly FlowTree[] {
  const plain = nodesIn(node, 'argument_list')
  if (plain.length > 0) return walkConditionally(walk, name, plain)
  const args: FlowTree[] = []
  for (const argument of nodesIn(node, 'generic_argument_list')) {
    visit(walk, argument)
    const [lambda] = nodesIn(argument, 'inline_lambda')
    const expression = nodeIn(argument, 'expr')
    if (expression !== undefined) args.push(walkExpression(walk, expression))
    else if (lambda !== undefined) args.push(walkLambda(walk, lambda, args))
    else throw new NotUnderstood(`an argument of ${name}`)
  }
  return args
}

/** Arguments that are evaluated only if others allow it. */
function walkConditionally(
  walk: Walk,
  name: string,
  nodes: readonly ResolvedNode[],
): readonly FlowTree[] {
  if (!/^(?:if|ifnull|coalesce|nullif|\$and|\$or|\$case_(?:no|with)_value)$/.test(name))
    return nodes.map((each) => walkExpression(walk, each))
  const args: FlowTree[] = []
  let before: Sources = nothing.sources
  const failures = walk.found.failures.length
  for (const each of nodes) {
    const arg = under(walk, before, () => walkExpression(walk, each))
    args.push(arg)
    before = joinSources(before, allSources(arg))
  }
  // BigQuery may begin with any of them: each counts as a condition of all others.
  const by = walk.found.failures[failures]
  if (by !== undefined && /^\$(?:and|or)$/.test(name)) fail(walk, by, before)
  return args
}

function walkLambda(walk: Walk, node: ResolvedNode, before: readonly FlowTree[]): FlowTree {
  visit(walk, node)
  nodesIn(node, 'parameter_list').forEach((each) => walkExpression(walk, each))
  const all = computed(before)
  for (const column of columnsIn(node, 'argument_list')) walk.flows.set(column.id, all)
  return walkOptional(walk, node, 'body')
}

/** What chooses among the rows that an aggregate sees: HAVING MAX, ORDER BY, LIMIT, a window frame. */
function walkModifiers(walk: Walk, node: ResolvedNode): Sources {
  let chosen: Sources = nothing.sources
  const add = (tree: FlowTree): void => {
    chosen = joinSources(chosen, allSources(tree))
  }
  const having = nodeIn(node, 'having_modifier')
  if (having !== undefined) {
    visit(walk, having)
    add(walkOptional(walk, having, 'having_expr'))
  }
  nodesIn(node, 'order_by_item_list').forEach((item) => add(walkOrderItem(walk, item)))
  const limit = walkOptional(walk, node, 'limit')
  useFlow(walk, limit, 'limit')
  const frame = nodeIn(node, 'window_frame')
  if (frame !== undefined) {
    visit(walk, frame)
    for (const bound of [...nodesIn(frame, 'start_expr'), ...nodesIn(frame, 'end_expr')]) {
      visit(walk, bound)
      const offset = walkOptional(walk, bound, 'expression')
      useFlow(walk, offset, 'window')
      add(offset)
    }
  }
  return chosen
}

function mayFail(walk: Walk, name: string, args: readonly FlowTree[]): void {
  const total = walk.rules.totalArguments(name)
  if (total === 'all') return
  const risky = args.filter((_, position) => !total.includes(position))
  // Without a risky argument, what it fails for stands in the text: the same for all data.
  if (risky.length === 0 && args.length > 0) return
  const by = name.replace(/^\$(?:safe_)?/, '').toUpperCase()
  fail(
    walk,
    by,
    risky.reduce((all, arg) => joinSources(all, allSources(arg)), nothing.sources),
  )
}

function count(name: string, args: readonly FlowTree[]): FlowTree | undefined {
  const columns = [
    ...args.reduce((all, arg) => joinSources(all, allSources(arg)), nothing.sources).keys(),
  ]
  const [column] = columns
  return column === undefined || columns.length > 1
    ? undefined
    : { sources: new Map([[column, `count:${name.toUpperCase()}` as const]]) }
}

function builtIn(
  walk: Walk,
  name: string,
  args: readonly FlowTree[],
  node: ResolvedNode,
): FlowTree {
  const { computed: compute, either, decidedBy } = walk.rules
  const [first = nothing, second = nothing, third = nothing] = args
  switch (name) {
    case 'if':
      return decidedBy(either(second, third), allSources(first))
    case 'ifnull':
    case 'coalesce':
      return args.reduce((a, b) => either(a, b), nothing)
    case '$case_no_value':
      return walkCase(walk, args, 0)
    case '$case_with_value':
      return walkCase(walk, args, 1)
    case 'any_value':
    case 'first_value':
    case 'last_value':
      return first
    case 'lag':
    case 'lead':
      return decidedBy(either(first, third), allSources(second))
    case '$make_array':
      return arrayOf(
        walk,
        args.reduce((a, b) => either(a, b), nothing),
        nothing.sources,
      )
    case 'array_agg': {
      const dropsNulls = textIn(node, 'null_handling_modifier') === 'IGNORE_NULLS'
      const length = dropsNulls || textIn(node, 'distinct') === 'true'
      if (!length) return arrayOf(walk, first, nothing.sources)
      if (!dropsNulls) arrayOf(walk, first, nothing.sources)
      return { sources: flowing(allSources(first), 'derived'), element: first }
    }
    case 'array_concat':
      return args.reduce((a, b) => either(a, b), nothing)
    case 'array_reverse':
      return first
    case '$array_at_offset':
    case '$array_at_ordinal':
    case '$safe_array_at_offset':
    case '$safe_array_at_ordinal':
      return decidedBy(elementOf(first), allSources(second))
    default:
      return compute(args)
  }
}

/** BigQuery refuses a result with an array that holds NULL: whether one does, tells of its elements. */
function arrayOf(walk: Walk, element: FlowTree, length: Sources): FlowTree {
  if (element.sources.size > 0) fail(walk, 'an array that may hold NULL', element.sources)
  return { sources: length, element }
}

/** `WHEN condition THEN value … ELSE value`; before it `skip` values that the conditions compare with. */
function walkCase(walk: Walk, args: readonly FlowTree[], skip: number): FlowTree {
  const { either, decidedBy } = walk.rules
  let value = nothing
  let conditions: Sources = computed(args.slice(0, skip)).sources
  const branches = args.slice(skip)
  branches.forEach((branch, i) => {
    const isElse = i === branches.length - 1 && branches.length % 2 === 1
    if (isElse || i % 2 === 1) value = either(value, branch)
    else conditions = joinSources(conditions, allSources(branch))
  })
  return decidedBy(value, conditions)
}

function routineCall(walk: Walk, name: string, args: readonly FlowTree[], safe: boolean): FlowTree {
  const routine: RoutineSignature | undefined = walk.routines.get(name)
  if (routine === undefined) throw new NotUnderstood(`routine ${name}`)
  walk.found.routines.add(routine.name)
  routine.routines.forEach((each) => walk.found.routines.add(each))
  routine.uses.forEach((each) => noteUse(walk, each))
  for (const column of routine.sources.keys()) walk.found.columns.add(column)
  for (const { column, use: how } of routine.uses) {
    walk.found.columns.add(column)
    if (how !== 'failure') use(walk, new Map([[column, 'implicit']]), how)
  }
  const result = computed([...args, { sources: routine.sources }])
  if (routine.mayFail && !safe) fail(walk, routine.name, allSources(result))
  return result
}
