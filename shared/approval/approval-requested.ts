import type { Grant, GrantEventType } from './grant.ts'
import type { ApprovalRequested } from './messages.ts'

/** A message has 512 kB on its way; the grant has all of them. */
const MAX_TABLES = 100

/**
 * What is to be told of event `n` of a grant; undefined when nobody has to be told. The same for every
 * call. The only way from a grant to a message, so that nothing of the query gets into one: no SQL, no
 * values, no justification.
 */
export function approvalRequested(grant: Grant, n: number): ApprovalRequested | undefined {
  const event = grant.events[n]
  const news = event && newsOf[event.type]
  if (event === undefined || news === undefined) return undefined
  return {
    type: 'dev.sluice.approval.requested',
    id: `${grant.id}~${n}`,
    at: event.at,
    grant: grant.id,
    news,
    digest: grant.digest,
    tables: grant.told.tables.slice(0, MAX_TABLES),
    estimatedBytes: grant.told.estimatedBytes,
  }
}

/** What is news of what happens. */
const newsOf: Readonly<Partial<Record<GrantEventType, ApprovalRequested['news']>>> = {
  asked: 'asked',
  reminded: 'reminder',
  escalated: 'escalation',
  'broke-glass': 'broke-glass',
}
