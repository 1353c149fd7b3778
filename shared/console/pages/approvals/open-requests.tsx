import type { ApprovalSummary } from '../../../approval-desk/api/approval-view.ts'
import { Badge } from '../components/badge.tsx'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Names } from '../components/name.tsx'
import { Plain } from '../components/plain.tsx'
import { Bytes } from '../components/quantities.tsx'
import { Approval } from '../components/state-badges.tsx'
import { Through } from '../components/through.tsx'
import { places } from '../places.ts'
import { nameOfPerson } from './approval-words.ts'
import { TimeLeft } from './time-left.tsx'

/** Requests that are open: who wants what, at what cost, and until when. */
export function OpenRequests({
  caption,
  requests,
}: {
  readonly caption: string
  readonly requests: readonly ApprovalSummary[]
}) {
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={requests}
      href={({ id }) => places.approval(id)}
    />
  )
}

const columns: readonly Column<ApprovalSummary>[] = [
  {
    head: 'Request',
    cell: ({ id, statementType, requester }) => (
      <a class="request" href={places.approval(id)}>
        <b>{statementType}</b> by <Plain words={nameOfPerson(requester)} />
      </a>
    ),
  },
  {
    head: 'Through',
    cell: ({ claimed, requester }) => <Through claimed={claimed} clientId={requester.clientId} />,
  },
  {
    head: 'Data',
    wide: true,
    cell: ({ tables, targets }) => (
      <div>
        {targets.length > 0 && (
          <>
            <Badge tone="warn">changes</Badge> <Names names={targets} none="" />
          </>
        )}
        <Names names={tables.filter((table) => !targets.includes(table))} none="" />
      </div>
    ),
  },
  {
    head: 'Cost',
    numeric: true,
    cell: ({ estimatedBytes, listPrice }) =>
      estimatedBytes === undefined ? (
        <span class="muted">not known</span>
      ) : (
        <div>
          <Bytes of={estimatedBytes} /> <span class="muted num">{listPrice}</span>
        </div>
      ),
  },
  {
    head: 'State',
    cell: ({ state, brokeGlass, reviewOpen }) => (
      <span class="badges">
        <Approval state={state} />
        {brokeGlass && <Badge tone="warn">broke the glass</Badge>}
        {reviewOpen && <Badge tone="wait">to be reviewed</Badge>}
      </span>
    ),
  },
  { head: 'Time left', cell: (request) => <TimeLeft request={request} /> },
]
