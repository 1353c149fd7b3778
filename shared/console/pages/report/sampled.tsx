import type { EvidenceReport } from '../../views/review-view.ts'
import { Badge } from '../components/badge.tsx'
import { DataTable } from '../components/data-table.tsx'
import { Empty } from '../components/empty.tsx'
import { Name } from '../components/name.tsx'
import { Panel } from '../components/panel.tsx'
import { Plain } from '../components/plain.tsx'
import { Count } from '../components/quantities.tsx'
import { Time } from '../components/time.tsx'
import { places } from '../places.ts'

type Session = EvidenceReport['sampled'][number]

/** The sessions that stand for the others, each with what verifying it came to. */
export function Sampled({ report: { sampled, sessions } }: { readonly report: EvidenceReport }) {
  const of = `${sampled.length} of ${sessions.seen}${sessions.isAll ? '' : ' or more'}, by hash of id and period`
  return (
    <Panel title="Sampled sessions" id="sample" aside={of} flush>
      {sampled.length === 0 ? (
        <Empty title="No session began in this period." />
      ) : (
        <DataTable
          caption="Sampled sessions"
          rows={sampled}
          columns={[
            {
              head: 'Session',
              cell: ({ session }) => <Name name={session} href={places.session(session)} />,
            },
            { head: 'Who', cell: ({ principal }) => <Plain words={principal} /> },
            { head: 'Began', cell: ({ at }) => <Time at={at} /> },
            { head: 'Calls', numeric: true, cell: ({ calls }) => <Count of={calls} /> },
            { head: 'Denied', numeric: true, cell: ({ denied }) => <Count of={denied} /> },
            { head: 'Held', numeric: true, cell: ({ held }) => <Count of={held} /> },
            { head: 'Verified', cell: (session) => <Verified session={session} /> },
          ]}
        />
      )}
    </Panel>
  )
}

function Verified({ session: { integrity, proofs, entries } }: { readonly session: Session }) {
  if (integrity === 'not-verified') return <Badge tone="quiet">not verified</Badge>
  const hold = proofs.filter(({ holds }) => holds).length
  const unsealed = proofs.filter(({ leaf }) => leaf === undefined).length
  const words = `${hold} of ${proofs.length} proofs hold`
  return (
    <span class="badges">
      <Badge tone={integrity === 'sound' ? 'good' : 'bad'}>{integrity}</Badge>
      <Badge tone={hold + unsealed === proofs.length ? 'good' : 'bad'}>{words}</Badge>
      {unsealed > 0 && <Badge tone="wait">{`${unsealed} not sealed yet`}</Badge>}
      {entries > proofs.length && <Badge tone="quiet">{`${entries} entries`}</Badge>}
    </span>
  )
}
