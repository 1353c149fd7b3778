import type { ApprovalSummary } from '../../../approval-desk/api/approval-view.ts'
import { Time } from '../components/time.tsx'
import { nameOf } from './approval-words.ts'

/** Until when something can still be done about a request. Where scripts run they say how long that is. */
export function TimeLeft({
  request: { state, expiresAt, until },
}: {
  readonly request: Pick<ApprovalSummary, 'state' | 'expiresAt' | 'until'>
}) {
  const isAwaited = nameOf(state) === 'approval-awaited'
  const end = isAwaited ? expiresAt : until
  if (end === undefined) return <span class="muted">none</span>
  return (
    <span class="left">
      <span hidden data-left={end}></span>{' '}
      <span class="muted">
        until <Time at={end} />
      </span>
    </span>
  )
}
