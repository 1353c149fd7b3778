import type { SearchIndex } from '../search/search-index.ts'
import type { RemoveEntries } from './entry-removal.ts'

/**
 * `RemoveEntries` that takes what a search finds of the entries with them: before, so that nothing is found that is gone, and
 * after, as somebody may have indexed them meanwhile. What it says of a call goes with the first of its entries.
 */
export function removeFound(
  remove: RemoveEntries,
  index: Pick<SearchIndex, 'remove'>,
): RemoveEntries {
  return async (ids) => {
    const documents = [...new Set(ids.flatMap(documentsOf))]
    if (documents.length > 0) await index.remove(documents)
    await remove(ids)
    if (documents.length > 0) await index.remove(documents)
  }
}

/** Ids of the documents that the entry of an id may have part in, by the forms of FORMAT.md §2. */
function documentsOf(id: string): readonly string[] {
  const [first = '', second = ''] = id.split('~')
  const own = `event~${id}`
  return first === 'session' ? [`session~${second}`, own] : [`call~${first}`, own]
}
