import type { CallSummary } from '../../views/call-view.ts'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Empty } from '../components/empty.tsx'
import { Names } from '../components/name.tsx'
import { Approval, Outcome } from '../components/state-badges.tsx'
import { Time } from '../components/time.tsx'
import { Who } from '../components/who.tsx'
import { places } from '../places.ts'

/** Calls that were held, and how that ended. */
export function Settled({ calls }: { readonly calls: readonly CallSummary[] }) {
  return calls.length === 0 ? (
    <Empty title="None yet." />
  ) : (
    <DataTable
      caption="Settled lately"
      columns={columns}
      rows={calls}
      href={({ call, grant }) => (grant === undefined ? places.call(call) : places.approval(grant))}
    />
  )
}

const columns: readonly Column<CallSummary>[] = [
  {
    head: 'Asked',
    cell: ({ at, call, grant }) => (
      <a href={grant === undefined ? places.call(call) : places.approval(grant)}>
        <Time at={at} />
      </a>
    ),
  },
  { head: 'Who', cell: ({ principal }) => <Who person={principal} /> },
  {
    head: 'Data',
    wide: true,
    cell: ({ tables, targets }) => (
      <Names names={[...new Set([...targets, ...tables])]} none="no tables" />
    ),
  },
  {
    head: 'Ended',
    cell: ({ approval }) =>
      approval === undefined ? <span class="muted">not known</span> : <Approval state={approval} />,
  },
  { head: 'Yes by', cell: ({ approvers }) => approvers.join(', ') },
  { head: 'Query', cell: ({ outcome }) => <Outcome outcome={outcome} /> },
]
