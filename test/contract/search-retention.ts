import { describe, expect, test } from 'vitest'

import { decodeEntry } from '../../shared/adapters/decode-entry.ts'
import type { EntryStore } from '../../shared/recording/entry-store.ts'
import type { RemoveEntries } from '../../shared/recording/retention/entry-removal.ts'
import { removeFound } from '../../shared/recording/retention/remove-found.ts'
import { indexRecord } from '../../shared/recording/search/index-record.ts'
import type { SearchIndex } from '../../shared/recording/search/search-index.ts'
import { search } from '../../shared/recording/search/search.ts'
import { sampleCallId, sampleRequest } from '../support/sample-entries.ts'
import { usualReviewTerms } from '../support/usual-review-terms.ts'
import type { OpenStore } from './entry-store.ts'

interface Port {
  readonly entries: EntryStore
  readonly search: SearchIndex
  readonly removeEntries: RemoveEntries
}

/** What `removeFound` promises on every store. Each call opens an empty one. */
export function searchRetentionContract(open: () => Promise<OpenStore<Port>>): void {
  const world = async () => {
    const { port: store, close } = await open()
    for (const number of [1, 2])
      await store.entries.create(sampleRequest({ call: sampleCallId(number), at: NOW + number }))
    const { entries, search: index } = store
    const follow = () =>
      indexRecord({
        entries,
        index,
        decode: decodeEntry,
        clock: () => NOW,
        terms: usualReviewTerms,
      })
    await follow()
    const found = async () => {
      const page = await search(index, { principal: ['ana'] }, { limit: 9 })
      if (!page.ok) throw new Error(page.error.problem)
      return page.value.documents.map(({ call }) => call)
    }
    return { store, index, follow, found, close }
  }

  describe('what retention finds', () => {
    test('is not found any more when it is removed, nor indexed again', async () => {
      const { store, index, follow, found, close } = await world()
      await expect(found()).resolves.toEqual([sampleCallId(2), sampleCallId(1)])
      await removeFound(store.removeEntries, index)([`${sampleCallId(1)}~request`])
      await expect(found()).resolves.toEqual([sampleCallId(2)])
      await follow()
      await expect(found()).resolves.toEqual([sampleCallId(2)])
      await close()
    })

    test('is not brought back by an indexer that has read what goes', async () => {
      const { store, index, follow, found, close } = await world()
      const remove = removeFound(async (ids) => {
        // Between the two it is indexed again, from entries that are still there.
        await follow()
        await store.removeEntries(ids)
      }, index)
      await remove([`${sampleCallId(1)}~request`])
      await expect(found()).resolves.toEqual([sampleCallId(2)])
      await close()
    })
  })
}

const NOW = 1_790_000_000_000
