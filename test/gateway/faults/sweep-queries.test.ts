import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { JOB, makeCall, methodCalls } from '../../support/method-calls.ts'
import * as faults from '../../support/stub-faults.ts'
import { errorReply } from '../../support/stub-replies.ts'
import { GRACE_MS, HOUR_MS, sweepAfter } from '../../support/sweep.ts'
import { JOBS, QUERIES, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world({ mayFail: true, hold: { usualMs: 300 } })
})
afterEach(() => gateway.close())

const OUTAGE = { times: Infinity } as const
const outcomes = () => gateway.store.ofType('outcome')
const open = async () => (await gateway.state.watermarks.read()).open

/** A handler that dies once BigQuery has done what it was asked to. */
async function dieAfterRunning(run: () => Promise<Response>): Promise<void> {
  gateway.store.failNext('before', { type: 'outcome', ...OUTAGE })
  await run()
  gateway.store.recover()
  expect(outcomes()).toEqual([])
  gateway.upstream.requests.length = 0
}

const runs = [
  ['jobs.query', () => gateway.query(SELECT)],
  ['jobs.insert', () => gateway.insert(SELECT)],
  ['jobs.insert with a job id', () => gateway.insert(SELECT, { jobReference: { jobId: 'j' } })],
] as const

describe.each(runs)('%s whose handler died', (_what, run) => {
  test('after BigQuery was done: executed, not delivered, and what it cost', async () => {
    await dieAfterRunning(run)
    await sweepAfter(gateway, GRACE_MS)
    expect(outcomes()).toMatchObject([
      { outcome: 'executed-not-delivered', detail: '10485760 bytes billed' },
    ])
    expect(outcomes()[0]?.delivery).toBeUndefined()
    expect(outcomes()[0]?.request).toBe(gateway.store.stored()[0]?.hash)
    // It asked about the job, and started none.
    expect(gateway.upstream.requests.map(({ method }) => method)).toEqual(['GET'])
    expect(gateway.bigQuery.jobs.size).toBe(1)
  })

  test('while somebody may still be answered: nothing is asked, and nothing ends', async () => {
    await dieAfterRunning(run)
    await sweepAfter(gateway, 69 * 60_000)
    expect(outcomes()).toEqual([])
    expect(gateway.upstream.requests).toEqual([])
    expect(await open()).toEqual([])
  })

  test('and whose job failed: failed, in fixed words', async () => {
    await dieAfterRunning(run)
    for (const job of gateway.bigQuery.jobs.values())
      job.errorResult = { reason: 'invalidQuery', message: 'bad value of Ana' }
    await sweepAfter(gateway, GRACE_MS)
    expect(outcomes()).toMatchObject([
      { outcome: 'failed', detail: 'invalidQuery; nobody was told; 10485760 bytes billed' },
    ])
  })

  test('and whose job somebody else’s took the place of: unanswered', async () => {
    await dieAfterRunning(run)
    for (const { configuration } of gateway.bigQuery.jobs.values()) configuration['labels'] = {}
    await sweepAfter(gateway, GRACE_MS)
    expect(outcomes()).toMatchObject([
      { outcome: 'unanswered', detail: 'bigquery has no such job of ours' },
    ])
  })
})

test('a job that runs is looked at again until it is done', async () => {
  gateway.bigQuery.pendingAnswers = 1_000
  await gateway.query(SELECT, { with: { timeoutMs: 0 } })
  await sweepAfter(gateway, GRACE_MS)
  expect(outcomes()).toEqual([])
  expect(await open()).toHaveLength(1)

  const { length } = gateway.upstream.requests
  await sweepAfter(gateway, 1_000)
  expect(gateway.upstream.requests).toHaveLength(length)

  await sweepAfter(gateway, HOUR_MS)
  expect(outcomes()).toEqual([])
  const job = gateway.bigQuery.jobs.get(JOB)
  if (job !== undefined) job.pending = 0
  await sweepAfter(gateway, HOUR_MS)
  expect(outcomes()).toMatchObject([{ outcome: 'executed-not-delivered' }])
  expect(await open()).toEqual([])
})

test('a job that has just ended may still be handed to whoever polls', async () => {
  await dieAfterRunning(() => gateway.query(SELECT))
  const job = gateway.bigQuery.jobs.get(JOB)
  if (job !== undefined) job.endTime = Date.now() + HOUR_MS
  await sweepAfter(gateway, GRACE_MS)
  expect(outcomes()).toEqual([])
  const polled = await gateway.request(`${QUERIES}/${JOB}`, { as: 'ana' })
  expect(polled.status).toBe(200)
  await sweepAfter(gateway, 2 * HOUR_MS)
  expect(outcomes()).toMatchObject([{ outcome: 'released' }])
  expect(await open()).toEqual([])
})

test('nobody says for 26 hours: unanswered', async () => {
  await dieAfterRunning(() => gateway.query(SELECT))
  gateway.upstream.respond(faults.resetBeforeHeaders)
  await sweepAfter(gateway, GRACE_MS)
  gateway.upstream.respond(errorReply(503, 'backendError', 'later', 'UNAVAILABLE'))
  await sweepAfter(gateway, 20 * HOUR_MS)
  expect(outcomes()).toEqual([])
  await sweepAfter(gateway, 6 * HOUR_MS)
  expect(outcomes()).toMatchObject([
    { outcome: 'unanswered', detail: 'bigquery did not say within 26 hours how its job ended' },
  ])
})

