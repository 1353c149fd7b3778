import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { CallDocument } from '../../shared/recording/search/search-document.ts'
import type {
  IndexQuery,
  IndexedUpTo,
  SearchIndex,
} from '../../shared/recording/search/search-index.ts'
import { indexedDocument, sampleDocument } from '../support/sample-documents.ts'
import type { OpenStore } from './entry-store.ts'

const START: IndexedUpTo = { at: 1, after: undefined, version: 1, turn: 0 }

/** What `SearchIndex` promises on every store. Each call opens an empty one. */
export function searchIndexContract(open: () => Promise<OpenStore<SearchIndex>>): void {
  describe('the search index', () => {
    let store: OpenStore<SearchIndex>
    let index: SearchIndex
    beforeEach(async () => {
      store = await open()
      index = store.port
    })
    afterEach(() => store.close())

    const put = async (...documents: readonly CallDocument[]) => {
      const expected = await index.upTo()
      const next = { ...START, turn: (expected?.turn ?? 0) + 1 }
      return index.put(documents.map(indexedDocument), { expected, next })
    }

    const all = async (query: IndexQuery, limit: number): Promise<readonly string[]> => {
      const ids: string[] = []
      for (let before: string | undefined; ;) {
        const page = await index.find({ ...query, limit, before })
        if (!page.ok) throw new Error(page.error.problem)
        expect(page.value.documents.length).toBeLessThanOrEqual(limit)
        ids.push(...page.value.documents.map(({ id }) => id))
        before = page.value.before
        if (before === undefined) return ids
      }
    }

    test('has nothing, and no place, at first', async () => {
      await expect(index.upTo()).resolves.toBeUndefined()
      await expect(index.get('call~a')).resolves.toBeUndefined()
      await expect(all({ tokens: ['is:call'] }, 5)).resolves.toEqual([])
      await expect(index.count({ tokens: ['is:call'] }, 5)).resolves.toBe(0)
    })

    test('gives a document back as it was put, whatever is in it', async () => {
      const document = sampleDocument(1, {
        strippedSql: '\'; DROP TABLE x; -- \u0000 " NEAR(a b) * 𝒳 </script>',
        rules: ['"', 'a OR b', 'col:x'],
        masked: [{ column: 'acme.hospital.patients.ssn', mask: 'SHA256' }],
        flags: [{ rule: 'mass-read', why: '5 rows' }],
        problem: undefined,
        columns: Array.from({ length: 900 }, (_, n) => `acme.hospital.patients.column_${n}`),
      })
      await put(document)
      await expect(index.get(document.id)).resolves.toEqual(document)
      const page = await index.find({ tokens: ['rule:a or b', 'rule:"'], limit: 5 })
      expect(page.ok && page.value.documents).toEqual([document])
    })

    test('replaces a document of the same id, also when it began earlier', async () => {
      await put(sampleDocument(1, { decision: 'permit' }))
      await put(sampleDocument(1, { decision: 'deny', at: 1_700_000_000_000 }))
      await expect(all({ tokens: ['decision:permit'] }, 5)).resolves.toEqual([])
      await expect(all({ tokens: ['decision:deny'] }, 5)).resolves.toEqual([sampleDocument(1).id])
      await expect(index.count({ tokens: ['is:call'] }, 5)).resolves.toBe(1)
    })

    test('finds what has every token, newest first, in pages of any size', async () => {
      const documents = Array.from({ length: 40 }, (_, n) =>
        sampleDocument(n, {
          rules: [...(n % 2 === 0 ? ['even'] : []), ...(n % 3 === 0 ? ['third'] : [])],
        }),
      )
      await put(...documents.slice(20), ...documents.slice(0, 20))
      const wanted = documents
        .filter((_, n) => n % 6 === 0)
        .map(({ id }) => id)
        .toReversed()
      for (const limit of [1, 2, 3, 50])
        expect(await all({ tokens: ['rule:even', 'rule:third'] }, limit)).toEqual(wanted)
      await expect(all({ tokens: ['rule:even', 'rule:none'] }, 3)).resolves.toEqual([])
      const { at } = sampleDocument(0)
      const some = { tokens: ['rule:even', 'rule:third'], from: at + 6, to: at + 30 }
      expect(await all(some, 2)).toEqual(wanted.slice(2, 6))
      await expect(index.count(some, 10)).resolves.toBe(4)
      await expect(index.count(some, 3)).resolves.toBe(3)
      await expect(index.count({ tokens: ['rule:even'] }, 100)).resolves.toBe(20)
    })

    test('counts what has one token, or several, from and to an instant', async () => {
      await put(...Array.from({ length: 12 }, (_, n) => sampleDocument(n)))
      const { at } = sampleDocument(0)
      for (const tokens of [['is:call'], ['is:call', 'decision:permit']]) {
        await expect(index.count({ tokens, from: at + 3 }, 99)).resolves.toBe(9)
        await expect(index.count({ tokens, to: at + 3 }, 99)).resolves.toBe(3)
        await expect(index.count({ tokens, from: at + 3, to: at + 5 }, 99)).resolves.toBe(2)
        await expect(index.count({ tokens, from: at + 3, to: at + 3 }, 99)).resolves.toBe(0)
        await expect(index.count({ tokens, from: at - 9 }, 5)).resolves.toBe(5)
        // As the indexer asks: over REST, Firestore refused what is endless, and with it each sweep after a governed read.
        await expect(index.count({ tokens, from: -Infinity, to: at + 3 }, 99)).resolves.toBe(3)
        await expect(index.count({ tokens, from: at + 3, to: Infinity }, 99)).resolves.toBe(9)
        await expect(index.count({ tokens, to: at }, 1)).resolves.toBe(0)
      }
    })

    test('has each document of one instant on one page', async () => {
      const { at } = sampleDocument(0)
      const documents = Array.from({ length: 12 }, (_, n) => sampleDocument(n, { at }))
      await put(...documents)
      for (const limit of [1, 5, 11, 12])
        expect((await all({ tokens: ['is:call'] }, limit)).toSorted()).toEqual(
          documents.map(({ id }) => id).toSorted(),
        )
    })

    test('goes on where a page ended, though more came meanwhile', async () => {
      await put(...[1, 2, 3, 4].map((n) => sampleDocument(n)))
      const first = await index.find({ tokens: ['is:call'], limit: 2 })
      if (!first.ok) throw new Error(first.error.problem)
      await put(sampleDocument(9))
      const second = await index.find({
        tokens: ['is:call'],
        limit: 5,
        before: first.value.before,
      })
      expect(second.ok && second.value.documents.map(({ id }) => id)).toEqual(
        [2, 1].map((n) => sampleDocument(n).id),
      )
    })

    test('refuses a cursor that was changed, or made for another query', async () => {
      await put(...[1, 2, 3, 4].map((n) => sampleDocument(n)))
      const query = { tokens: ['is:call'], limit: 2 }
      const first = await index.find(query)
      const cursor = first.ok ? (first.value.before ?? '') : ''
      const invalid = { ok: false, error: { problem: 'cursor-invalid' } }
      for (const before of ['', 'x', `${cursor}A`, cursor.slice(0, -2), cursor.toUpperCase()])
        await expect(index.find({ ...query, before })).resolves.toEqual(invalid)
      for (const other of [{ tokens: ['decision:permit'] }, { from: 1 }, { to: 9e12 }])
        await expect(index.find({ ...query, ...other, before: cursor })).resolves.toEqual(invalid)
    })

    test('of two who put on the same place, one is told that it was too late', async () => {
      await put(sampleDocument(1))
      const expected = await index.upTo()
      const documents = [indexedDocument(sampleDocument(2, { decision: 'deny' }))]
      const next = { ...START, turn: 7 }
      await expect(index.put([], { expected, next })).resolves.toBe(true)
      await expect(index.put(documents, { expected, next })).resolves.toBe(false)
      await expect(index.put(documents, { expected: undefined, next })).resolves.toBe(false)
      await expect(index.upTo()).resolves.toEqual(next)
      await expect(index.get(sampleDocument(2).id)).resolves.toBeUndefined()
    })

    test('of many who put at once, one does', async () => {
      const next = { ...START, turn: 1 }
      const puts = await Promise.all(
        [1, 2, 3].map((n) =>
          index.put([indexedDocument(sampleDocument(n))], { expected: undefined, next }),
        ),
      )
      expect(puts.filter(Boolean)).toHaveLength(1)
      await expect(index.count({ tokens: ['is:call'] }, 9)).resolves.toBe(1)
    })

    test('what is removed is not found, and whoever read before it is told', async () => {
      await put(...[1, 2, 3].map((n) => sampleDocument(n)))
      const expected = await index.upTo()
      await index.remove([sampleDocument(1).id, sampleDocument(3).id, 'call~never'])
      await expect(all({ tokens: ['is:call'] }, 9)).resolves.toEqual([sampleDocument(2).id])
      await expect(index.get(sampleDocument(1).id)).resolves.toBeUndefined()
      const stale = [indexedDocument(sampleDocument(1))]
      await expect(index.put(stale, { expected, next: { ...START, turn: 9 } })).resolves.toBe(false)
      await expect(index.get(sampleDocument(1).id)).resolves.toBeUndefined()
    })

    test('a query without a token is a bug of who asks', async () => {
      await expect(index.find({ tokens: [], limit: 1 })).rejects.toThrow('without tokens')
      await expect(index.count({ tokens: [] }, 1)).rejects.toThrow('without tokens')
    })
  })
}
