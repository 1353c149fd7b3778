import type { CallSummary } from '../../views/call-view.ts'
import { Badge } from '../components/badge.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Name } from '../components/name.tsx'
import { places } from '../places.ts'

interface Row {
  readonly column: string
  readonly isFilter: boolean
  readonly masks: readonly string[]
}

/** The columns a call read: which decided on something, and which were under a mask. */
export function Columns({ summary }: { readonly summary: CallSummary }) {
  const rows = rowsOf(summary)
  return rows.length === 0 ? (
    <p class="muted inset">No columns are on the record for this call.</p>
  ) : (
    <DataTable caption="Columns it read" columns={columns} rows={rows} />
  )
}

function rowsOf({ columns: read, filterColumns, masked }: CallSummary): readonly Row[] {
  const names = [...new Set([...read, ...filterColumns, ...masked.map(({ column }) => column)])]
  return names.map((column) => ({
    column,
    isFilter: filterColumns.includes(column),
    masks: masked.filter((one) => one.column === column).map(({ mask }) => mask),
  }))
}

const columns: readonly Column<Row>[] = [
  {
    head: 'Column',
    wide: true,
    cell: ({ column }) => <Name name={column} href={places.search({ column })} />,
  },
  {
    head: 'Decides',
    cell: ({ isFilter }) =>
      isFilter ? (
        <Badge tone="warn">filtered, joined or grouped on</Badge>
      ) : (
        <span class="muted">no</span>
      ),
  },
  {
    head: 'Mask',
    cell: ({ masks }) =>
      masks.length === 0 ? (
        <span class="muted">none</span>
      ) : (
        masks.map((mask) => <Badge tone="mask">{mask}</Badge>)
      ),
  },
]
