import type { TableView } from '../../views/table-view.ts'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Plain } from '../components/plain.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'
import { places } from '../places.ts'

type Reader = TableView['principals'][number]

/** Who touched a table, through which agents, and who approved it: most calls first. */
export function Readers({
  table,
  principals,
}: {
  readonly table: string
  readonly principals: readonly Reader[]
}) {
  const search = (principal: string) => places.search({ table, principal })
  return (
    <DataTable
      caption="Who touched it"
      columns={columnsFor(search)}
      rows={principals}
      href={({ principal }) => search(principal)}
    />
  )
}

function columnsFor(search: (principal: string) => string): readonly Column<Reader>[] {
  return [
    {
      head: 'Who',
      cell: ({ principal, label }) => (
        <a href={search(principal)} title={principal}>
          <Plain words={label} />
        </a>
      ),
    },
    { head: 'Through', wide: true, cell: ({ clients }) => <Several words={clients} /> },
    { head: 'Approved by', cell: ({ approvers }) => <Several words={approvers} /> },
    { head: 'Calls', numeric: true, cell: ({ calls }) => <Count of={calls} /> },
    { head: 'Last', cell: ({ lastAt }) => <Time at={lastAt} /> },
  ]
}

function Several({ words }: { readonly words: readonly string[] }) {
  if (words.length === 0) return <span class="muted">none</span>
  return (
    <ul class="names">
      {words.map((each) => (
        <li>
          <Plain words={each} />
        </li>
      ))}
    </ul>
  )
}