test('a query that died before BigQuery said which job it is', async () => {
  gateway.store.failNext('before', { operation: 'jobs.claim', ...OUTAGE })
  await dieAfterRunning(() => gateway.query(SELECT))
  await sweepAfter(gateway, GRACE_MS)
  expect(outcomes()).toMatchObject([
    { outcome: 'unanswered', detail: expect.stringContaining('whether it ran is not known') },
  ])
  expect(gateway.upstream.requests).toEqual([])
})

test('a job that was never claimed: BigQuery has not heard of it, and is not asked', async () => {
  gateway.store.failNext('before', { operation: 'jobs.claim', ...OUTAGE })
  await gateway.insert(SELECT, { jobReference: { jobId: 'j' } })
  gateway.store.recover()
  await sweepAfter(gateway, GRACE_MS)
  expect(outcomes()).toMatchObject([
    { detail: 'its job was never claimed; bigquery has not heard of it' },
  ])
  expect(gateway.upstream.requests).toEqual([])
})

test('a job that was claimed and never sent', async () => {
  gateway.store.failNext('after', { operation: 'jobs.claim', ...OUTAGE })
  await gateway.insert(SELECT, { jobReference: { jobId: 'j' } })
  gateway.store.recover()
  await sweepAfter(gateway, GRACE_MS)
  expect(outcomes()).toMatchObject([{ detail: 'bigquery has no such job of ours' }])
  expect(gateway.bigQuery.jobs.size).toBe(0)
})

guarantee('every-call-ends', async () => {
  gateway.store.failNext('before', { type: 'outcome', ...OUTAGE })
  for (const call of methodCalls) await makeCall(gateway, call)
  gateway.store.recover()
  const asked = new Set(gateway.store.ofType('request').map(({ call }) => call))
  expect(asked.size).toBeGreaterThan(10)
  const { size } = gateway.bigQuery.jobs
  gateway.upstream.requests.length = 0
  await Promise.all([sweepAfter(gateway, GRACE_MS), sweepAfter(gateway, 0)])
  expect(gateway.bigQuery.jobs.size).toBe(size)
  expect(new Set(gateway.upstream.requests.map(({ method }) => method))).toEqual(new Set(['GET']))
  expect(outcomes().every(({ delivery }) => delivery === undefined)).toBe(true)
  expect(outcomes()).toHaveLength(asked.size)
  expect(new Set(outcomes().map(({ call }) => call))).toEqual(asked)
  expect(outcomes().some(({ outcome }) => outcome === 'released')).toBe(false)
})

test('whoever comes after the sweep gets their rows, as a page', async () => {
  await dieAfterRunning(() => gateway.query(SELECT))
  await sweepAfter(gateway, GRACE_MS)
  const response = await gateway.request(`${QUERIES}/${JOB}`, { as: 'ana' })
  expect(await response.json()).toMatchObject({ jobComplete: true, totalRows: '3' })
  expect((await gateway.request(`${JOBS}/${JOB}`, { as: 'ana' })).status).toBe(200)
  expect(outcomes()).toMatchObject([{ outcome: 'executed-not-delivered' }])
  expect(gateway.store.ofType('page')).toMatchObject([{ delivery: { rows: 3 } }])
})

test('the handler of a dead instance that wakes after the sweep delivers nothing, and the end stands', async () => {
  const woken = Promise.withResolvers<void>()
  const asleep = Promise.withResolvers<void>()
  const { create } = gateway.ports.entries
  let ends = 0
  Object.assign(gateway.ports.entries, {
    create: async (stored: Parameters<typeof create>[0]) => {
      if (stored.entry.type !== 'outcome') return create(stored)
      ends += 1
      if (ends > 1) return create(stored)
      asleep.resolve()
      await woken.promise
      return create(stored)
    },
  })
  const answered = gateway.query(SELECT)
  await asleep.promise
  // Its job is claimed along with its end.
  await vi.waitFor(
    async () => expect(await gateway.store.jobs.find('acme', JOB)).toBeDefined(),
    10_000,
  )
  await sweepAfter(gateway, GRACE_MS)
  woken.resolve()
  const { code, reason, message } = await errorOf(await answered)
  expect({ code, reason }).toEqual({ code: 400, reason: 'stopped' })
  expect(message).not.toMatch(/Ana|Ben|Cleo/)
  expect(outcomes()).toMatchObject([{ outcome: 'executed-not-delivered' }])
  expect(gateway.store.ofType('page')).toEqual([])
})

test('a repeat that comes when its call may be closed starts nothing', async () => {
  const named = () => gateway.insert(SELECT, { jobReference: { jobId: 'j' } })
  gateway.store.failNext('after', { operation: 'jobs.claim', ...OUTAGE })
  await named()
  gateway.store.recover()
  gateway.time.offset += 61 * 60_000
  expect(await errorOf(await named())).toMatchObject({ code: 409, reason: 'duplicate' })
  await sweepAfter(gateway, GRACE_MS)
  expect((await named()).status).toBe(409)
  expect(gateway.bigQuery.jobs.size).toBe(0)
  expect(outcomes()).toMatchObject([{ outcome: 'unanswered' }])
})
