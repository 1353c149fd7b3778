import { setTimeout as wait } from 'node:timers/promises'

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'

import { entryLabel } from '../../../shared/recording/job-labels.ts'
import { type Audited, audited, everything } from '../../support/audited-record.ts'
import type { Fault } from '../../support/faulty-store.ts'
import { type KeptRecord, type Place, keptRecord } from '../../support/kept-record.ts'
import type { KillableGateway } from '../../support/killable-gateway.ts'

/** How many gateways are killed at any instant. */
const KILLED = Number(process.env['KILLED_GATEWAYS'] ?? 1)

/** The crash table of RECORD.md on one kind of store: processes are killed, and what the record then says is verified. */
export function crashTable(
  place: Place,
  /** The test of what is promised. */
  promise: (body: () => Promise<void>) => void,
): void {
  // Processes take their time to start on a busy machine.
  vi.setConfig({ testTimeout: 90_000 + KILLED * 10_000, hookTimeout: 90_000 })
  let record: KeptRecord
  beforeEach(async () => {
    record = await keptRecord(place)
  })
  afterEach(() => record.close())

  /** Its writer is open then. */
  const callWell = async (child: KillableGateway): Promise<KillableGateway> => {
    expect((await record.ask(child, 'query')).status).toBe(200)
    return child
  }

  type Asked = Parameters<KeptRecord['ask']>[1]

  /** Somebody asks, and the process is killed where the fault is, or when `isTime`. */
  const killAt = async (
    fault: Pick<Fault, 'when' | 'type'>,
    what: Asked,
    isTime = async () => true,
  ): Promise<void> => {
    const child = await record.start()
    await child.tell({ fault: { ...fault, does: 'hang' } })
    const answered = isAnswered(record.ask(child, what))
    await child.reached()
    await expect.poll(isTime).toBe(true)
    await child.end('SIGKILL')
    expect(await answered).toBe(false)
  }

  /** The process is killed when BigQuery has done what it was asked, and before it hears so. */
  const killAsItRuns = async (what: Asked): Promise<void> => {
    const child = await record.start()
    const { upstream, bigQuery } = record
    let ended = Promise.resolve()
    upstream.respond((request, response) => {
      if (request.method !== 'POST') return bigQuery.respond(request, response)
      ended = child.end('SIGKILL').then(() => bigQuery.respond(request, response))
      return ended
    })
    expect(await isAnswered(record.ask(child, what))).toBe(false)
    await ended
    upstream.respond(bigQuery.respond)
  }

  /** The record after the sweep that comes more than an hour later, by another instance. */
  const sweptAndAudited = async (receipts?: readonly string[]): Promise<Audited> => {
    record.muchLater()
    const other = await record.startHere()
    await other.desk?.((desk) => desk.sweep())
    return audited(record, other, receipts)
  }

  describe('the request', () => {
    promise(async () => {
      await killAt({ when: 'before', type: 'request' }, 'query')
      expect(record.upstream.requests).toEqual([])
      const found = await sweptAndAudited()
      expect(callsIn(found)).toEqual([])
      expect(record.upstream.requests).toEqual([])
      expectSound(found)
    })

    test.each([
      ['query', 'nobody recorded an answer, nor a job of it; whether it ran is not known'],
      ['named insert', 'its job was never claimed; bigquery has not heard of it'],
    ] as const)(
      '%s, killed once it is durable: nothing ran, and nobody says it did',
      async (what, detail) => {
        await killAt({ when: 'after', type: 'request' }, what)
        const found = await sweptAndAudited()
        expect(record.ran()).toEqual([])
        expect(callsIn(found)).toEqual(['request', 'unanswered, no rows'])
        expect(found.kept.map(({ entry }) => 'detail' in entry && entry.detail)).toContain(detail)
        expectSound(found)
      },
    )

    test('killed once it is durable, and sent again to another instance: one request, and it ran once', async () => {
      await killAt({ when: 'after', type: 'request' }, 'named query')
      const response = await record.ask(await record.start(), 'named query')
      expect(response.status).toBe(200)
      expect(record.ran()).toHaveLength(1)
      const found = await sweptAndAudited(receiptsOf(response))
      expect(callsIn(found)).toEqual(['request', 'released, 3 rows'])
      expectSound(found)
    })

    test('killed between its stamp and its being durable: its number is missing, and nothing is forged', async () => {
      const child = await record.start()
      await child.tell({ fault: { when: 'before', type: 'request', does: 'hang' } })
      const answered = isAnswered(record.ask(child, 'query'))
      await child.reached()
      const other = await record.ask(child, 'query')
      expect(other.status).toBe(200)
      await child.end('SIGKILL')
      expect(await answered).toBe(false)
      const { report, kinds } = await sweptAndAudited(receiptsOf(other))
      expect(kinds).toEqual(['number-missing'])
      expect(report).toMatchObject({ integrity: 'sound', completeness: 'incomplete' })
    })
  })

  describe('the outcome', () => {
    test('insert, killed when BigQuery had done it: executed, not delivered', async () => {
      await killAsItRuns('insert')
      const found = await sweptAndAudited()
      expect(callsIn(found)).toEqual(['request', 'executed-not-delivered, no rows'])
      // It asked about the job, and ran nothing.
      expect(record.ran()).toHaveLength(1)
      expectSound(found)
    })

    test('query, killed when BigQuery had done it: not known, but BigQuery names the entry', async () => {
      await killAsItRuns('query')
      const found = await sweptAndAudited()
      expect(callsIn(found)).toEqual(['request', 'unanswered, no rows'])
      const [job] = record.bigQuery.jobs.values()
      const [request] = found.kept.filter(({ entry }) => entry.type === 'request')
      expect(job?.configuration['labels']).toMatchObject({
        sluice_entry: entryLabel(request?.hash ?? ''),
      })
      expectSound(found)
    })

    test('query, killed before it is durable: executed, not delivered', async () => {
      const isClaimed = async () => (await record.store().jobs.find('acme', 'job_1')) !== undefined
      await killAt({ when: 'before', type: 'outcome' }, 'query', isClaimed)
      const found = await sweptAndAudited()
      expect(callsIn(found)).toEqual(['request', 'executed-not-delivered, no rows'])
      expect(record.ran()).toHaveLength(1)
      expectSound(found)
    })

    test('killed once it is durable: released, as it may have been', async () => {
      await killAt({ when: 'after', type: 'outcome' }, 'query')
      const found = await sweptAndAudited()
      expect(callsIn(found)).toEqual(['request', 'released, 3 rows'])
      expectSound(found)
    })

    test('a handler that comes to itself after the sweep: nothing leaves, and the end stands', async () => {
      const child = await record.start()
      await child.tell({ fault: { when: 'before', type: 'outcome', does: 'hang' } })
      const asked = record.ask(child, 'query')
      await child.reached()
      await expect.poll(() => record.store().jobs.find('acme', 'job_1')).toBeDefined()
      const ahead = record.muchLater()
      const other = await record.startHere()
      await other.desk?.((desk) => desk.sweep())
      await child.tell({ ahead })
      await child.tell({ goOn: true })
      const response = await asked
      expect(response.status).toBe(400)
      expect(await response.text()).not.toMatch(/Ana|Ben|Cleo/)
      expect(response.headers.get('sluice-receipt')).toBeNull()
      const found = await audited(record, other)
      expect(callsIn(found)).toEqual(['request', 'executed-not-delivered, no rows'])
      expect(gapsIn(found)).toEqual(['taken'])
      expectSound(found)
    })
  })

  describe('the store', () => {
    test.each(['request', 'outcome'] as const)(
      'does not say that the %s is durable: said again, it is there once',
      async (type) => {
        const child = await callWell(await record.start())
        await child.tell({ fault: { when: 'after', type, does: 'fail' } })
        const response = await record.ask(child, 'query')
        expect(response.status).toBe(200)
        expect(record.ran()).toHaveLength(2)
        const found = await audited(record, await record.startHere(), receiptsOf(response))
        expect(callsIn(found)).toEqual([...WELL, ...WELL])
        expect(gapsIn(found)).toEqual([])
        expectSound(found)
      },
    )

    test('never says whether the request is durable: nothing runs, and the writer tells of its number', async () => {
      const child = await callWell(await record.start())
      await child.tell({ fault: { when: 'after', type: 'request', does: 'fail', times: 3 } })
      expect((await record.ask(child, 'query')).status).toBe(503)
      expect(record.ran()).toHaveLength(1)
      expect((await record.ask(child, 'query')).status).toBe(200)
      const found = await sweptAndAudited()
      expect(gapsIn(found)).toEqual(['unknown'])
      expectSound(found)
    })

    test.each([
      ['before the first call of a process', (child: KillableGateway) => Promise.resolve(child)],
      ['between its calls', callWell],
    ] as const)(
      'is down %s: 503, BigQuery hears nothing, and writers tell of their numbers when it is back',
      async (_when, before) => {
        const child = await before(await record.start())
        const { length } = record.upstream.requests
        await child.tell({ fault: { when: 'before', does: 'fail', times: 1_000 } })
        for (const what of ['query', 'insert', 'named query'] as const)
          expect((await record.ask(child, what)).status).toBe(503)
        expect(record.upstream.requests).toHaveLength(length)
        await child.tell({ fault: { when: 'before', does: 'fail', times: 0 } })
        expect((await record.ask(child, 'query')).status).toBe(200)
        const found = await audited(record, await record.startHere())
        // Without a writer there are no numbers to miss.
        expect([...new Set(gapsIn(found))]).toEqual(length === 0 ? [] : ['unknown'])
        expectSound(found)
      },
    )
  })

  test('killed at any instant of 32 queries at once: what ran and what left is on the record', async () => {
    const receipts: string[] = []
    for (let run = 0; run < KILLED; run++) {
      const child = await callWell(await record.start())
      const asked = Array.from({ length: 32 }, () => record.ask(child, 'query'))
      const answers = Promise.allSettled(asked)
      await Promise.race(asked.slice(0, 4))
      await wait(Math.random() * 20)
      await child.end('SIGKILL')
      for (const answer of await answers)
        if (answer.status === 'fulfilled' && answer.value.status === 200)
          receipts.push(...receiptsOf(answer.value))
    }
    const { report, kinds, kept } = await sweptAndAudited(receipts)
    expect(report.integrity).toBe('sound')
    expect(report.covered.receipts).toBe(receipts.length)
    // Numbers that were given out and never written: nothing else.
    expect(kinds.filter((kind) => kind !== 'number-missing')).toEqual([])
    const labels = new Set(
      kept.flatMap(({ entry, hash }) => (entry.type === 'request' ? [entryLabel(hash)] : [])),
    )
    for (const { configuration } of record.bigQuery.jobs.values())
      expect(labels).toContain(
        z.object({ sluice_entry: z.string() }).parse(configuration['labels']).sluice_entry,
      )
    const ends = kept.filter(({ entry }) => entry.type === 'outcome')
    expect(ends).toHaveLength(labels.size)
  })

  test('a process that is asked to end says that its writer is done; one that is killed cannot', async () => {
    const [asked, killed] = [await record.start(), await record.start()]
    for (const each of [asked, killed]) expect((await record.ask(each, 'query')).status).toBe(200)
    await asked.end('SIGTERM')
    await killed.end('SIGKILL')
    const kept = await everything(record.store().entries)
    const opened = kept.flatMap(({ entry }) => (entry.type === 'writer-opened' ? [entry] : []))
    const closed = kept.flatMap(({ entry }) => (entry.type === 'writer-closed' ? [entry] : []))
    expect(opened).toHaveLength(2)
    expect(closed.map(({ writer }) => writer)).toEqual([opened[0]?.writer])
    expectSound(await audited(record, await record.startHere()))
  })
}

const WELL = ['request', 'released, 3 rows']

/** Whether anything came back. */
function isAnswered(asked: Promise<Response>): Promise<boolean> {
  return asked.then(
    () => true,
    () => false,
  )
}

/** What calls have on the record, in the order of commits, and what left. */
function callsIn({ kept }: Audited): readonly string[] {
  return kept.flatMap(({ entry }) => {
    if (entry.type === 'request' || entry.type === 'page') return [entry.type]
    if (entry.type !== 'outcome') return []
    return [`${entry.outcome}, ${entry.delivery?.rows ?? 'no'} rows`]
  })
}

/** Why numbers were told to be missing. */
function gapsIn({ kept }: Audited): readonly string[] {
  return kept.flatMap(({ entry }) =>
    entry.type === 'writer-gap' ? entry.missed.map(({ reason }) => reason) : [],
  )
}

function expectSound({ report, kinds }: Audited): void {
  expect(kinds, report.problems.map(({ words }) => words).join('\n')).toEqual([])
  expect(report).toMatchObject({ integrity: 'sound', completeness: 'complete' })
}

function receiptsOf({ headers }: Response): readonly string[] {
  const receipt = headers.get('sluice-receipt')
  if (receipt === null) throw new Error('no receipt')
  return [receipt]
}
