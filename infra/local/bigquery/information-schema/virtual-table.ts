import type { TableReference } from '../catalog/reference.ts'
import type { Table } from '../catalog/relation.ts'
import type { Column } from '../types/sql-type.ts'
import { encodeRow } from '../values/encode-json.ts'

/** A table made for one statement, from rows as JSON. `version` must be one that no relation has. */
export function virtualTable(
  reference: TableReference,
  columns: readonly Column[],
  rows: readonly object[],
  version: number,
): Table {
  return {
    kind: 'TABLE',
    reference,
    columns,
    rows: rows.map((row) => encodeRow(columns, row)),
    version,
    creationTime: 0,
    lastModifiedTime: 0,
  }
}

/** A TIMESTAMP in such a row. */
export function timestampText(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString()
}
