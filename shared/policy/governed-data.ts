import type { CatalogTable } from '../analysis/catalog.ts'
import { formatTable } from '../bigquery/reference.ts'
import { columnView } from './column-view.ts'
import type { DerivedTag } from './derived-tags.ts'
import { type TouchedColumns, governedColumns } from './governed-columns.ts'
import type { Policy } from './policy.ts'
import { readingColumns } from './reading-columns.ts'
import { derivedTags } from './written-columns.ts'

/** Whether policy says something of a column of this table, whoever asks. Knows nothing of what lies under a view. */
export function isGoverned(
  policy: Policy,
  table: CatalogTable,
  derived: readonly DerivedTag[],
): boolean {
  const touched = readingColumns(table, derived)
  const governed = governedColumns(policy.governance, touched)
  const name = formatTable(table.reference)
  const pseudo = table.pseudoColumns.map((column) => `${name}.${column.name}`)
  return [...touched.lineage.columns, ...pseudo].some((column) => governed(column) !== undefined)
}

/** Whether a statement reads a column that policy says something of, masked for whoever asks or not. */
export function readsGoverned(policy: Policy, touched: TouchedColumns): boolean {
  return governedReads(policy, touched).length > 0
}

/** The columns a statement reads that policy says something of, `project.dataset.table.column`. */
export function governedReads(policy: Policy, touched: TouchedColumns): readonly string[] {
  const { governedColumns: governed } = columnView(policy.governance, touched)
  return touched.lineage.columns.filter((column) => governed(column) !== undefined)
}

/** The tags that have to be durable before a permitted statement writes what it writes. */
export function derivedTagsOf(policy: Policy, touched: TouchedColumns): readonly DerivedTag[] {
  return derivedTags(touched.lineage.writes, columnView(policy.governance, touched).governedColumns)
}
