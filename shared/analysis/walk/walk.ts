import type { ColumnName, ColumnUse, FlowTree, Use } from '../lineage.ts'
import { nodesIn, type ResolvedColumn, type ResolvedNode } from '../resolved-tree.ts'
import type { Relation, RoutineSignature } from '../trace.ts'
import { allSources, type Sources } from './flow.ts'
import type { WalkRules } from './rules.ts'

/** What the walker does not know. Nothing is guessed: the statement is then not understood. */
export class NotUnderstood extends Error {}

/** The ways into the two kinds of nodes that hold each other. */
export interface Into {
  readonly expression: (walk: Walk, node: ResolvedNode) => FlowTree
  readonly scan: (walk: Walk, node: ResolvedNode) => readonly ResolvedColumn[]
}

/** One walk over one resolved statement. */
export interface Walk {
  readonly into: Into
  readonly relations: readonly Relation[]
  /** By their path, in lower case, joined with dots. */
  readonly routines: ReadonlyMap<string, RoutineSignature>
  readonly rules: WalkRules
  /** What flows into each column that a scan has made so far, by id. */
  readonly flows: Map<string, FlowTree>
  /** The columns of each WITH query, and of each recursive query that is being walked. */
  readonly withs: Map<string, readonly ResolvedColumn[]>
  readonly recursions: (readonly FlowTree[])[]
  /** Sources of the conditions under which what is being walked is evaluated at all. */
  readonly conditions: Sources[]
  /** Columns on which the rows of each enclosing subquery depend, innermost last. */
  readonly subqueries: Set<ColumnName>[]
  /** What the statement as a whole was found to do. */
  readonly found: Found
}

interface Found {
  readonly uses: Map<string, ColumnUse>
  readonly columns: Set<ColumnName>
  readonly routines: Set<string>
  readonly visited: Set<ResolvedNode>
  /** What may fail, in the order in which it was found. */
  readonly failures: string[]
}

/** A walk that has not begun. */
export function beginWalk(
  relations: readonly Relation[],
  routines: readonly RoutineSignature[],
  rules: WalkRules,
  into: Into,
): Walk {
  return {
    into,
    relations,
    routines: new Map(routines.map((each) => [each.path.join('.').toLowerCase(), each])),
    rules,
    flows: new Map(),
    withs: new Map(),
    recursions: [],
    conditions: [],
    subqueries: [],
    found: {
      uses: new Map(),
      columns: new Set(),
      routines: new Set(),
      visited: new Set(),
      failures: [],
    },
  }
}

/** Marks a node as understood. Whoever visits a node sees to everything in it. */
export function visit(walk: Walk, node: ResolvedNode): void {
  walk.found.visited.add(node)
}

export function flowInto(walk: Walk, column: ResolvedColumn): FlowTree {
  const flow = walk.flows.get(column.id)
  if (flow === undefined) throw new NotUnderstood(`unbound column ${column.name}`)
  return flow
}

/** Notes that the statement lets something depend on these columns. */
export function use(walk: Walk, sources: Sources, how: Use, by?: string): void {
  for (const column of sources.keys()) {
    noteUse(walk, { column, use: how, ...(by === undefined ? {} : { by }) })
    // Whether it fails decides no row.
    if (how !== 'failure') for (const rows of walk.subqueries) rows.add(column)
  }
}

/** Notes that a value of `flow` is used so. */
export function useFlow(walk: Walk, flow: FlowTree, how: Use): void {
  use(walk, allSources(flow), how)
}

export function noteUse(walk: Walk, each: ColumnUse): void {
  walk.found.uses.set(`${each.column} ${each.use} ${each.by ?? ''}`, each)
}

/**
 * Notes an operation that may fail for some values of `sources`: whether it fails tells of them, and of
 * the conditions under which it is evaluated.
 */
export function fail(walk: Walk, by: string, sources: Sources): void {
  walk.found.failures.push(by)
  for (const each of [sources, ...walk.conditions]) use(walk, each, 'failure', by)
}

/** `work`, which is only evaluated under conditions on `sources`. */
export function under<T>(walk: Walk, sources: Sources, work: () => T): T {
  walk.conditions.push(sources)
  try {
    return work()
  } finally {
    walk.conditions.pop()
  }
}

/** Every node of the tree must have been visited: what was overlooked is not understood. */
export function assertComplete(walk: Walk, node: ResolvedNode): void {
  if (!walk.found.visited.has(node)) throw new NotUnderstood(`unvisited ${node.kind}`)
  for (const role of node.nodes.keys())
    for (const each of nodesIn(node, role)) assertComplete(walk, each)
}
