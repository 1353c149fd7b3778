import { describe, expect, test } from 'vitest'

import type { ReviewTerms } from '../../../../shared/policy/review-terms.ts'
import { flagsOf } from '../../../../shared/recording/search/flags-of.ts'
import type { CallDocument, Flag } from '../../../../shared/recording/search/search-document.ts'
import { memorySearchIndex } from '../../../support/memory-search-index.ts'
import { indexedDocument, sampleDocument } from '../../../support/sample-documents.ts'

const MINUTE_MS = 60_000
/** A Monday. */
const NOON = Date.UTC(2026, 8, 21, 12)

const terms: ReviewTerms = {
  massReadRows: 1_000,
  denials: 3,
  denialsWithinMs: 10 * MINUTE_MS,
  similarCalls: 4,
  similarWithinMs: 5 * MINUTE_MS,
  hours: { timeZone: 'UTC', days: [1, 2, 3, 4, 5], fromMinute: 480, untilMinute: 1080 },
}
const inZone = (timeZone: string) => ({ hours: { ...terms.hours, timeZone } })

const masked = [{ column: 'acme.hospital.patients.ssn', mask: 'SHA256' }]
const call = (change: Partial<CallDocument> = {}) => sampleDocument(900, { at: NOON, ...change })
/** As many others, one a second, of which the last began so long before noon. */
const others = (many: number, lastMs: number, change: Partial<CallDocument> = {}) =>
  Array.from({ length: many }, (_, n) =>
    sampleDocument(n, { at: NOON - lastMs - n * 1_000, ...change }),
  )

async function flagged(
  document: CallDocument,
  before: readonly CallDocument[] = [],
  change: Partial<ReviewTerms> = {},
): Promise<readonly Flag[]> {
  const index = memorySearchIndex()
  const next = { at: 1, after: undefined, version: 1, turn: 1 }
  await index.put(before.map(indexedDocument), { expected: undefined, next })
  return flagsOf(document, index.count, { ...terms, ...change })
}

const rules = async (...given: Parameters<typeof flagged>) =>
  (await flagged(...given)).map(({ rule }) => rule)

describe('first-read', () => {
  const read = call({ masked })
  const bo = read.principal && { ...read.principal, subject: 'bo' }
  const why = 'first read of `acme.hospital.patients`, which is governed'

  test('is when nobody of this name has read what is governed before', async () => {
    await expect(flagged(read)).resolves.toEqual([{ rule: 'first-read', why }])
    await expect(flagged(call({ tags: ['pii'] }))).resolves.toEqual([{ rule: 'first-read', why }])
  })

  test.each<[string, Partial<CallDocument>, readonly string[]]>([
    ['read a millisecond before', {}, []],
    ['read at the same instant', { at: NOON }, ['first-read']],
    ['read of another table', { tables: ['acme.hospital.visits'] }, ['first-read']],
    ['that was denied', { decision: 'deny', outcome: undefined }, ['first-read']],
    ['that was only tried', { dryRun: true }, ['first-read']],
    ['of which nothing left', { outcome: 'failed' }, ['first-read']],
    ['of somebody else', { principal: bo }, ['first-read']],
  ])('counts a %s or not', async (_, change, expected) => {
    await expect(rules(read, others(1, 1, change))).resolves.toEqual(expected)
  })

  test('is not for what is not governed', async () => {
    await expect(flagged(call())).resolves.toEqual([])
    const visits = [{ column: 'acme.hospital.visits.ssn', mask: 'SHA256' }]
    await expect(flagged(call({ masked: visits }))).resolves.toEqual([])
  })
})

describe('off-hours', () => {
  const known = others(1, 30 * 24 * 60 * MINUTE_MS)
  test.each<[string, Partial<ReviewTerms>, boolean]>([
    ['2026-09-21T07:59:59.999Z', {}, true],
    ['2026-09-21T08:00:00.000Z', {}, false],
    ['2026-09-21T17:59:59.999Z', {}, false],
    ['2026-09-21T18:00:00.000Z', {}, true],
    // Friday, Saturday, Sunday.
    ['2026-09-25T12:00:00.000Z', {}, false],
    ['2026-09-26T00:00:00.000Z', {}, true],
    ['2026-09-27T23:59:59.999Z', {}, true],
    // Monday there is Sunday here, and the other way round.
    ['2026-09-20T23:30:00.000Z', inZone('Asia/Tokyo'), false],
    ['2026-09-21T06:00:00.000Z', inZone('America/Los_Angeles'), true],
    // Berlin is two hours ahead in summer, one in winter.
    ['2026-09-21T06:00:00.000Z', inZone('Europe/Berlin'), false],
    ['2026-12-21T06:59:00.000Z', inZone('Europe/Berlin'), true],
    ['2026-12-21T07:00:00.000Z', inZone('Europe/Berlin'), false],
  ])('at %s with %j: %s', async (time, change, isFlagged) => {
    const read = call({ at: Date.parse(time), masked })
    const found = await rules(read, known, change)
    expect(found).toEqual(isFlagged ? ['off-hours'] : [])
  })

  test('says when, and is not for what is not governed', async () => {
    const at = Date.parse('2026-09-21T04:05:00Z')
    const berlin = inZone('Europe/Berlin')
    await expect(flagged(call({ at, masked }), known, berlin)).resolves.toEqual([
      {
        rule: 'off-hours',
        why: 'what is governed was read on Mon 06:05 Europe/Berlin, usual is Mon Tue Wed Thu Fri 08:00 to 18:00',
      },
    ])
    await expect(flagged(call({ at }), known, berlin)).resolves.toEqual([])
  })
})

