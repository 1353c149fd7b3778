import type { CallDocument } from '../../recording/search/search-document.ts'
import type { IndexQuery, SearchIndex } from '../../recording/search/search-index.ts'

const PAGE = 250
/** A page may be empty and not the last. */
const MOST_PAGES = 40

/** The newest calls of a query, and whether these are all of them. */
export interface NewestCalls {
  readonly calls: readonly CallDocument[]
  readonly isAll: boolean
}

/** At most so many; only those that `isWanted`. Rejects when the index cannot be reached. */
export async function newestCalls(
  index: Pick<SearchIndex, 'find'>,
  query: IndexQuery,
  most: number,
  isWanted: (call: CallDocument) => boolean = () => true,
): Promise<NewestCalls> {
  const calls: CallDocument[] = []
  let before: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each page starts where the one before ends
    const found = await index.find({ ...query, limit: PAGE, before })
    if (!found.ok) throw new Error('the index refuses a cursor of its own')
    for (const document of found.value.documents)
      if (document.kind === 'call' && isWanted(document)) calls.push(document)
    before = found.value.before
    if (calls.length > most || (calls.length === most && before !== undefined))
      return { calls: calls.slice(0, most), isAll: false }
    if (before === undefined) return { calls, isAll: true }
  }
  return { calls, isAll: false }
}
