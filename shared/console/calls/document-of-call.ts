import { callDocument } from '../../recording/search/call-document.ts'
import type { CallDocument } from '../../recording/search/search-document.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import type { CallEntries } from './call-entries.ts'

/**
 * A call as lists show it: by its entries as they are now, flagged as the index has it, which may be behind. Rejects when the
 * index cannot be reached.
 */
export async function documentOfCall(
  { index }: { readonly index: Pick<SearchIndex, 'get'> },
  { first, all }: CallEntries,
): Promise<CallDocument> {
  const document = callDocument(all.map(({ entry }) => entry))
  if (document === undefined) throw new Error(`no call: \`${first.entry.call}\``)
  const indexed = await index.get(document.id)
  return indexed?.kind === 'call' ? { ...document, flags: indexed.flags } : document
}
