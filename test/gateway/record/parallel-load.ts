import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { Gateway } from '../../../functions/wiring.ts'
import { type Audited, audited } from '../../support/audited-record.ts'
import { type Writes, countedStore } from '../../support/counted-store.ts'
import { type KeptRecord, type Place, keptRecord } from '../../support/kept-record.ts'

const AT_ONCE = 64
const ROUNDS = Number(process.env['RECORD_LOAD_ROUNDS'] ?? 1)
const QUERIES = AT_ONCE * ROUNDS

/** Many queries at once, on one kind of store: what each of them costs, and whether all of it is on the record. */
export function parallelLoad(
  place: Place,
  /** The test of what is promised. */
  promise: (body: () => Promise<void>) => void,
): void {
  // Real signatures and real commits, 64 at a time, on a busy machine.
  vi.setConfig({ testTimeout: 60_000 * ROUNDS + 60_000, hookTimeout: 90_000 })
  let record: KeptRecord
  beforeEach(async () => {
    record = await keptRecord(place)
  })
  afterEach(() => record.close())

  const start = async (): Promise<{ readonly gateway: Gateway; readonly writes: Writes }> => {
    let writes: Writes | undefined
    const gateway = await record.startHere((store) => {
      const counted = countedStore(store)
      ;({ writes } = counted)
      return counted.store
    })
    if (writes === undefined) throw new Error('it has no store')
    return { gateway, writes }
  }

  /** So many queries at a time, one in each of `sessions`, through gateways in turn; the receipts that came back. */
  const load = async (
    gateways: readonly Gateway[],
    session: (n: number) => string,
  ): Promise<readonly string[]> => {
    const receipts: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, n) => {
          const { path, init } = await record.request('query', session(n))
          const gateway = gateways[n % gateways.length]
          return gateway?.fetch(new Request(`https://sluice.acme.example${path}`, init))
        }),
      )
      for (const answer of answers) {
        expect(answer?.status).toBe(200)
        receipts.push(answer?.headers.get('sluice-receipt') ?? '')
      }
    }
    return receipts
  }

  promise(async () => {
    const { gateway, writes } = await start()
    const receipts = await load([gateway], () => 'together')
    expect(byType(writes)).toEqual({
      request: QUERIES,
      outcome: QUERIES,
      // Once for this instance, for this policy, and for the session.
      'writer-opened': 1,
      'configuration-changed': 1,
      'session-opened': 1,
    })
    // Beside the record: whose each job is, and what is noted once.
    expect(Object.fromEntries(writes.others)).toEqual({
      jobs: QUERIES,
      configurations: 1,
      recordedSessions: 1,
      recordSecrets: 1,
    })
    expectAllOfIt(await audited(record, gateway, receipts))
  })

  test('64 queries at once in 64 sessions: two commits each, and one for each session', async () => {
    const { gateway, writes } = await start()
    const receipts = await load([gateway], (n) => `session-${n}`)
    expect(byType(writes)).toEqual({
      request: QUERIES,
      outcome: QUERIES,
      'writer-opened': 1,
      'configuration-changed': 1,
      'session-opened': AT_ONCE,
    })
    expect(Object.fromEntries(writes.others)).toEqual({
      jobs: QUERIES,
      configurations: 1,
      recordedSessions: AT_ONCE,
      recordSecrets: AT_ONCE,
    })
    expectAllOfIt(await audited(record, gateway, receipts))
  })

  test('64 queries at once in one session that two instances begin: two commits each, and each instance tells what it missed', async () => {
    const instances = [await start(), await start()] as const
    const gateways = instances.map(({ gateway }) => gateway)
    const receipts = await load(gateways, () => 'together')
    for (const { writes } of instances) {
      const { 'writer-gap': gaps = 0, ...rest } = byType(writes)
      expect(rest).toEqual({
        request: QUERIES / 2,
        outcome: QUERIES / 2,
        'writer-opened': 1,
        'configuration-changed': rest['configuration-changed'],
        'session-opened': rest['session-opened'],
      })
      expect(gaps).toBeLessThanOrEqual(2)
    }
    const found = await audited(record, instances[0].gateway, receipts)
    expectAllOfIt(found)
    for (const type of ['configuration-changed', 'session-opened'])
      expect(found.kept.filter(({ entry }) => entry.type === type)).toHaveLength(1)
  })
}

/** How many entries of each type were committed. */
function byType({ entries }: Writes): Readonly<Record<string, number>> {
  return Object.fromEntries([...entries].map(([type, stamps]) => [type, stamps.size]))
}

/** Every query has its two entries, every number of every writer is there or told, and a verifier finds nothing. */
function expectAllOfIt({ kept, report, kinds }: Audited): void {
  const requests = kept.filter(({ entry }) => entry.type === 'request')
  const ended = new Set(
    kept.flatMap(({ entry }) =>
      entry.type === 'outcome' && entry.outcome === 'released' ? [entry.call] : [],
    ),
  )
  expect(requests).toHaveLength(QUERIES)
  expect(requests.filter(({ entry }) => !ended.has(entry.call ?? ''))).toEqual([])
  expect(ended.size).toBe(QUERIES)
  const numbers = Map.groupBy(kept, ({ stamp }) => stamp.stamp.writer)
  for (const [writer, written] of numbers) {
    const told = written.flatMap(({ entry }) =>
      entry.type === 'writer-gap' ? entry.missed.map(({ number }) => number) : [],
    )
    const there = written.map(({ stamp }) => stamp.stamp.number)
    const all = [...there, ...told].toSorted((a, b) => a - b)
    expect(all, writer).toEqual(Array.from(all, (_, n) => n))
  }
  expect(kinds, report.problems.map(({ words }) => words).join('\n')).toEqual([])
  expect(report).toMatchObject({ integrity: 'sound', completeness: 'complete' })
  expect(report.covered).toMatchObject({ calls: QUERIES, receipts: QUERIES, unsealed: 0 })
}
