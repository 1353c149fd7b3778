import { expect, test } from 'vitest'

import { matches } from '../../shared/recording/search/matches.ts'
import type { CallDocument } from '../../shared/recording/search/search-document.ts'
import type { SearchFilter } from '../../shared/recording/search/search-filter.ts'
import type { SearchIndex } from '../../shared/recording/search/search-index.ts'
import { search } from '../../shared/recording/search/search.ts'
import { indexedDocument, sampleDocument } from '../support/sample-documents.ts'
import type { OpenStore } from './entry-store.ts'

const documents = Array.from({ length: 60 }, (_, n): CallDocument => {
  const is = (every: number) => n % every === 0
  return sampleDocument(n, {
    decision: is(3) ? 'deny' : 'permit',
    outcome: is(3) ? undefined : is(4) ? 'failed' : 'released',
    tables: is(2) ? ['acme.hospital.patients'] : ['acme.crm.accounts'],
    bytesProcessed: is(7) ? undefined : n * 100,
    tags: is(5) ? ['pii'] : [],
  })
})

const parts: readonly SearchFilter[] = [
  {},
  { decision: 'deny' },
  { outcome: 'released' },
  { table: ['patients'] },
  { minBytes: 1_300 },
  { maxBytes: 4_100 },
  { tag: ['pii'] },
  { from: new Date(documents[20]?.at ?? 0).toISOString() },
]

/** What `search` promises over every store: page by page exactly what a look at every document finds. */
export function searchExactlyContract(
  open: () => Promise<OpenStore<SearchIndex>>,
  limits: readonly number[],
): void {
  test('search finds, page by page, exactly what a look at every document finds', async () => {
    const { port: index, close } = await open()
    const next = { at: 1, after: undefined, version: 1, turn: 1 }
    await index.put(documents.map(indexedDocument), { expected: undefined, next })
    for (const [number, one] of parts.entries())
      for (const other of parts.slice(number))
        for (const limit of limits) {
          const filter = { ...one, ...other }
          const wanted = documents.filter((each) => matches(filter, each)).map(({ id }) => id)
          expect(await found(index, filter, limit)).toEqual(wanted.toReversed())
        }
    await close()
  })
}

async function found(index: SearchIndex, filter: SearchFilter, limit: number) {
  const ids: string[] = []
  let before: string | undefined
  do {
    const page = await search(index, filter, { limit, before })
    if (!page.ok) throw new Error(page.error.problem)
    ids.push(...page.value.documents.map(({ id }) => id))
    before = page.value.before
  } while (before !== undefined)
  return ids
}
