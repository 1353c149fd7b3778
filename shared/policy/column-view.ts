import type { ColumnName, ColumnUse, Lineage } from '../analysis/lineage.ts'
import type { DerivedTag } from './derived-tags.ts'
import type { Governance } from './governance.ts'
import { type GovernedColumns, type TouchedColumns, governedColumns } from './governed-columns.ts'
import type { Mask, OutputMask } from './mask.ts'
import { type Oracles, oraclesOf } from './oracles.ts'
import { outputMasks } from './output-masks.ts'
import type { ColumnFacts } from './policy.ts'
import { strictestMask } from './strictest-mask.ts'
import { unmaskedSources } from './written-columns.ts'

/** What policy makes of the columns of one statement, worked out once for all who ask. */
export interface ColumnView {
  readonly facts: ColumnFacts
  /** `project.dataset.routine` of those that run. */
  readonly routines: readonly string[]
  readonly governedColumns: GovernedColumns
  /** Masked columns the statement would write where they are not; whoever asks. */
  unmaskedSources(statementType: string): readonly ColumnName[]
  /** For somebody for whom the masks of these tags are lifted. */
  seenBy(lifted: ReadonlySet<string>): SeenColumns
}

/** What somebody sees of the columns of one statement. */
export interface SeenColumns {
  readonly masks: readonly OutputMask[]
  readonly oracles: Oracles
  /** Whether a masked column has part in the statement. */
  readonly governed: boolean
}

/** The view of a statement's columns under a policy. The same object for the same lineage and tags. */
export function columnView(governance: Governance, touched: TouchedColumns): ColumnView {
  const views = viewsOf(governance)
  const known = views.get(touched.lineage)
  if (known !== undefined && isSame(known.touched, touched)) return known.view
  const view = viewOf(governance, touched)
  views.set(touched.lineage, { touched, view })
  return view
}

type Views = WeakMap<Lineage, { readonly touched: TouchedColumns; readonly view: ColumnView }>

// Lineages live as long as the analysis remembers them, and so do these.
const byGovernance = new WeakMap<Governance, Views>()

function viewsOf(governance: Governance): Views {
  const known = byGovernance.get(governance)
  if (known !== undefined) return known
  const views: Views = new WeakMap()
  byGovernance.set(governance, views)
  return views
}

function isSame(a: TouchedColumns, b: TouchedColumns): boolean {
  const sameTags = a.policyTags === b.policyTags || a.policyTags.size + b.policyTags.size === 0
  // The store makes new ones every time, mostly of the same.
  return sameTags && a.derived.length === b.derived.length && a.derived.every(isAmong(b.derived))
}

const isAmong =
  (others: readonly DerivedTag[]) =>
  ({ column, sources, isCopy }: DerivedTag, index: number): boolean => {
    const other = others[index]
    return (
      other?.column === column && other.isCopy === isCopy && other.sources.join() === sources.join()
    )
  }

function viewOf(governance: Governance, touched: TouchedColumns): ColumnView {
  const { lineage } = touched
  const governed = governedColumns(governance, touched)
  const bySubject = new Map<string, SeenColumns>()
  return {
    facts: columnFacts(lineage, governed),
    routines: lineage.routines,
    governedColumns: governed,
    unmaskedSources: (statementType) => unmaskedSources(statementType, lineage.writes, governed),
    seenBy: (lifted) => {
      const key = [...lifted].toSorted().join(' ')
      const known = bySubject.get(key)
      if (known !== undefined) return known
      const { maskOf, tagsOf } = maskedFor(governed, lifted)
      const masks = outputMasks(lineage.outputs, maskOf, governance.aggregates)
      const oracles = oraclesOf(governance, lineage.uses, tagsOf)
      const isMasked = (column: ColumnName): boolean => maskOf(column) !== undefined
      const isGoverned = masks.length > 0 || lineage.columns.some(isMasked)
      const seen = { masks, oracles, governed: isGoverned || someUse(lineage.uses, isMasked) }
      bySubject.set(key, seen)
      return seen
    },
  }
}

const someUse = (uses: readonly ColumnUse[], isMasked: (column: ColumnName) => boolean): boolean =>
  uses.some(({ column }) => isMasked(column))

function columnFacts(lineage: Lineage, governed: GovernedColumns): ColumnFacts {
  const { columns, uses } = lineage
  const filtering = uses.filter(({ use }) => use !== 'failure').map(({ column }) => column)
  const tags = columns.flatMap((column) =>
    (governed(column)?.protections ?? []).flatMap((protection) => protection.tags),
  )
  return { columns, filterColumns: unique(filtering), tags: unique(tags) }
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].toSorted()

/** A mask is lifted when all tags of the entry it comes from are; of those in force the strictest counts. */
function maskedFor(governed: GovernedColumns, lifted: ReadonlySet<string>) {
  const inForce = (column: ColumnName) =>
    (governed(column)?.protections ?? []).filter(
      ({ tags, mask }) => mask !== undefined && !tags.every((tag) => lifted.has(tag)),
    )
  return {
    maskOf: (column: ColumnName): Mask | undefined =>
      strictestMask(inForce(column).flatMap(({ mask }) => mask ?? [])),
    tagsOf: (column: ColumnName): readonly string[] => inForce(column).flatMap(({ tags }) => tags),
  }
}
