import type { EntryStore } from '../../recording/entry-store.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import { searchEvents } from '../../recording/search/search.ts'
import { timeOf } from '../calls/person-of.ts'
import type { Span } from '../overview/buckets.ts'
import type { EvidenceReport } from '../views/review-view.ts'

type InForce = EvidenceReport['policies'][number]

const PAGE = 50
const MOST_PAGES = 10

/** The policies that were in force in a span, oldest first, the one before it included; and whether these are all. */
export async function policiesInForce(
  {
    index,
    entries,
  }: { readonly index: Pick<SearchIndex, 'find'>; readonly entries: Pick<EntryStore, 'get'> },
  { from, to }: Span,
): Promise<{ readonly policies: InForce[]; readonly isAll: boolean }> {
  const newestFirst: { readonly digest: string; readonly at: number }[] = []
  let before: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const filter = { type: 'configuration-changed', to: timeOf(to) }
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const found = await searchEvents(index, filter, { limit: PAGE, before })
    if (!found.ok) throw new Error('the index refuses a cursor of its own')
    // oxlint-disable-next-line no-await-in-loop
    const kept = await Promise.all(found.value.documents.map(({ entry }) => entries.get(entry)))
    for (const each of kept) {
      if (each?.entry.type !== 'configuration-changed' || each.entry.what !== 'policy') continue
      const { after, at } = each.entry
      if (after !== undefined) newestFirst.push({ digest: after, at })
      if (at <= from) return { policies: inOrder(newestFirst), isAll: true }
    }
    before = found.value.before
    if (before === undefined) return { policies: inOrder(newestFirst), isAll: true }
  }
  return { policies: inOrder(newestFirst), isAll: false }
}

function inOrder(
  newestFirst: readonly { readonly digest: string; readonly at: number }[],
): InForce[] {
  const oldestFirst = newestFirst.toReversed()
  return oldestFirst.map(({ digest, at }, place) => {
    const next = oldestFirst[place + 1]
    return { digest, from: timeOf(at), to: next && timeOf(next.at) }
  })
}
