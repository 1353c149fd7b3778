import type { Grant, GrantEvent } from '../../approval/grant.ts'
import { unreachable } from '../../kernel/unreachable.ts'
import type { ApprovalView } from './approval-view.ts'
import { timeOf, voterView } from './voter-view.ts'

type Happened = ApprovalView['history'][number]

/** What happened to a request, oldest first: who, when and why. */
export function historyOf({ events }: Grant): Happened[] {
  return events.map((event) => ({
    type: event.type,
    at: timeOf(event.at),
    ...detailOf(event),
  }))
}

function detailOf(event: GrantEvent): Omit<Happened, 'type' | 'at'> {
  switch (event.type) {
    case 'voted': {
      const { by, verdict, reason } = event.vote
      return { by: voterView(by), verdict, reason }
    }
    case 'denied':
    case 'revoked':
      return { by: voterView(event.by), reason: event.reason }
    case 'reviewed':
      return { by: voterView(event.by), reason: event.finding }
    case 'broke-glass':
      return { reason: event.justification }
    case 'not-started':
      return { reason: event.reason }
    case 'used':
      return { reason: `call ${event.call}, ${event.bytes} bytes` }
    case 'asked':
    case 'approved':
    case 'expired':
    case 'cancelled':
    case 'starting':
    case 'started':
    case 'reminded':
    case 'escalated':
      return {}
    default:
      return unreachable(event)
  }
}
