import type { ColumnName, Flow, FlowTree } from '../lineage.ts'

/** Which columns reach a value, and how. */
export type Sources = ReadonlyMap<ColumnName, Flow>

const NONE: Sources = new Map()

/** What nothing flows into: a literal, a parameter. */
export const nothing: FlowTree = { sources: NONE }

/** Both at once. A column that comes in two ways has been computed with. */
export function joinSources(a: Sources, b: Sources): Sources {
  if (a.size === 0 || a === b) return b
  if (b.size === 0) return a
  const all = new Map(a)
  for (const [column, flow] of b) {
    const before = all.get(column)
    all.set(column, before === undefined || before === flow ? flow : 'derived')
  }
  return all
}

/** All that reaches a value or any part of it. */
export function allSources(tree: FlowTree): Sources {
  const parts = [...(tree.fields ?? []), ...(tree.element === undefined ? [] : [tree.element])]
  return parts.reduce((all, part) => joinSources(all, allSources(part)), tree.sources)
}

/** The same columns, but each with `flow`; what was implicit stays so. */
export function flowing(sources: Sources, flow: 'derived' | 'implicit'): Sources {
  return new Map(
    [...sources].map(([column, before]) => [column, before === 'implicit' ? before : flow]),
  )
}

/** What is computed of these values. */
export function computed(trees: readonly FlowTree[]): FlowTree {
  const all = trees.reduce((sources, tree) => joinSources(sources, allSources(tree)), NONE)
  return all.size === 0 ? nothing : { sources: flowing(all, 'derived') }
}

/** `tree`, where these too decide what it is. */
export function decidedBy(tree: FlowTree, sources: Sources): FlowTree {
  return reaching(tree, flowing(sources, 'implicit'))
}

/** `tree`, where these reach it as a whole. */
function reaching(tree: FlowTree, sources: Sources): FlowTree {
  return sources.size === 0 ? tree : { ...tree, sources: joinSources(tree.sources, sources) }
}

/** A value that is one or the other. */
export function either(a: FlowTree, b: FlowTree): FlowTree {
  if (a === b || isNothing(b)) return a
  if (isNothing(a)) return b
  const sources = joinSources(a.sources, b.sources)
  if (a.fields !== undefined && b.fields?.length === a.fields.length) {
    const others = b.fields
    return { sources, fields: a.fields.map((field, i) => either(field, others[i] ?? nothing)) }
  }
  if (a.element !== undefined && b.element !== undefined)
    return { sources, element: either(a.element, b.element) }
  // Told apart in one and not in the other: no longer told apart.
  return { sources: joinSources(allSources(a), allSources(b)) }
}

/** A field of a STRUCT. */
export function fieldOf(tree: FlowTree, index: number): FlowTree {
  const field = tree.fields?.[index]
  return field === undefined ? computed([tree]) : reaching(field, tree.sources)
}

/** An element of an ARRAY. */
export function elementOf(tree: FlowTree): FlowTree {
  return tree.element === undefined ? computed([tree]) : reaching(tree.element, tree.sources)
}

/** The same for equal trees. */
export function treeKey(tree: FlowTree): string {
  const own = [...tree.sources].map(([column, flow]) => `${column} ${flow}`).toSorted()
  const parts = [...(tree.fields ?? []), ...(tree.element === undefined ? [] : [tree.element])]
  return `${own.join()}(${parts.map((part) => treeKey(part)).join(';')})`
}

function isNothing(tree: FlowTree): boolean {
  return tree.sources.size === 0 && tree.fields === undefined && tree.element === undefined
}
