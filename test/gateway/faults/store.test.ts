import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { JOB, makeCall, methodCalls, startJob } from '../../support/method-calls.ts'
import { JOBS, QUERIES, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world({ mayFail: true })
})
afterEach(() => gateway.close())

const OUTAGE = { times: Infinity } as const
const tryAgain = { code: 503, reason: 'backendError' }
const stopped = { code: 400, reason: 'stopped' }
const runs = [
  ['jobs.query', () => gateway.query(SELECT, { with: { requestId: 'r' } })],
  ['jobs.insert', () => gateway.insert(SELECT, { jobReference: { jobId: 'j' } })],
] as const

describe.each(runs)('%s: the request entry', (_method, run) => {
  test('fails before it is kept: nothing ran, a repeat is safe', async () => {
    gateway.store.failNext('before', { type: 'request', ...OUTAGE })
    expect(await errorOf(await run())).toMatchObject(tryAgain)
    expect(gateway.upstream.requests).toEqual([])
    expect(gateway.store.ofType('request')).toEqual([])
    expect(gateway.store.calls['jobs.claim']).toBe(0)
    expect(gateway.store.ofType('refusal')).toMatchObject([
      { problem: 'record-unavailable', sql: SELECT, principal: { subject: 'ana' } },
    ])
  })

  test('is kept but nobody hears so: nothing ran, and the repeat is bound to it', async () => {
    gateway.store.failNext('after', { type: 'request', ...OUTAGE })
    expect(await errorOf(await run())).toMatchObject(tryAgain)
    expect(gateway.upstream.requests).toEqual([])
    expect(gateway.store.ofType('request')).toHaveLength(1)
    expect(gateway.store.ofType('outcome')).toEqual([])

    gateway.store.recover()
    expect((await run()).status).toBe(200)
    expect(gateway.bigQuery.jobs.size).toBe(1)
    expect(gateway.store.ofType('request')).toHaveLength(1)
    expect(gateway.store.ofType('outcome')).toMatchObject([{ outcome: 'released' }])
  })

  test.each(['before', 'after'] as const)(
    'fails once %s it is kept: nobody notices',
    async (when) => {
      gateway.store.failNext(when, { type: 'request' })
      expect((await run()).status).toBe(200)
      expect(gateway.store.ofType('request')).toHaveLength(1)
      expect(gateway.upstream.requests).toHaveLength(1)
    },
  )
})

describe.each(runs)('%s: the outcome entry', (_method, run) => {
  test.each(['before', 'after'] as const)(
    'fails %s it is kept: nothing is released',
    async (when) => {
      gateway.store.failNext(when, { type: 'outcome', ...OUTAGE })
      const response = await run()
      const { code, reason, message } = await errorOf(response)
      expect({ code, reason }).toEqual(stopped)
      expect(message).toMatch(/^job (job_1|j) was carried out, but Sluice could not record/)
      expect(message).not.toMatch(/Ana|Ben|Cleo/)
      expect(gateway.bigQuery.jobs.size).toBe(1)
      expect(gateway.store.ofType('outcome')).toHaveLength(when === 'after' ? 1 : 0)
      expect(gateway.failures).toMatchObject([{ message: `create failed ${when} it persisted` }])
    },
  )

  test.each(['before', 'after'] as const)(
    'fails once %s it is kept: nobody notices',
    async (when) => {
      gateway.store.failNext(when, { type: 'outcome' })
      expect((await run()).status).toBe(200)
      expect(gateway.store.ofType('outcome')).toHaveLength(1)
      expect(gateway.store.ofType('page')).toEqual([])
    },
  )
})

guarantee('recorded-before-release', async () => {
  await startJob(gateway)
  gateway.store.failNext('before', { type: 'outcome', ...OUTAGE })
  gateway.store.failNext('before', { type: 'page', ...OUTAGE })
  for (const call of methodCalls) {
    const response = await makeCall(gateway, call)
    // The end of this job is on the record; a look at it delivers nothing.
    if (call.method === 'jobs.get') continue
    const error = await errorOf(response)
    expect(error, `in ${call.method}`).toMatchObject(stopped)
    expect(error.message).not.toMatch(/Ana|patients|gserviceaccount/)
  }
})

