import { expect, test } from 'vitest'

import { decodeEntry } from '../../../../shared/adapters/decode-entry.ts'
import { sqliteStore } from '../../../../shared/adapters/sqlite/sqlite-store.ts'
import { removeFound } from '../../../../shared/recording/retention/remove-found.ts'
import { indexRecord } from '../../../../shared/recording/search/index-record.ts'
import { search } from '../../../../shared/recording/search/search.ts'
import { sampleCallId, sampleRequest } from '../../../support/sample-entries.ts'
import { usualReviewTerms } from '../../../support/usual-review-terms.ts'

const NOW = 1_790_000_000_000

async function world() {
  const store = sqliteStore(':memory:', () => NOW)
  for (const number of [1, 2])
    await store.entries.create(sampleRequest({ call: sampleCallId(number), at: NOW + number }))
  const { entries, search: index } = store
  await indexRecord({
    entries,
    index,
    decode: decodeEntry,
    clock: () => NOW,
    terms: usualReviewTerms,
  })
  const found = async () => {
    const page = await search(index, { principal: ['ana'] }, { limit: 9 })
    if (!page.ok) throw new Error(page.error.problem)
    return page.value.documents.map(({ call }) => call)
  }
  return { store, found }
}

test('entries stay when the index cannot be reached', async () => {
  const { store, found } = await world()
  const down = { remove: () => Promise.reject(new Error('down')) }
  const remove = removeFound(store.removeEntries, down)
  await expect(remove([`${sampleCallId(1)}~request`])).rejects.toThrow('down')
  await expect(store.entries.get(`${sampleCallId(1)}~request`)).resolves.toBeDefined()
  await expect(found()).resolves.toHaveLength(2)
})