describe('mass-read', () => {
  test('is from so many rows on', async () => {
    await expect(flagged(call({ rows: 999 }))).resolves.toEqual([])
    const why = '1000 rows left, worth a look from 1000 on'
    await expect(flagged(call({ rows: 1_000 }))).resolves.toEqual([{ rule: 'mass-read', why }])
  })
})

describe('repeated-denials', () => {
  const denied = { decision: 'deny', outcome: undefined } as const
  const within = terms.denialsWithinMs

  test('is from so many on, with the call itself', async () => {
    await expect(flagged(call(denied), others(1, 1, denied))).resolves.toEqual([])
    const why = '3 times denied in 10 minutes'
    await expect(flagged(call(denied), others(2, 1, denied))).resolves.toEqual([
      { rule: 'repeated-denials', why },
    ])
  })

  test('counts from the first millisecond of the window on, and nobody else', async () => {
    const at = (ms: number) => [...others(1, 1, denied), sampleDocument(50, { ...denied, at: ms })]
    await expect(rules(call(denied), at(NOON - within))).resolves.toEqual(['repeated-denials'])
    await expect(rules(call(denied), at(NOON - within - 1))).resolves.toEqual([])
    const { principal } = call()
    const somebody = { ...denied, principal: principal && { ...principal, issuer: 'https://b' } }
    await expect(rules(call(denied), others(9, 1, somebody))).resolves.toEqual([])
    await expect(rules(call(), others(9, 1, denied))).resolves.toEqual([])
  })
})

describe('split-query', () => {
  const within = terms.similarWithinMs
  const elsewhere = { tables: ['acme.hospital.visits'] }

  test('is from so many calls with one statement on, with the call itself', async () => {
    await expect(flagged(call(), others(2, 1, elsewhere))).resolves.toEqual([])
    const why = 'the same statement 4 times in 5 minutes'
    await expect(flagged(call(), others(3, 1, elsewhere))).resolves.toEqual([
      { rule: 'split-query', why },
    ])
  })

  test('or with other statements on one table', async () => {
    const other = { fingerprint: 'e'.repeat(64) }
    await expect(flagged(call(), others(2, 1, other))).resolves.toEqual([])
    const why = '`acme.hospital.patients` read 4 times in 5 minutes'
    await expect(flagged(call(), others(3, 1, other))).resolves.toEqual([
      { rule: 'split-query', why },
    ])
  })

  test('counts from the first millisecond of the window on', async () => {
    const [two, edge] = [others(2, 1), NOON - within]
    const last = (at: number) => [...two, sampleDocument(50, { at })]
    await expect(rules(call(), last(edge))).resolves.toEqual(['split-query'])
    await expect(rules(call(), last(edge - 1))).resolves.toEqual([])
  })

  test('counts no further than a thousand', async () => {
    const flags = await flagsOf(call(), async (_, atMost) => atMost, terms)
    expect(flags).toEqual([
      { rule: 'split-query', why: 'the same statement 1000 times or more in 5 minutes' },
    ])
  })
})

describe('wide', () => {
  test('is whatever search has no room for, also of a caller nobody knows', async () => {
    const why = 'more than search has room for, with 2000 columns: not each of them finds this call'
    for (const change of [{}, { principal: undefined }, { outcome: undefined }, { dryRun: true }])
      // oxlint-disable-next-line no-await-in-loop
      expect(await flagged(call({ ...change, columns: columns(2_000) }))).toEqual([
        { rule: 'wide', why },
      ])
    await expect(flagged(call({ columns: columns(500) }))).resolves.toEqual([])
  })
})

test('nothing is flagged of what was not released, and of a caller nobody knows', async () => {
  const much = { rows: 5_000, masked }
  await expect(flagged(call({ ...much, outcome: 'failed' }))).resolves.toEqual([])
  await expect(flagged(call({ ...much, dryRun: true }))).resolves.toEqual([])
  await expect(flagged(call({ ...much, principal: undefined }))).resolves.toEqual([])
})

function columns(many: number): readonly string[] {
  return Array.from({ length: many }, (_, n) => `a.b.c.column_${n}`)
}
