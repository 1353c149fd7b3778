import type { CallView } from '../../views/call-view.ts'
import { eventWords } from '../approvals/approval-words.ts'
import { Plain } from '../components/plain.tsx'
import { Said } from '../components/said.tsx'
import { Approval } from '../components/state-badges.tsx'
import { Time } from '../components/time.tsx'
import { places } from '../places.ts'

/** What people said about a call, oldest first. */
export function Approvals({ call }: { readonly call: Pick<CallView, 'approvals' | 'summary'> }) {
  const { grant, approval } = call.summary
  if (call.approvals.length === 0 && grant === undefined)
    return <p class="muted">Nobody was asked: policy decided by itself.</p>
  return (
    <>
      <p>
        {approval !== undefined && <Approval state={approval} />}{' '}
        {grant !== undefined && <a href={places.approval(grant)}>The request for approval</a>}
      </p>
      <ol class="history">
        {call.approvals.map(({ at, event, by, verdict, reason }) => (
          <li>
            <Time at={at} /> <b>{eventWords({ type: event, verdict })}</b>
            {by !== undefined && (
              <>
                {' '}
                by <Plain words={by} />
              </>
            )}
            {reason !== undefined && reason !== '' && (
              <>
                {' '}
                <Said words={reason} />
              </>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}
