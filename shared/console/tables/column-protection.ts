import type { DerivedTag } from '../../policy/derived-tags.ts'
import type { DataEntry, Governance, Protection } from '../../policy/governance.ts'
import { type TouchedColumns, governedColumns } from '../../policy/governed-columns.ts'
import { maskText } from '../../policy/mask-text.ts'
import { protectionByPolicyTag, protectionsByName } from '../../policy/protections.ts'
import { strictestMask } from '../../policy/strictest-mask.ts'

/** What policy says of a column for whoever has no exemption. */
export interface ColumnProtection {
  /** Undefined of a column without one. */
  readonly mask: string | undefined
  /** With where policy has them from. */
  readonly tags: readonly { readonly tag: string; readonly from: string }[]
}

/** Looks up columns, `project.dataset.table.column`: by name, by policy tags of BigQuery, by what they were written from. */
export function columnProtection(
  governance: Governance,
  touched: Pick<TouchedColumns, 'policyTags' | 'derived'>,
): (column: string) => ColumnProtection {
  const governed = governedColumns(governance, touched)
  return (column) => {
    const protections = governed(column)?.protections ?? []
    const mask = strictestMask(protections.flatMap((protection) => protection.mask ?? []))
    const names = above(touched.policyTags, column)
    const derived = touched.derived.filter((tag) => isInside(column, tag.column))
    const tags = [
      ...byName(governance, column),
      ...(governance.policyTags === undefined ? [] : names.flatMap(tagsOfPolicyTag(governance))),
      ...derived.flatMap((tag) => inherited(governance, tag)),
    ]
    return { mask: mask && maskText(mask), tags: unique(tags) }
  }
}

type Tag = ColumnProtection['tags'][number]

/** Entries are counted from one, as people do who look for them in the file. */
function byName(governance: Governance, column: string): readonly Tag[] {
  const { data } = governance
  return protectionsByName(governance, column).flatMap((protection) =>
    tagged(protection, `policy, entry ${placeOf(data, protection)} of \`data\``),
  )
}

function placeOf(data: readonly DataEntry[], protection: Protection): number {
  return data.findIndex((entry) => entry === protection) + 1
}

const tagsOfPolicyTag = (governance: Governance) => (name: string) =>
  protectionByPolicyTag(governance, name).flatMap((protection) =>
    tagged(protection, `BigQuery policy tag \`${name}\``),
  )

function inherited(governance: Governance, { sources, isCopy }: DerivedTag): readonly Tag[] {
  const how = isCopy ? 'copied from' : 'computed from'
  return sources.flatMap((source) => {
    // Resource names of policy tags hold what no column's name does.
    const said = source.includes('/')
      ? protectionByPolicyTag(governance, source)
      : protectionsByName(governance, source)
    return said.flatMap((protection) => tagged(protection, `${how} \`${source}\``))
  })
}

function tagged({ tags }: Protection, from: string): readonly Tag[] {
  return tags.map((tag) => ({ tag, from }))
}

function above(policyTags: TouchedColumns['policyTags'], column: string): readonly string[] {
  return [...policyTags].flatMap(([name, tags]) => (isInside(column, name) ? tags : []))
}

/** Whether a column is another one, or a field in it. */
function isInside(column: string, other: string): boolean {
  const [inner, outer] = [column.toLowerCase(), other.toLowerCase()]
  return inner === outer || inner.startsWith(`${outer}.`)
}

function unique(tags: readonly Tag[]): readonly Tag[] {
  return [...new Map(tags.map((each) => [`${each.tag} ${each.from}`, each])).values()]
}
