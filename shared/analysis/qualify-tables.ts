import type { TableReference } from '../bigquery/reference.ts'
import { type Edit, editText } from './edit-text.ts'
import type { NamedTables } from './name-tables.ts'

/**
 * `sql` with every table written as `` `project`.`dataset`.`table` ``. What is then decided on, recorded
 * and run means the same whatever the default dataset is, and in whichever way BigQuery cuts names.
 */
export function qualifyTables(sql: string, { reads, target }: NamedTables): string {
  const all = target === undefined ? reads : [...reads, target]
  return editText(
    sql,
    all.map(({ path, table, isWildcard }): Edit => {
      if (path.range === undefined) throw new Error('a table name has no location')
      return { range: path.range, text: quoteTable(table, isWildcard) }
    }),
  )
}

/** A table as it stands in SQL. Ids hold no back-quote and no backslash; `TableReference` was parsed. */
export function quoteTable(
  { projectId, datasetId, tableId }: TableReference,
  isWildcard: boolean,
): string {
  const [first, ...view] = `${tableId}${isWildcard ? '*' : ''}`.split('.')
  return [projectId, datasetId, first, ...view].map((part) => `\`${part}\``).join('.')
}