describe('the claim of a job', () => {
  test('cannot be made before jobs.insert: BigQuery does not hear of it', async () => {
    gateway.store.failNext('before', { operation: 'jobs.claim', ...OUTAGE })
    const response = await gateway.insert(SELECT, { jobReference: { jobId: 'j' } })
    expect(await errorOf(response)).toMatchObject(tryAgain)
    expect(gateway.upstream.requests).toEqual([])
    // The repeat runs it, once, so the call has not ended.
    expect(gateway.store.ofType('outcome')).toEqual([])
    gateway.store.recover()
    expect((await gateway.insert(SELECT, { jobReference: { jobId: 'j' } })).status).toBe(200)
    expect(gateway.bigQuery.jobs.size).toBe(1)
  })

  test('is made but nobody hears so: the repeat runs the job', async () => {
    gateway.store.failNext('after', { operation: 'jobs.claim', times: 1 })
    const response = await gateway.insert(SELECT, { jobReference: { jobId: 'j' } })
    expect(await errorOf(response)).toMatchObject(tryAgain)
    expect(gateway.upstream.requests).toEqual([])
    expect((await gateway.insert(SELECT, { jobReference: { jobId: 'j' } })).status).toBe(200)
    expect(gateway.bigQuery.jobs.size).toBe(1)
  })

  test.each(['before', 'after'] as const)(
    'fails %s it is kept, for a job that a query started: nothing is released',
    async (when) => {
      gateway.store.failNext(when, { operation: 'jobs.claim', ...OUTAGE })
      const response = await gateway.query(SELECT)
      expect(await errorOf(response)).toMatchObject(stopped)
      expect(gateway.bigQuery.jobs.size).toBe(1)
    },
  )
})

describe('the link to a result table', () => {
  test('cannot be kept: the job is not shown, and a later look shows it', async () => {
    await startJob(gateway)
    gateway.store.failNext('before', { operation: 'jobs.linkResultTable' })
    const response = await gateway.request(`${JOBS}/${JOB}`, { as: 'ana' })
    expect((await errorOf(response)).reason).toBe('stopped')
    expect((await gateway.request(`${JOBS}/${JOB}`, { as: 'ana' })).status).toBe(200)
  })
})

describe('a page', () => {
  test.each(['before', 'after'] as const)(
    'fails %s it is kept: nothing is released',
    async (when) => {
      await startJob(gateway)
      gateway.store.failNext(when, { type: 'page', ...OUTAGE })
      const response = await gateway.request(`${QUERIES}/${JOB}?maxResults=1`, { as: 'ana' })
      const { code, reason, message } = await errorOf(response)
      expect({ code, reason }).toEqual(stopped)
      expect(message).not.toContain('Ana')
      expect(gateway.failures).toHaveLength(1)
    },
  )
})

describe('a refusal', () => {
  test.each(['before', 'after'] as const)(
    'fails %s it is kept: the no stays a no',
    async (when) => {
      gateway.store.failNext(when, { type: 'refusal', ...OUTAGE })
      const denied = await gateway.query('SELECT * FROM acme.vault.keys')
      expect(await errorOf(denied)).toMatchObject(tryAgain)
      const nobody = await gateway.request(QUERIES, { method: 'POST' })
      expect(await errorOf(nobody)).toMatchObject(tryAgain)
      expect(gateway.upstream.requests).toEqual([])
    },
  )

  test('strangers who could not be recorded are counted', async () => {
    gateway.store.failNext('before', { type: 'refusal', ...OUTAGE })
    await gateway.request(QUERIES, { method: 'POST' })
    await gateway.request(QUERIES, { method: 'POST' })
    gateway.store.recover()
    await gateway.request(QUERIES, { method: 'POST' })
    expect(gateway.store.ofType('refusal')).toMatchObject([{ unrecorded: 2 }])
  })
})

test('the end of a call that failed cannot be recorded: the caller hears the failure', async () => {
  gateway.store.failNext('before', { type: 'outcome', ...OUTAGE })
  gateway.upstream.respond((_request, response) => void response.socket?.resetAndDestroy())
  expect(await errorOf(await gateway.query(SELECT))).toMatchObject(stopped)
  expect(gateway.store.ofType('outcome')).toEqual([])
})

test('what is too large to be kept is refused, and nothing runs', async () => {
  const noise = Array.from({ length: 60_000 }, () => Math.random().toString(36)).join('')
  const response = await gateway.query(SELECT, {
    with: {
      queryParameters: [
        {
          name: 'p',
          parameterType: { type: 'STRING' },
          parameterValue: { value: noise.repeat(3) },
        },
      ],
    },
  })
  const { code, reason, message } = await errorOf(response)
  expect({ code, reason }).toEqual({ code: 400, reason: 'invalid' })
  expect(message).toContain('too large to be recorded')
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('refusal')).toMatchObject([
    {
      problem: 'malformed',
      detail: expect.stringMatching(/left out: sql and parameters.*sha-256/),
    },
  ])
})
