import type { Voter } from '../../approval/grant.ts'
import { unreachable } from '../../kernel/unreachable.ts'
import type { Entry } from '../../recording/entry.ts'
import type { CallView } from '../views/call-view.ts'
import { timeOf } from './person-of.ts'

type ApprovalEvent = CallView['approvals'][number]

/** What people and time did about a call, of its entries as they come: votes that count and votes that do not. */
export function approvalEvents(entries: readonly Entry[]): ApprovalEvent[] {
  return entries.flatMap((entry): readonly ApprovalEvent[] => {
    if (entry.type === 'refused-vote') {
      const { by, verdict } = entry.vote
      const reason = `does not count: ${entry.problem}`
      return [{ at: timeOf(entry.at), event: 'refused-vote', by: nameOf(by), verdict, reason }]
    }
    return entry.type === 'approval' ? [eventOf(entry)] : []
  })
}

function eventOf({ event }: Extract<Entry, { type: 'approval' }>): ApprovalEvent {
  const said = { at: timeOf(event.at), event: event.type }
  switch (event.type) {
    case 'voted':
      return {
        ...said,
        by: nameOf(event.vote.by),
        verdict: event.vote.verdict,
        reason: event.vote.reason,
      }
    case 'denied':
    case 'revoked':
      return { ...said, by: nameOf(event.by), reason: event.reason }
    case 'reviewed':
      return { ...said, by: nameOf(event.by), reason: event.finding }
    case 'not-started':
      return { ...said, reason: event.reason }
    case 'broke-glass':
      return { ...said, reason: event.justification }
    case 'used':
      return { ...said, reason: `by call ${event.call}` }
    case 'asked':
    case 'approved':
    case 'cancelled':
    case 'escalated':
    case 'expired':
    case 'reminded':
    case 'starting':
    case 'started':
      return said
    default:
      return unreachable(event)
  }
}

function nameOf({ email, subject }: Voter): string {
  return email ?? subject
}
