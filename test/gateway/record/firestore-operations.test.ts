import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Store, openStore } from '../../../functions/open-store.ts'
import {
  type DocumentOperations,
  READS_PER_WAITING_MINUTE,
  entriesOf,
  firestoreOperations,
} from '../../../infra/cost/operations.ts'
import { approvalOffice } from '../../support/approval-office.ts'
import { voteOf } from '../../support/approval-world.ts'
import { type BilledLife, billedLife, minus, perUnit, plus } from '../../support/billed-life.ts'
import { type Billed, billedStore } from '../../support/billed-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-operations-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The model says as much as was measured, rounded up, and at most a tenth and two documents more. */
function expectModelled(model: DocumentOperations, measured: Billed): void {
  for (const kind of ['reads', 'writes', 'deletes'] as const) {
    expect(model[kind], `${kind}: ${measured[kind]}`).toBeGreaterThanOrEqual(measured[kind] - 0.01)
    expect(model[kind], `${kind}: ${measured[kind]}`).toBeLessThanOrEqual(measured[kind] * 1.1 + 2)
  }
}

describe('what a record costs in Firestore from the first query to the last deletion', () => {
  let few: BilledLife
  let many: BilledLife
  let apart: BilledLife
  beforeAll(async () => {
    few = await billedLife(1, 1)
    many = await billedLife(4, 1)
    // Every query begins a session of its own.
    apart = await billedLife(4, 24)
  }, 120_000)

  test('a query', () => {
    const measured = perUnit(few, many, [many.queries - few.queries, many.steady - few.steady])
    expectModelled(firestoreOperations.query, measured)
  })

  test('a session', () => {
    expectModelled(
      firestoreOperations.session,
      perUnit(many, apart, [many.queries - 1, many.steady]),
    )
  })

  test('a minute', () => {
    const { query } = firestoreOperations
    const ofQueries = perUnit(few, many, [0, many.steady - few.steady])
    const perMinute = (kind: 'reads' | 'writes') => {
      const all = few.sealing[kind] + few.sweeping[kind]
      return (all - ofQueries[kind] * few.steady) / few.steadyMinutes
    }
    expect(ofQueries.reads).toBeLessThan(query.reads)
    const measured = { reads: perMinute('reads'), writes: perMinute('writes'), deletes: 0 }
    expectModelled(firestoreOperations.minute, measured)
  })
})

describe('what a vote adds', { timeout: 60_000 }, () => {
  const all: Billed[] = []
  const path = join(folder, 'store.db')
  const store = () => {
    const { store: counted, billed } = billedStore(openStore({ kind: 'sqlite', path }))
    all.push(billed)
    return counted
  }
  const sum = () => all.reduce(plus, { reads: 0, writes: 0, deletes: 0 })
  const during = async (work: () => Promise<unknown>): Promise<Billed> => {
    const before = sum()
    await work()
    return minus(sum(), before)
  }

  test('where it is asked, cast and fetched', async () => {
    const stores: Store[] = []
    const office = await approvalOffice(
      {
        connect: async () => {
          const connected = store()
          stores.push(connected)
          return connected
        },
        close: () => stores.forEach((each) => void each.close()),
      },
      { instances: 1 },
    )
    try {
      const [instance] = office.instances
      const sweep = () => during(async () => instance?.desk.sweep())
      // The first one also opens the session and a writer.
      await office.asks()
      office.published.length = 0
      const before = await sweep()
      const askers: Awaited<ReturnType<typeof office.asks>>[] = []
      const asking = await during(async () => askers.push(await office.asks()))
      const [asked] = askers
      if (asked === undefined || instance === undefined) throw new Error('nobody asked')
      const { grant, token } = asked
      const telling = await during(() =>
        Promise.all(office.published.splice(0).map((each) => office.deliverSurely(each, instance))),
      )
      const waiting = await sweep()
      const vote = voteOf(grant, 'petra')
      const cast = {
        type: 'dev.sluice.approval.vote',
        id: vote.id,
        at: Date.now(),
        grant: grant.id,
        vote,
      } as const
      const settling = await during(() => office.deliverSurely(cast, instance))
      const results = `/bigquery/v2/projects/acme/queries/sluice_${grant.id}?timeoutMs=0`
      const fetching = await during(() => instance.request(results, { token }))
      const extra = [asking, telling, settling, fetching].reduce(plus)
      // What the gateway does for a query that nobody holds.
      expectModelled(firestoreOperations.vote, minus(extra, { reads: 1, writes: 3, deletes: 0 }))
      expect(waiting.reads - before.reads).toBe(READS_PER_WAITING_MINUTE)
      const page = await office.kept.entries.list({ call: grant.id, limit: 100 })
      expect(page.ok && page.value.entries).toHaveLength(entriesOf.query + entriesOf.vote)
    } finally {
      await office.close()
    }
  })
})
