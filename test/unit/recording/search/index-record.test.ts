import { describe, expect, test } from 'vitest'

import { decodeEntry } from '../../../../shared/adapters/decode-entry.ts'
import { sqliteStore } from '../../../../shared/adapters/sqlite/sqlite-store.ts'
import type { EntryStore } from '../../../../shared/recording/entry-store.ts'
import type { OutcomeEntry, RefusalEntry } from '../../../../shared/recording/entry.ts'
import { NoEntry } from '../../../../shared/recording/no-entry.ts'
import { type Indexing, indexRecord } from '../../../../shared/recording/search/index-record.ts'
import type { CallDocument } from '../../../../shared/recording/search/search-document.ts'
import { search } from '../../../../shared/recording/search/search.ts'
import { memorySearchIndex } from '../../../support/memory-search-index.ts'
import { testPart } from '../../../support/record-parts.ts'
import {
  sampleCallId,
  sampleDelivery,
  sampleRequest,
  sampleStored,
} from '../../../support/sample-entries.ts'
import { usualReviewTerms } from '../../../support/usual-review-terms.ts'

const MINUTE_MS = 60_000

function world() {
  const store = sqliteStore(':memory:', () => now.at)
  const index = memorySearchIndex()
  const now = { at: 1_790_000_000_000 }
  const work: Indexing = {
    entries: store.entries,
    index,
    decode: decodeEntry,
    clock: () => now.at,
    terms: usualReviewTerms,
  }
  const request = (number: number) =>
    store.entries.create(sampleRequest({ call: sampleCallId(number), at: now.at + number }))
  const outcome = (number: number) => store.entries.create(outcomeOf(sampleCallId(number), now.at))
  const outcomes = () =>
    [...index.indexed.values()].map(({ document }) =>
      document.kind === 'call' ? document.outcome : undefined,
    )
  return { store, index, now, work, request, outcome, outcomes }
}

function outcomeOf(call: string, at: number) {
  const entry: OutcomeEntry = {
    v: 1,
    type: 'outcome',
    id: `${call}~end`,
    call,
    at,
    private: undefined,
    request: '1'.repeat(64),
    session: 'a2',
    outcome: 'released',
    detail: undefined,
    delivery: sampleDelivery,
    credentialVersion: undefined,
    durationMs: 5,
  }
  return sampleStored(entry)
}

function denial(call: string, at: number) {
  const { part, ciphertext } = testPart(`${call}~refusal`, {
    sql: undefined,
    parameters: undefined,
    justification: undefined,
  })
  const { entry } = sampleRequest({ call, at })
  if (entry.type !== 'request') throw new Error('no request')
  const {
    decision,
    grant: _grant,
    connection: _connection,
    effectiveDigest: _digest,
    ...facts
  } = entry
  const refusal: RefusalEntry = {
    ...facts,
    type: 'refusal',
    id: `${call}~refusal`,
    private: part,
    problem: 'denied',
    decision: {
      effect: 'deny',
      rules: [],
      reason: 'no-matching-rule',
      policyDigest: decision.policyDigest,
    },
    source: { address: undefined, userAgent: undefined },
    unrecorded: 0,
  }
  return sampleStored(refusal, ciphertext)
}

