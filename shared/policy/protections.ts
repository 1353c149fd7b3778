import type { ColumnName } from '../analysis/lineage.ts'
import { pathsUp, splitName } from './column-name.ts'
import { matchesGlob } from './glob.ts'
import { type Governance, type Protection, UNLISTED_POLICY_TAG } from './governance.ts'

const UNLISTED: Protection = {
  tags: [UNLISTED_POLICY_TAG],
  mask: { kind: 'expression', expression: 'DEFAULT_MASKING_VALUE' },
}

/**
 * What policy says of a column by its name: the entries of `data` that match it, or a column it is a field
 * of. Names are the same whatever their case, so that there are more masks and never fewer.
 */
export function protectionsByName(
  governance: Governance,
  column: ColumnName,
): readonly Protection[] {
  const known = cacheOf(governance)
  const before = known.get(column)
  if (before !== undefined) return before
  const found = lookUp(governance, column)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(column, found)
  return found
}

/** What policy says of a column with this BigQuery policy tag. */
export function protectionByPolicyTag(
  { policyTags }: Governance,
  name: string,
): readonly Protection[] {
  return policyTags === undefined ? [] : [policyTags.get(name) ?? UNLISTED]
}

function lookUp({ data }: Governance, column: ColumnName): readonly Protection[] {
  const readings = splitName(column.toLowerCase()).filter((name) => name.column !== '')
  // Fail closed: a name without a column in it is a bug of ours, and would be governed by nothing.
  if (readings.length === 0) throw new Error('the name of a column has no column')
  const places = readings.map((name) => ({ table: name.table, paths: pathsUp(name.column) }))
  return data.filter(({ tables, columns }) =>
    places.some(
      ({ table, paths }) =>
        tables.some((pattern) => matchesGlob(table, pattern)) &&
        columns.some((pattern) => paths.some((path) => matchesGlob(path, pattern))),
    ),
  )
}

/** Columns whose protections are remembered, per policy. */
const MAX_KNOWN = 20_000

const caches = new WeakMap<Governance, Map<ColumnName, readonly Protection[]>>()

function cacheOf(governance: Governance): Map<ColumnName, readonly Protection[]> {
  const known = caches.get(governance)
  if (known !== undefined) return known
  const cache = new Map<ColumnName, readonly Protection[]>()
  caches.set(governance, cache)
  return cache
}
