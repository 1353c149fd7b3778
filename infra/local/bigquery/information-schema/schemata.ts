import { type Dataset, LOCATION } from '../catalog/catalog.ts'
import { USER_EMAIL } from '../sql/stand-ins.ts'
import type { Column } from '../types/sql-type.ts'
import { timestampText } from './virtual-table.ts'

/** The columns of `INFORMATION_SCHEMA.SCHEMATA`. */
export const schemaColumns: readonly Column[] = [
  { name: 'catalog_name', type: { kind: 'STRING' } },
  { name: 'schema_name', type: { kind: 'STRING' } },
  { name: 'schema_owner', type: { kind: 'STRING' } },
  { name: 'creation_time', type: { kind: 'TIMESTAMP' } },
  { name: 'last_modified_time', type: { kind: 'TIMESTAMP' } },
  { name: 'location', type: { kind: 'STRING' } },
]

/** One row for each dataset. */
export function schemaRows(datasets: readonly Dataset[]): readonly object[] {
  return datasets.map(({ reference, creationTime }) => ({
    catalog_name: reference.projectId,
    schema_name: reference.datasetId,
    schema_owner: USER_EMAIL,
    creation_time: timestampText(creationTime),
    last_modified_time: timestampText(creationTime),
    location: LOCATION,
  }))
}
