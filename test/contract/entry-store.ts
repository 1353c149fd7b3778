import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { EntryQuery, EntryStore, StoredEntry } from '../../shared/recording/entry-store.ts'
import type { Entry } from '../../shared/recording/entry.ts'
import { testPart } from '../support/record-parts.ts'
import {
  sampleCallId,
  sampleDelivery,
  sampleFacts,
  sampleRequest,
  sampleSession,
  sampleStored,
} from '../support/sample-entries.ts'

export interface OpenStore<Port> {
  readonly port: Port
  close(): Promise<void> | void
}

/** What every `EntryStore` promises. Each call opens an empty one. */
export function entryStoreContract(open: () => Promise<OpenStore<EntryStore>>): void {
  describe('entries', () => {
    let store: OpenStore<EntryStore>
    let entries: EntryStore
    beforeAll(async () => {
      store = await open()
      entries = store.port
    })
    afterAll(() => store.close())

    const call = calls()

    test('an entry is there as it was once create resolved', async () => {
      const stored = sampleRequest({ call: call() })
      await expect(entries.create(stored)).resolves.toBe('created')
      await expect(entries.get(stored.entry.id)).resolves.toEqual(asKept(stored))
    })

    test.each(everyType())(
      '%s entries are read back as they were',
      async (_, entry, ciphertext) => {
        const stored = sampleStored(entry, ciphertext)
        await expect(entries.create(stored)).resolves.toBe('created')
        await expect(entries.get(stored.entry.id)).resolves.toEqual(asKept(stored))
      },
    )

    test('the same bytes again are as good as the first time', async () => {
      const stored = sampleRequest({ call: call() })
      await entries.create(stored)
      await expect(entries.create(stored)).resolves.toBe('created')
      await expect(entries.create({ ...stored, bytes: Buffer.from(stored.bytes) })).resolves.toBe(
        'created',
      )
    })

    test('other bytes under the same id get the first ones back and change nothing', async () => {
      const id = call()
      const first = sampleRequest({ call: id, sql: 'SELECT 1' })
      const second = sampleRequest({ call: id, sql: 'SELECT 2' })
      await entries.create(first)
      await expect(entries.create(second)).resolves.toEqual({ existing: asKept(first) })
      await expect(entries.get(first.entry.id)).resolves.toEqual(asKept(first))
    })

    test('of 50 creates under one id at once, one wins and all others learn which', async () => {
      const id = call()
      const rivals = Array.from({ length: 50 }, (_, at) => sampleRequest({ call: id, at }))
      const outcomes = await Promise.all(rivals.map((rival) => entries.create(rival)))
      const winners = rivals.filter((_, index) => outcomes[index] === 'created')
      expect(winners).toHaveLength(1)
      const [winner] = winners.map(asKept)
      expect(outcomes.filter((outcome) => outcome !== 'created')).toEqual(
        Array.from({ length: 49 }, () => ({ existing: winner })),
      )
      await expect(entries.get(`${id}~request`)).resolves.toEqual(winner)
    })

    test('the same entry under another stamp is somebody else’s, and changes nothing', async () => {
      const first = sampleRequest({ call: call() })
      const { stamp } = first.stamp
      const second = { ...first, stamp: { ...first.stamp, stamp: { ...stamp, number: 9_999 } } }
      await entries.create(first)
      await expect(entries.create(second)).resolves.toEqual({ existing: asKept(first) })
      await expect(entries.get(first.entry.id)).resolves.toEqual(asKept(first))
    })

    test('an unknown id is undefined', async () => {
      await expect(entries.get(`${call()}~request`)).resolves.toBeUndefined()
      await expect(entries.get('')).resolves.toBeUndefined()
      await expect(entries.get('../jobs/x')).resolves.toBeUndefined()
      await expect(entries.get('.')).resolves.toBeUndefined()
    })

    test.each([
      ['text of many scripts', 'SELECT "naïve 🏥 שלום \u0000 \u001f \u2028 \ufeff e\u0301"'],
      ['900 kB of text', `SELECT "${'ü7 '.repeat(225_000)}"`],
      ['900 kB that barely compress', `SELECT "${randomBytes(450_000).toString('hex')}"`],
    ])('%s keep every byte', async (_, sql) => {
      const stored = sampleRequest({ call: call(), sql })
      await expect(entries.create(stored)).resolves.toBe('created')
      const read = await entries.get(stored.entry.id)
      expect(read?.bytes.equals(stored.bytes)).toBe(true)
      expect(read?.hash).toBe(stored.hash)
      await expect(entries.create(stored)).resolves.toBe('created')
    })

    test('what no store can hold is said to be too large, and is not there', async () => {
      const stored = sampleRequest({ call: call(), sql: randomBytes(1_500_000).toString('base64') })
      await expect(entries.create(stored)).resolves.toBe('too-large')
      await expect(entries.get(stored.entry.id)).resolves.toBeUndefined()
    })
  })

  describe('lists of entries', () => {
    let store: OpenStore<EntryStore>
    let entries: EntryStore
    const ana = sampleSession('ana')
    const bob = sampleSession('bob')
    // Two share each instant, so that ids decide; calls alternate, so that lists mix.
    const all = Array.from({ length: 12 }, (_, n) =>
      sampleRequest({
        call: sampleCallId(n % 6),
        id: `${sampleCallId(n % 6)}~page~${'abcdefghijkl'.charAt(n)}`,
        at: 1_790_000_000_000 + Math.floor(n / 2),
        session: { ...sampleRequestSession, id: n % 3 === 0 ? ana.id : bob.id },
      }),
    )
    const newestFirst = all.toSorted(
      ({ entry: a }, { entry: b }) => b.at - a.at || (a.id < b.id ? 1 : -1),
    )
    beforeAll(async () => {
      store = await open()
      entries = store.port
      for (const stored of [...all.slice(5), ...all.slice(0, 5)]) await entries.create(stored)
    })
    afterAll(() => store.close())

    async function walk(query: EntryQuery): Promise<readonly (readonly string[])[]> {
      const pages: string[][] = []
      for (let before: string | undefined; ;) {
        const page = await entries.list({ ...query, before })
        if (!page.ok) throw new Error(page.error.problem)
        pages.push(page.value.entries.map(({ entry }) => entry.id))
        before = page.value.before
        if (before === undefined) return pages
      }
    }
    const idsOf = (stored: typeof all) => stored.map(({ entry }) => entry.id)

    test.each([1, 2, 5, 6, 11, 12, 13, 100])('pages of %i, newest first', async (limit) => {
      const pages = await walk({ limit })
      expect(pages.flat()).toEqual(idsOf(newestFirst))
      expect(pages).toHaveLength(Math.ceil(12 / limit))
    })

    test('one call', async () => {
      const call = sampleCallId(3)
      const pages = await walk({ call, limit: 1 })
      expect(pages.flat()).toEqual(idsOf(newestFirst.filter(({ entry }) => entry.call === call)))
    })

    test('one session', async () => {
      const pages = await walk({ session: ana.id, limit: 3 })
      const ofAna = newestFirst.filter(
        ({ entry }) => entry.type === 'request' && entry.session.id === ana.id,
      )
      expect(pages.flat()).toEqual(idsOf(ofAna))
      expect(pages).toHaveLength(2)
    })

    test.each([0, 1, 3, 6, 7])('only those before an instant', async (n) => {
      const until = 1_790_000_000_000 + n
      const earlier = newestFirst.filter(({ entry }) => entry.at < until)
      expect(earlier).toHaveLength(Math.min(2 * n, 12))
      for (const limit of [1, 5, 100])
        expect((await walk({ limit, until })).flat()).toEqual(idsOf(earlier))
      const call = sampleCallId(3)
      const ofCall = earlier.filter(({ entry }) => entry.call === call)
      expect((await walk({ call, limit: 1, until })).flat()).toEqual(idsOf(ofCall))
    })

    test('nothing there is one empty page', async () => {
      await expect(walk({ call: sampleCallId(99), limit: 5 })).resolves.toEqual([[]])
      await expect(walk({ session: 'nobody', limit: 5 })).resolves.toEqual([[]])
    })

    test('entries that come while somebody reads do not move the pages', async () => {
      const first = await entries.list({ session: bob.id, limit: 3 })
      if (!first.ok) throw new Error('unreachable')
      await entries.create(
        sampleRequest({
          call: sampleCallId(50),
          at: 1_790_000_001_000,
          session: { ...sampleRequestSession, id: bob.id },
        }),
      )
      const second = await entries.list({ session: bob.id, limit: 100, before: first.value.before })
      if (!second.ok) throw new Error('unreachable')
      const ofBob = newestFirst.filter(
        ({ entry }) => entry.type === 'request' && entry.session.id === bob.id,
      )
      expect(second.value.entries.map(({ entry }) => entry.id)).toEqual(idsOf(ofBob.slice(3)))
    })

    test('a cursor that was changed, made up or made for another list is a problem', async () => {
      const page = await entries.list({ session: bob.id, limit: 2 })
      const cursor = page.ok ? (page.value.before ?? '') : ''
      expect(cursor).not.toBe('')
      const letters = cursor.split('')
      const changed = letters.map((letter, index) =>
        letters.with(index, letter === 'A' ? 'B' : 'A').join(''),
      )
      const bad = ['', ' ', 'null', '0', `${cursor}A`, `${cursor}=`, cursor.slice(1), ...changed]
      for (const before of bad)
        expect(await entries.list({ session: bob.id, limit: 2, before })).toEqual({
          ok: false,
          error: { problem: 'cursor-invalid' },
        })
      const later = { limit: 2, session: bob.id, until: 1_790_000_002_000 }
      for (const other of [{ limit: 2 }, { limit: 2, session: ana.id }, later])
        expect(await entries.list({ ...other, before: cursor })).toMatchObject({ ok: false })
    })
  })
}

