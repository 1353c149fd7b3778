import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import { Badge } from '../components/badge.tsx'
import { Plain } from '../components/plain.tsx'
import { Bytes } from '../components/quantities.tsx'
import { Said } from '../components/said.tsx'
import { nameOfPerson, termsWords } from './approval-words.ts'

/** What has to be met before it starts, who voted, and what is left of a time box. */
export function TermsAndVotes({ approval }: { readonly approval: ApprovalView }) {
  const { terms, votes, timeBox } = approval
  return (
    <>
      <ul class="terms">
        {terms.map((each) => (
          <li>
            <p>
              <b>
                <Plain words={termsWords(each)} />
              </b>
              <span class="muted">; never whoever asks</span>
            </p>
            <p class="muted">
              {each.description} (<code>{each.id}</code>)
              {each.escalationGroup !== undefined &&
                `; ${each.escalationGroup} may vote in place of others once it is escalated`}
            </p>
          </li>
        ))}
      </ul>
      <h3>Votes so far</h3>
      {votes.length === 0 ? (
        <p class="muted">None.</p>
      ) : (
        <ul class="history">
          {votes.map(({ by, verdict, reason }) => (
            <li>
              <Badge tone={verdict === 'approve' ? 'good' : 'bad'}>
                {verdict === 'approve' ? 'yes' : 'no'}
              </Badge>{' '}
              <Plain words={nameOfPerson(by)} /> <span class="muted">by {by.channel}</span>{' '}
              {reason !== '' && <Said words={reason} />}
            </li>
          ))}
        </ul>
      )}
      {timeBox !== undefined && (
        <p class="note">
          Approved for more than one query: <Bytes of={timeBox.bytesUsed} /> of{' '}
          <Bytes of={timeBox.maximumBytes} /> used, {timeBox.uses}{' '}
          {timeBox.uses === 1 ? 'query' : 'queries'} besides the one it was asked for.
        </p>
      )}
    </>
  )
}
