import type { SessionDocument } from '../../recording/search/search-document.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import type { SessionSummary } from '../views/session-view.ts'
import { countCalls } from './find.ts'
import { personOf, timeOf } from './person-of.ts'
import { claimedOf } from './summary-of.ts'

const MOST_COUNTED = 1_000

/** A session as a list shows it. Rejects when the index cannot be reached. */
export async function sessionSummaryOf(
  ports: { readonly index: Pick<SearchIndex, 'count'> },
  { at, principal, session, closedAt }: SessionDocument,
): Promise<SessionSummary> {
  const count = (decision?: 'deny' | 'require-approval') =>
    countCalls(ports, { session: session.id, decision }, MOST_COUNTED)
  const [calls, denied, held] = await Promise.all([
    count(),
    count('deny'),
    count('require-approval'),
  ])
  return {
    session: session.id,
    at: timeOf(at),
    principal: personOf(principal),
    claimed: claimedOf(session),
    sourceAddress: session.verified.sourceAddress,
    closedAt: closedAt === undefined ? undefined : timeOf(closedAt),
    calls,
    denied,
    held,
  }
}
