import type { TableList, TableView } from '../../shared/console/views/table-view.ts'
import { aSummary } from './console-fixtures.ts'

/** Two tables that were asked about, one of them governed. */
export function someTables(): TableList {
  return {
    tables: [
      {
        table: 'acme.hospital.patients',
        calls: 214,
        lastAt: '2026-11-20T09:30:00.000Z',
        principals: 7,
        governedColumns: 3,
      },
      {
        table: 'acme.lab.results',
        calls: 3,
        lastAt: '2026-11-19T16:01:00.000Z',
        principals: 1,
        governedColumns: 0,
      },
    ],
    counted: { calls: 217, isAll: true },
  }
}

/** A table with masks and tags, and who touched it. */
export function aTable(changes: Partial<TableView> = {}): TableView {
  const column = 'acme.hospital.patients'
  return {
    table: 'acme.hospital.patients',
    columns: [
      { column: `${column}.id`, type: 'INTEGER', tags: [], read: 214, filteredOn: 20 },
      {
        column: `${column}.ssn`,
        type: 'STRING',
        mask: 'LAST_FOUR_CHARACTERS',
        tags: [
          { tag: 'pii', from: 'policy, data.hospital' },
          { tag: 'phi', from: 'derived from `acme.hospital.encounters.patient_ssn`' },
        ],
        read: 41,
        filteredOn: 0,
        lastReadAt: '2026-11-20T09:12:31.204Z',
      },
      { column: `${column}.notes`, type: 'STRING', tags: [], read: 0, filteredOn: 0 },
    ],
    principals: [
      {
        principal: 'https://login.acme.example ana',
        label: 'ana@acme.example',
        calls: 120,
        lastAt: '2026-11-20T09:12:31.204Z',
        clients: ['bigquery-mcp', 'claude-desktop'],
        approvers: ['petra@acme.example'],
      },
    ],
    calls: [aSummary()],
    counted: { calls: 214, isAll: true },
    ...changes,
  }
}