const sampleRequestSession = (() => {
  const { entry } = sampleRequest()
  if (entry.type !== 'request') throw new Error('unreachable')
  return entry.session
})()

/** A call id that no other test of this run has. */
function calls(): () => string {
  let number = 1_000
  return () => sampleCallId((number += 1))
}

/** What was stored as it must come back: members that were undefined are gone, and there is a time. */
function asKept(stored: StoredEntry) {
  const committedAt: unknown = expect.any(Number)
  return { ...stored, entry: JSON.parse(JSON.stringify(stored.entry)), committedAt }
}

function everyType(): readonly [string, Entry, Buffer | undefined][] {
  const { entry: request } = sampleRequest()
  if (request.type !== 'request') throw new Error('unreachable')
  const { principal, session } = request
  const { sql, parameters: _, justification, ...facts } = sampleFacts
  const asked = testPart('x', { sql, parameters: [{ name: 'id' }, null, true], justification })
  const left = testPart('x', { error: undefined, body: undefined, bodySalt: 'c2FsdA==' })
  const envelope = { v: 1, at: 1_790_000_000_000 } as const
  const common = { request: '1'.repeat(64), credentialVersion: '3', durationMs: 12 }
  const [a, b, c, d, e] = [201, 202, 203, 204, 205].map(sampleCallId)
  return [
    [
      'page',
      {
        ...envelope,
        ...common,
        id: `${a}~page~x`,
        call: `${a}`,
        type: 'page',
        principal,
        session,
        method: 'jobs.getQueryResults',
        delivery: sampleDelivery,
        private: left.part,
      },
      left.ciphertext,
    ],
    [
      'released',
      {
        ...envelope,
        ...common,
        id: `${b}~end`,
        call: `${b}`,
        type: 'outcome',
        session: session.id,
        outcome: 'released',
        detail: undefined,
        delivery: sampleDelivery,
        private: left.part,
      },
      left.ciphertext,
    ],
    [
      'unanswered',
      {
        ...envelope,
        ...common,
        id: `${c}~end`,
        call: `${c}`,
        type: 'outcome',
        session: session.id,
        outcome: 'unanswered',
        detail: 'upstream-timeout',
        delivery: undefined,
        private: undefined,
        credentialVersion: undefined,
      },
      undefined,
    ],
    [
      'anonymous refusal',
      {
        ...envelope,
        ...facts,
        private: asked.part,
        id: `${d}~refusal`,
        call: `${d}`,
        type: 'refusal',
        principal: undefined,
        session: undefined,
        problem: 'token-expired',
        decision: undefined,
        source: { address: '192.0.2.7', userAgent: undefined },
        unrecorded: 3,
      },
      asked.ciphertext,
    ],
    [
      'denial',
      {
        ...envelope,
        ...facts,
        private: asked.part,
        id: `${e}~refusal`,
        call: `${e}`,
        type: 'refusal',
        principal,
        session,
        problem: 'denied',
        decision: {
          effect: 'deny',
          rules: [],
          reason: 'no-matching-rule',
          policyDigest: 'a'.repeat(64),
        },
        source: { address: undefined, userAgent: undefined },
        unrecorded: 0,
      },
      asked.ciphertext,
    ],
  ]
}
