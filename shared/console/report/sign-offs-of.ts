import type { EntryStore } from '../../recording/entry-store.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import { searchEvents } from '../../recording/search/search.ts'
import { timeOf } from '../calls/person-of.ts'
import type { Span } from '../overview/buckets.ts'
import { reviewsOf } from '../reviews/reviews-of.ts'
import { REPORT, type Review } from '../views/review-view.ts'

const PAGE = 100
const MOST_PAGES = 10

/** The sign-offs of the report of exactly this span, newest first, among the newest 1,000 reviews. */
export async function signOffsOf(
  {
    index,
    entries,
  }: { readonly index: Pick<SearchIndex, 'find'>; readonly entries: Pick<EntryStore, 'get'> },
  span: Span,
): Promise<Review[]> {
  const [from, to] = [timeOf(span.from), timeOf(span.to)]
  const signed: Review[] = []
  let before: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    // Nobody signs a report before its time is over.
    const filter = { type: 'reviewed', from }
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const found = await searchEvents(index, filter, { limit: PAGE, before })
    if (!found.ok) throw new Error('the index refuses a cursor of its own')
    // oxlint-disable-next-line no-await-in-loop
    const reviews = await reviewsOf(entries, found.value.documents)
    signed.push(
      ...reviews.filter((each) => each.query === REPORT && each.from === from && each.to === to),
    )
    before = found.value.before
    if (before === undefined) break
  }
  return signed
}
