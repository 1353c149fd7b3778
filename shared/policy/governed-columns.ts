import type { Touched } from '../analysis/analysis.ts'
import type { ColumnName } from '../analysis/lineage.ts'
import { pathsUp } from './column-name.ts'
import type { DerivedTag } from './derived-tags.ts'
import type { Governance, Protection } from './governance.ts'
import { protectionByPolicyTag, protectionsByName } from './protections.ts'
import { constantMask } from './strictest-mask.ts'

/** What is known of the columns of a statement. */
export interface TouchedColumns extends Pick<Touched, 'lineage' | 'policyTags'> {
  /** Of the tables it reads and writes, those under views too. */
  readonly derived: readonly DerivedTag[]
}

/** Why a column is governed. */
export interface Governed {
  /** What policy says of it, in total. */
  readonly protections: readonly Protection[]
  /**
   * What policy says that of: the column by its own name, policy tags of BigQuery that it has, and for a column
   * with a derived tag the sources of that.
   */
  readonly roots: readonly string[]
  /** Whether it holds its roots as they are. */
  readonly isCopy: boolean
}

/** Looks up columns of one statement; undefined of a column policy says nothing of. */
export type GovernedColumns = (column: ColumnName) => Governed | undefined

/** Everything policy says of columns: by name, by policy tags of BigQuery, by what they were written from. */
export function governedColumns(
  governance: Governance,
  { policyTags, derived }: Pick<TouchedColumns, 'policyTags' | 'derived'>,
): GovernedColumns {
  const tagged = byColumn([...policyTags].map(([column, names]) => ({ column, names })))
  const written = byColumn(derived)
  const known = new Map<ColumnName, Governed | undefined>()
  return (column) => {
    if (known.has(column)) return known.get(column)
    const governed = lookUp(governance, column, tagged, written)
    known.set(column, governed)
    return governed
  }
}

function lookUp(
  governance: Governance,
  column: ColumnName,
  tagged: ByColumn<{ readonly names: readonly string[] }>,
  written: ByColumn<DerivedTag>,
): Governed | undefined {
  const own = protectionsByName(governance, column)
  // Most columns: nothing else can be said of them.
  const above = tagged.size === 0 && written.size === 0 ? [] : pathsUp(column.toLowerCase())
  const names = above.flatMap((path) => (tagged.get(path) ?? []).flatMap((tag) => tag.names))
  const policyTags = governance.policyTags === undefined ? [] : names
  const derived = above.flatMap((path) => written.get(path) ?? [])
  const protections = [
    ...own,
    ...policyTags.flatMap((name) => protectionByPolicyTag(governance, name)),
    ...derived.flatMap((tag) => inherited(governance, tag)),
  ]
  if (protections.length === 0) return undefined
  const roots = [
    ...(own.length === 0 ? [] : [column]),
    ...policyTags,
    ...derived.flatMap(({ sources }) => sources),
  ]
  return { protections, roots, isCopy: derived.every(({ isCopy }) => isCopy) }
}

/** What policy says of the sources of a tag, with constants for masks where it is no copy. */
function inherited(governance: Governance, { sources, isCopy }: DerivedTag): readonly Protection[] {
  const said = sources.flatMap((source) =>
    isPolicyTag(source)
      ? protectionByPolicyTag(governance, source)
      : protectionsByName(governance, source),
  )
  return isCopy ? said : said.map(({ tags, mask }) => ({ tags, mask: mask && constantMask(mask) }))
}

/** Resource names of policy tags hold what no column's name does. */
const isPolicyTag = (source: string): boolean => source.includes('/')

type ByColumn<T> = ReadonlyMap<string, readonly T[]>

function byColumn<T extends { readonly column: ColumnName }>(items: readonly T[]): ByColumn<T> {
  const found = new Map<string, T[]>()
  for (const item of items) {
    const key = item.column.toLowerCase()
    const before = found.get(key)
    if (before === undefined) found.set(key, [item])
    else before.push(item)
  }
  return found
}
