import type { EntryStore } from '../../shared/recording/entry-store.ts'
import type { Entry } from '../../shared/recording/entry.ts'
import { documentIdOf, documentOf } from '../../shared/recording/search/document-of.ts'
import type { SearchIndex } from '../../shared/recording/search/search-index.ts'
import { tokensOf } from '../../shared/recording/search/tokens-of.ts'

/** Puts the whole record into the index at once. */
export async function indexAll(
  entries: Pick<EntryStore, 'committed'>,
  index: SearchIndex,
): Promise<void> {
  const raws = await entries.committed({ at: 0 }, 10_000)
  const groups = new Map<string, Entry[]>()
  for (const { bytes } of raws) {
    const entry: Entry = JSON.parse(bytes.toString())
    const id = documentIdOf(entry)
    if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), entry])
  }
  const documents = [...groups.values()].flatMap((group) => {
    const document = documentOf(group)
    return document === undefined ? [] : [{ document, tokens: tokensOf(document) }]
  })
  const last = raws.at(-1)
  if (last === undefined) return
  const expected = await index.upTo()
  const next = {
    at: last.committedAt,
    after: last.id,
    version: expected?.version ?? 1,
    turn: (expected?.turn ?? 0) + 1,
  }
  await index.put(documents, { expected, next })
}
