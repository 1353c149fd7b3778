import type { IndexedDocument, SearchIndex } from '../../../shared/recording/search/search-index.ts'
import { tokensOf } from '../../../shared/recording/search/tokens-of.ts'
import { generatedCalls } from './generated-calls.ts'

const BATCH = 2_000

/** Puts the calls of so many entries into an index, in batches as the indexer does. */
export async function fillIndex(
  index: SearchIndex,
  entries: number,
  say: (progress: string) => void,
): Promise<void> {
  let batch: IndexedDocument[] = []
  let count = 0
  let told = 0
  const put = async () => {
    const expected = await index.upTo()
    const turn = (expected?.turn ?? 0) + 1
    await index.put(batch, { expected, next: { at: count, after: undefined, version: 1, turn } })
    batch = []
  }
  for (const { document, entries: own } of generatedCalls()) {
    batch.push({ document, tokens: tokensOf(document) })
    count += own
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    if (batch.length === BATCH) await put()
    if (count - told >= 100_000) {
      told = count
      say(`search: ${count} of ${entries} entries in the index`)
    }
    if (count >= entries) break
  }
  await put()
}
