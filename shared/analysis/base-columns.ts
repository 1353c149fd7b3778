import { formatTable } from '../bigquery/reference.ts'
import type { SqlType } from '../bigquery/sql-type.ts'
import type { CatalogColumn, CatalogTable } from './catalog.ts'
import type { ColumnName, FlowTree } from './lineage.ts'
import type { RelationColumn } from './trace.ts'

/** The columns of a table that holds its own data: what flows out of each is the column itself. */
export function baseColumns(table: CatalogTable): readonly RelationColumn[] {
  const name = formatTable(table.reference)
  const own = (column: { readonly name: string; readonly type: SqlType }, isPseudo: boolean) => ({
    name: column.name,
    type: column.type,
    isPseudo,
    flow: baseFlow(`${name}.${column.name}`, column.type),
  })
  return [
    ...table.columns.map((column) => own(column, false)),
    ...table.pseudoColumns.map((column) => own(column, true)),
  ]
}

/** What flows out of a column of this name and type: itself, and each of its fields by its own name. */
function baseFlow(name: ColumnName, type: SqlType): FlowTree {
  const sources = new Map([[name, 'copy' as const]])
  if (type.kind === 'ARRAY') return { sources, element: baseFlow(name, type.element) }
  if (type.kind !== 'STRUCT') return { sources }
  const fields = type.fields.map((each) => baseFlow(`${name}.${each.name}`, each.type))
  return { sources, fields }
}

/** BigQuery policy tags by the column, or the field of one, that has them. */
export function policyTagsOf(table: CatalogTable): ReadonlyMap<ColumnName, readonly string[]> {
  const tags = new Map<ColumnName, readonly string[]>()
  const add = (parent: string, columns: readonly CatalogColumn[]): void => {
    for (const { name, policyTags, fields } of columns) {
      const path = `${parent}.${name}`
      if (policyTags.length > 0) tags.set(path, policyTags)
      add(path, fields)
    }
  }
  add(formatTable(table.reference), table.columns)
  return tags
}
