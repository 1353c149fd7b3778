import type { EntryStore } from '../../recording/entry-store.ts'
import type { EventDocument } from '../../recording/search/search-document.ts'
import type { ReviewedEntry } from '../../recording/upkeep-entry.ts'
import { personOf, timeOf } from '../calls/person-of.ts'
import type { Review } from '../views/review-view.ts'

/** The reviews that were found, as they are on the record; those that are there no more are left out. */
export async function reviewsOf(
  entries: Pick<EntryStore, 'get'>,
  found: readonly EventDocument[],
): Promise<Review[]> {
  const kept = await Promise.all(found.map(({ entry }) => entries.get(entry)))
  return kept.flatMap((each) => (each?.entry.type === 'reviewed' ? [viewOfReview(each.entry)] : []))
}

/** A review as the API shows it. */
export function viewOfReview({
  review,
  at,
  by,
  from,
  to,
  query,
  verdict,
  findings,
}: ReviewedEntry): Review {
  return {
    id: review,
    at: timeOf(at),
    reviewer: personOf(by),
    from: timeOf(from),
    to: timeOf(to),
    query,
    verdict,
    findings,
  }
}
