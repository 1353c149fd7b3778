import type { TableView } from '../../views/table-view.ts'
import { Badge } from '../components/badge.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Name } from '../components/name.tsx'
import { Plain } from '../components/plain.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'
import { places } from '../places.ts'

type TableColumn = NonNullable<TableView['columns']>[number]

interface Props {
  readonly table: string
  readonly columns: readonly TableColumn[]
}

/** Columns of a table: the mask in force, their tags and where those came from, and how often they were read and filtered on. */
export function TableColumns({ table, columns }: Props) {
  return <DataTable caption="Columns" columns={cellsFor(table)} rows={columns} />
}

function cellsFor(table: string): readonly Column<TableColumn>[] {
  const whole = (column: string) => (column.startsWith(`${table}.`) ? column : `${table}.${column}`)
  const shown = (column: string) => whole(column).slice(table.length + 1)
  return [
    {
      head: 'Column',
      cell: ({ column }) => (
        <Name name={shown(column)} href={places.search({ column: whole(column) })} />
      ),
    },
    { head: 'Type', cell: ({ type }) => <code>{type}</code> },
    {
      head: 'Mask in force',
      cell: ({ mask }) =>
        mask === undefined ? <span class="muted">none</span> : <Badge tone="mask">{mask}</Badge>,
    },
    { head: 'Tags', wide: true, cell: ({ tags }) => <Tags tags={tags} /> },
    {
      head: 'Read',
      numeric: true,
      cell: ({ column, read }) =>
        read === 0 ? (
          <span class="muted">0</span>
        ) : (
          <a href={places.search({ column: whole(column) })}>
            <Count of={read} />
          </a>
        ),
    },
    {
      head: 'Filtered on',
      numeric: true,
      cell: ({ column, filteredOn }) =>
        filteredOn === 0 ? (
          <span class="muted">0</span>
        ) : (
          <a href={places.search({ filterColumn: whole(column) })}>
            <Count of={filteredOn} />
          </a>
        ),
    },
    {
      head: 'Last read',
      cell: ({ lastReadAt }) =>
        lastReadAt === undefined ? <span class="muted">not lately</span> : <Time at={lastReadAt} />,
    },
  ]
}

function Tags({ tags }: Pick<TableColumn, 'tags'>) {
  if (tags.length === 0) return <span class="muted">none</span>
  return (
    <ul class="names">
      {tags.map(({ tag, from }) => (
        <li>
          <a href={places.search({ tag })}>
            <Plain words={tag} />
          </a>{' '}
          <span class="muted">
            <Plain words={from} />
          </span>
        </li>
      ))}
    </ul>
  )
}
