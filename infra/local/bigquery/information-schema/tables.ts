import type { Dataset } from '../catalog/catalog.ts'
import { tableKey } from '../catalog/reference.ts'
import type { Relation } from '../catalog/relation.ts'
import { type Column, formatType } from '../types/sql-type.ts'
import { timestampText } from './virtual-table.ts'

/** The columns of `INFORMATION_SCHEMA.TABLES`. */
export const tableColumns: readonly Column[] = [
  { name: 'table_catalog', type: { kind: 'STRING' } },
  { name: 'table_schema', type: { kind: 'STRING' } },
  { name: 'table_name', type: { kind: 'STRING' } },
  { name: 'table_type', type: { kind: 'STRING' } },
  { name: 'is_insertable_into', type: { kind: 'STRING' } },
  { name: 'is_typed', type: { kind: 'STRING' } },
  { name: 'creation_time', type: { kind: 'TIMESTAMP' } },
  { name: 'ddl', type: { kind: 'STRING' } },
]

/** One row for each table and view. */
export function tableRows(datasets: readonly Dataset[]): readonly object[] {
  return datasets.flatMap(({ relations }) =>
    [...relations.values()].map((relation) => ({
      table_catalog: relation.reference.projectId,
      table_schema: relation.reference.datasetId,
      table_name: relation.reference.tableId,
      table_type: relation.kind === 'VIEW' ? 'VIEW' : 'BASE TABLE',
      is_insertable_into: relation.kind === 'VIEW' ? 'NO' : 'YES',
      is_typed: 'NO',
      creation_time: timestampText(relation.creationTime),
      ddl: ddlOf(relation),
    })),
  )
}

function ddlOf(relation: Relation): string {
  const name = `\`${tableKey(relation.reference)}\``
  if (relation.kind === 'VIEW') return `CREATE VIEW ${name}\nAS ${relation.query};`
  const columns = relation.columns.map(
    (column) =>
      `  ${column.name} ${formatType(column.type)}${column.required === true ? ' NOT NULL' : ''}`,
  )
  return `CREATE TABLE ${name}\n(\n${columns.join(',\n')}\n);`
}
