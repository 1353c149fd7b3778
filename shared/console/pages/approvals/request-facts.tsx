import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import { LIST_PRICE_USD_PER_TIB } from '../../../approval-desk/bytes-and-cost.ts'
import { Facts } from '../components/facts.tsx'
import { Names } from '../components/name.tsx'
import { Plain } from '../components/plain.tsx'
import { Bytes } from '../components/quantities.tsx'
import { Said } from '../components/said.tsx'
import { Through } from '../components/through.tsx'
import { Time } from '../components/time.tsx'
import { places } from '../places.ts'

/** Who wants what, through which agent, why, on which data, at what cost. */
export function RequestFacts({ approval }: { readonly approval: ApprovalView }) {
  const { requester, session, claimed, justification, tables, targets, governedColumns } = approval
  const { userAgent, name } = session.claimed
  return (
    <Facts
      facts={[
        [
          'Why',
          justification === undefined ? (
            <span class="muted">they gave no reason</span>
          ) : (
            <Said words={justification} />
          ),
        ],
        ['Who', <Requester requester={requester} />],
        ['Groups', <Plain words={requester.groups.join(', ') || 'none'} />],
        ['Through', <Through claimed={claimed} clientId={requester.clientId} />],
        ['Agent says it is', name === undefined ? undefined : <Said words={name} />],
        ['Program says it is', userAgent === undefined ? undefined : <Said words={userAgent} />],
        [
          'From',
          session.sourceAddress === undefined ? undefined : <Plain words={session.sourceAddress} />,
        ],
        ['Changes', targets.length === 0 ? undefined : <Names names={targets} none="nothing" />],
        [
          'Reads',
          <Names names={tables.filter((table) => !targets.includes(table))} none="no tables" />,
        ],
        [
          'Masked columns',
          <Names names={governedColumns} none="none: no column with a mask is read" />,
        ],
        ['Cost', <Cost approval={approval} />],
        [
          'Where',
          <Plain
            words={`${approval.projectId}${approval.location === undefined ? '' : `, ${approval.location}`}`}
          />,
        ],
        ['Asked', <Time at={approval.requestedAt} />],
        ['Session', <a href={places.session(session.id)}>{session.id}</a>],
      ]}
    />
  )
}

function Requester({ requester }: Pick<ApprovalView, 'requester'>) {
  const { email, subject, issuer, actors } = requester
  return (
    <>
      <b>
        <Plain words={email ?? subject} />
      </b>{' '}
      <span class="muted">
        {email === undefined ? 'no verified e-mail address; ' : ''}
        <Plain words={subject} /> at <Plain words={issuer} />
      </span>
      {actors.map((actor) => (
        <span class="via">
          acted for by <Plain words={actor.subject} />
        </span>
      ))}
    </>
  )
}

function Cost({ approval }: { readonly approval: ApprovalView }) {
  const { estimatedBytes, listPrice, maximumBytesBilled } = approval
  return (
    <>
      {estimatedBytes === undefined ? (
        'not known: BigQuery gave no estimate'
      ) : (
        <>
          up to <Bytes of={estimatedBytes} />, <b>{listPrice}</b>{' '}
          <span class="muted">at the list price of USD {LIST_PRICE_USD_PER_TIB} per TiB</span>
        </>
      )}
      {maximumBytesBilled !== undefined && (
        <span class="muted">
          ; BigQuery stops it at <Bytes of={maximumBytesBilled} />
        </span>
      )}
    </>
  )
}
