import type { Dataset } from '../catalog/catalog.ts'
import { type Column, formatType } from '../types/sql-type.ts'

/** The columns of `INFORMATION_SCHEMA.COLUMNS`. */
export const columnColumns: readonly Column[] = [
  { name: 'table_catalog', type: { kind: 'STRING' } },
  { name: 'table_schema', type: { kind: 'STRING' } },
  { name: 'table_name', type: { kind: 'STRING' } },
  { name: 'column_name', type: { kind: 'STRING' } },
  { name: 'ordinal_position', type: { kind: 'INT64' } },
  { name: 'is_nullable', type: { kind: 'STRING' } },
  { name: 'data_type', type: { kind: 'STRING' } },
  { name: 'is_generated', type: { kind: 'STRING' } },
  { name: 'is_hidden', type: { kind: 'STRING' } },
  { name: 'is_system_defined', type: { kind: 'STRING' } },
  { name: 'is_partitioning_column', type: { kind: 'STRING' } },
  { name: 'clustering_ordinal_position', type: { kind: 'INT64' } },
  { name: 'column_default', type: { kind: 'STRING' } },
]

/** One row for each column of each table and view. */
export function columnRows(datasets: readonly Dataset[]): readonly object[] {
  return datasets.flatMap(({ relations }) =>
    [...relations.values()].flatMap(({ reference, columns }) =>
      columns.map(({ name, type, required }, index) => ({
        table_catalog: reference.projectId,
        table_schema: reference.datasetId,
        table_name: reference.tableId,
        column_name: name,
        ordinal_position: index + 1,
        is_nullable: required === true ? 'NO' : 'YES',
        data_type: formatType(type),
        is_generated: 'NEVER',
        is_hidden: 'NO',
        is_system_defined: 'NO',
        is_partitioning_column: 'NO',
        column_default: 'NULL',
      })),
    ),
  )
}
