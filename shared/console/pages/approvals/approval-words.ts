import type { ApprovalSummary, ApprovalView } from '../../../approval-desk/api/approval-view.ts'

/** What happened to a request, in a word or two. */
export function eventWords({
  type,
  verdict,
}: Pick<ApprovalView['history'][number], 'type' | 'verdict'>): string {
  if (type === 'voted') return verdict === 'approve' ? 'Voted yes' : 'Voted no'
  return events[type] ?? type
}

/** What stands between a request and its start: whose votes. */
export function termsWords({ of, groups, quorum }: ApprovalView['terms'][number]): string {
  const each = groups.map(({ group, votes }) => `${votes} of ${group}`)
  const who = each.join(of === 'all' ? ' and ' : ' or ')
  return quorum > 1 ? `${who}; at least ${quorum} different people` : who
}

/** Somebody by the name that people know. */
export function nameOfPerson({
  email,
  subject,
}: Pick<ApprovalSummary['requester'], 'email' | 'subject'>): string {
  return email ?? subject
}

/** A state however it is spelled: `APPROVAL_AWAITED` is `approval-awaited`. */
export function nameOf(state: string): string {
  return state.toLowerCase().replaceAll('_', '-')
}

const events: Readonly<Record<string, string>> = {
  asked: 'Asked',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Taken back by whoever asked',
  revoked: 'Revoked',
  starting: 'About to start',
  started: 'Started',
  'not-started': 'Not started',
  used: 'Used by another query',
  reminded: 'Approvers reminded',
  escalated: 'Escalation group asked',
  'broke-glass': 'Went ahead without a vote',
  reviewed: 'Reviewed',
}
