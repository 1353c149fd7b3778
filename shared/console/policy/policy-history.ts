import type { EntryStore } from '../../recording/entry-store.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import { searchEvents } from '../../recording/search/search.ts'
import { personOf, timeOf } from '../calls/person-of.ts'
import type { PolicyView } from '../views/policy-view.ts'

const MOST = 50

/** What was in force before, newest first. Rejects when index or store cannot be reached. */
export async function policyHistory({
  index,
  entries,
}: {
  readonly index: Pick<SearchIndex, 'find'>
  readonly entries: Pick<EntryStore, 'get'>
}): Promise<PolicyView['history']> {
  const found = await searchEvents(index, { type: 'configuration-changed' }, { limit: MOST })
  if (!found.ok) throw new Error('the index refuses a query without a cursor')
  const history: PolicyView['history'] = []
  for (const { entry: id } of found.value.documents) {
    // oxlint-disable-next-line no-await-in-loop -- fifty at most, and nearly always a few
    const kept = await entries.get(id)
    if (kept?.entry.type !== 'configuration-changed') continue
    const { at, what, before, after, by } = kept.entry
    history.push({ at: timeOf(at), what, before, after, by: by && personOf(by) })
  }
  return history
}
