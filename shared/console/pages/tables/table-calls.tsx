import type { CallSummary } from '../../views/call-view.ts'
import { Badge } from '../components/badge.tsx'
import { SqlLine } from '../components/code.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Count } from '../components/quantities.tsx'
import { Decision, Outcome } from '../components/state-badges.tsx'
import { Time } from '../components/time.tsx'
import { Who } from '../components/who.tsx'
import { places } from '../places.ts'

/** Calls that touched a table, newest first. */
export function TableCalls({ calls }: { readonly calls: readonly CallSummary[] }) {
  return (
    <DataTable
      caption="Newest calls"
      columns={columns}
      rows={calls}
      href={({ call }) => places.call(call)}
    />
  )
}

const columns: readonly Column<CallSummary>[] = [
  {
    head: 'When',
    cell: ({ at, call }) => (
      <a href={places.call(call)}>
        <Time at={at} />
      </a>
    ),
  },
  { head: 'Who', cell: ({ principal }) => <Who person={principal} /> },
  {
    head: 'Query',
    wide: true,
    cell: ({ strippedSql, statementType, method }) =>
      strippedSql === undefined ? (statementType ?? method) : <SqlLine sql={strippedSql} />,
  },
  {
    head: 'Decision',
    cell: ({ decision, masked }) => (
      <span class="badges">
        <Decision decision={decision} />
        {masked.length > 0 && <Badge tone="mask">{`${masked.length} masked`}</Badge>}
      </span>
    ),
  },
  { head: 'Outcome', cell: ({ outcome }) => <Outcome outcome={outcome} /> },
  { head: 'Rows', numeric: true, cell: ({ rows }) => <Count of={rows} /> },
]