describe('indexRecord', () => {
  test('makes a document of each call, and brings it up to what came later', async () => {
    const { work, request, outcome, outcomes, now, index } = world()
    await request(1)
    await request(2)
    await expect(indexRecord(work)).resolves.toEqual({ documents: 2, skipped: 0, isDone: true })
    await outcome(1)
    await expect(indexRecord(work)).resolves.toMatchObject({ documents: 1 })
    expect(outcomes()).toEqual(['released', undefined])
    now.at += 10 * MINUTE_MS
    await outcome(2)
    await expect(indexRecord(work)).resolves.toMatchObject({ documents: 1 })
    expect(outcomes()).toEqual(['released', 'released'])
    const turn = (await index.upTo())?.turn
    await indexRecord(work)
    await indexRecord(work)
    expect((await index.upTo())?.turn).toBe(turn)
  })

  test('finds what is seen later than what was committed after it', async () => {
    const { work, store, now, index } = world()
    const late = sampleRequest({ call: sampleCallId(1) })
    await store.entries.create(late)
    await store.entries.create(sampleRequest({ call: sampleCallId(2) }))
    await indexRecord({ ...work, entries: hiding(store.entries, () => late.entry.id) })
    expect(index.indexed.size).toBe(1)
    now.at += MINUTE_MS
    await indexRecord(work)
    expect(index.indexed.size).toBe(2)
  })

  test('finds it too where its own clock is ahead of that of the store', async () => {
    const { work, store, now, index } = world()
    const late = sampleRequest({ call: sampleCallId(1) })
    await store.entries.create(late)
    await store.entries.create(sampleRequest({ call: sampleCallId(2) }))
    const ahead: Indexing = { ...work, clock: () => now.at + 5 * MINUTE_MS }
    await indexRecord({ ...ahead, entries: hiding(store.entries, () => late.entry.id) })
    await indexRecord(ahead)
    expect(index.indexed.size).toBe(2)
  })

  test('finds what is seen only while a long run goes on, behind where that was', async () => {
    const { work, store, now, index } = world()
    const late = sampleRequest({ call: sampleCallId(1) })
    await store.entries.create(late)
    await store.entries.create(sampleRequest({ call: sampleCallId(2) }))
    let isHidden = true
    const hides = hiding(store.entries, () => (isHidden ? late.entry.id : undefined))
    const slow: Indexing['entries'] = {
      ...hides,
      committed: async (from, limit) => {
        const page = await hides.committed(from, limit)
        if (!isHidden) return page
        // So long does the rest of the run take, and meanwhile others write.
        isHidden = false
        now.at += 10 * MINUTE_MS
        await store.entries.create(sampleRequest({ call: sampleCallId(3), at: now.at }))
        return page
      },
    }
    await indexRecord({ ...work, entries: slow }, { forMs: 60 * MINUTE_MS, pageSize: 1 })
    expect([...index.indexed.keys()]).toEqual([2, 3].map((n) => `call~${sampleCallId(n)}`))
    await indexRecord(work)
    expect(index.indexed.size).toBe(3)
  })

  test('of two at once neither undoes what the other did', async () => {
    const { work, store, request, outcome, outcomes, index } = world()
    await request(1)
    // The first has read the record, and puts what it made of it after the second was done.
    let isHeld = true
    const slow: Indexing = {
      ...work,
      index: {
        ...index,
        put: async (...given) => {
          if (isHeld) {
            isHeld = false
            await outcome(1)
            await indexRecord(work)
          }
          return index.put(...given)
        },
      },
    }
    await indexRecord(slow)
    expect(outcomes()).toEqual(['released'])
    await Promise.all([1, 2, 3].map(() => indexRecord(work)))
    expect(outcomes()).toEqual(['released'])
    store.close()
  })

  test('goes on where one died, before it put and after', async () => {
    const { work, request, index, outcomes } = world()
    for (let number = 0; number < 20; number += 1) await request(number)
    for (const when of ['before', 'after'] as const) {
      const dies: Indexing = {
        ...work,
        index: {
          ...index,
          put: async (...given) => {
            if (when === 'after') await index.put(...given)
            throw new Error('died')
          },
        },
      }
      await expect(indexRecord(dies)).rejects.toThrow('died')
      expect(index.indexed.size).toBe(when === 'after' ? 20 : 0)
    }
    await indexRecord(work)
    expect(outcomes()).toHaveLength(20)
  })

  test('stops in time, and the next goes on', async () => {
    const { work, request, now, index } = world()
    for (let number = 0; number < 6; number += 1) await request(number)
    now.at += 10 * MINUTE_MS
    const first = await indexRecord(work, { forMs: 0, pageSize: 4 })
    expect(first).toMatchObject({ documents: 4, isDone: false })
    await expect(indexRecord(work)).resolves.toMatchObject({ documents: 2, isDone: true })
    expect(index.indexed.size).toBe(6)
  })

  test('makes everything again for a new version, though it reads the same, and then no more', async () => {
    const { work, request, index, now } = world()
    for (let number = 0; number < 3; number += 1) await request(number)
    now.at += 20 * MINUTE_MS
    await indexRecord(work)
    const expected = await index.upTo()
    if (expected === undefined) throw new Error('nothing was indexed')
    await index.put([], { expected, next: { ...expected, version: 0, turn: expected.turn + 1 } })
    // One that dies on the way leaves the rest to the next.
    const first = await indexRecord(work, { forMs: 0, pageSize: 1 })
    expect(first).toMatchObject({ documents: 1, isDone: false })
    await expect(indexRecord(work)).resolves.toMatchObject({ documents: 2 })
    expect((await index.upTo())?.version).toBe(expected.version)
    now.at += 60 * MINUTE_MS
    await request(9)
    await indexRecord(work)
    await expect(indexRecord(work)).resolves.toMatchObject({ documents: 0 })
    expect((await index.upTo())?.olderUpTo).toBeUndefined()
  })

  test('passes over what is no entry, and says so', async () => {
    const { work, request, store, index } = world()
    await request(1)
    await request(2)
    const [first] = await store.entries.committed({ at: 0 }, 1)
    const decode: Indexing['decode'] = (raw) => {
      if (raw.id === first?.id) throw new NoEntry('no entry')
      return decodeEntry(raw)
    }
    await expect(indexRecord({ ...work, decode })).resolves.toMatchObject({ skipped: 1 })
    expect([...index.indexed.keys()]).toEqual([`call~${sampleCallId(2)}`])
  })

  test('passes over a call of which one entry is none, and says so', async () => {
    const { work, request, outcome, store, outcomes } = world()
    await request(1)
    await indexRecord(work)
    await outcome(1)
    const entries = { ...store.entries, list: noEntry }
    await expect(indexRecord({ ...work, entries })).resolves.toMatchObject({ skipped: 1 })
    // Of what could be read.
    expect(outcomes()).toEqual(['released'])
  })

  test.each(['list', 'committed'] as const)(
    'does not take a store that cannot %s for one with a bad entry',
    async (method) => {
      const { work, request, outcome, outcomes, store, index } = world()
      await request(1)
      await indexRecord(work)
      await outcome(1)
      const before = await index.upTo()
      const down = { ...store.entries, [method]: () => Promise.reject(new Error('is down')) }
      await expect(indexRecord({ ...work, entries: down })).rejects.toThrow('is down')
      expect(await index.upTo()).toEqual(before)
      expect(outcomes()).toEqual([undefined])
      await indexRecord(work)
      expect(outcomes()).toEqual(['released'])
    },
  )

  test('flags what began after enough others, also of the same batch, once', async () => {
    const { work, store, now, index } = world()
    for (let number = 0; number < 7; number += 1)
      await store.entries.create(denial(sampleCallId(number), now.at + number * 1_000))
    await indexRecord(work)
    const found = await search(index, { flag: ['repeated-denials'] }, { limit: 9 })
    expect(found.ok && found.value.documents.map(flagWords)).toEqual([
      ['7 times denied in 10 minutes'],
      ['6 times denied in 10 minutes'],
      ['5 times denied in 10 minutes'],
    ])
    await expect(indexRecord(work)).resolves.toMatchObject({ documents: 0 })
  })
})

const noEntry = () => Promise.reject(new NoEntry('no entry'))

/** A store that does not show one entry in the order of commits. */
function hiding(entries: EntryStore, hidden: () => string | undefined): EntryStore {
  return {
    ...entries,
    async committed(from, limit) {
      const page = await entries.committed(from, limit + 1)
      return page.filter(({ id }) => id !== hidden()).slice(0, limit)
    },
  }
}

function flagWords({ flags }: CallDocument): readonly string[] {
  return flags.map(({ why }) => why)
}
