import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import { Plain } from '../components/plain.tsx'
import { Said } from '../components/said.tsx'
import { Time } from '../components/time.tsx'
import { eventWords, nameOfPerson } from './approval-words.ts'

/** What happened to a request, oldest first: who, when, by which way, and in which words. */
export function ApprovalHistory({ history }: Pick<ApprovalView, 'history'>) {
  return (
    <ol class="history">
      {history.map((event) => (
        <li>
          <Time at={event.at} /> <b>{eventWords(event)}</b>
          {event.by !== undefined && (
            <>
              {' '}
              by <Plain words={nameOfPerson(event.by)} />{' '}
              <span class="muted">({event.by.channel})</span>
            </>
          )}
          {event.reason !== undefined && event.reason !== '' && (
            <>
              {' '}
              <Said words={event.reason} />
            </>
          )}
        </li>
      ))}
    </ol>
  )
}
