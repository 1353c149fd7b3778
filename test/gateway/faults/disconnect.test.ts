import { request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { JOB, startJob } from '../../support/method-calls.ts'
import * as faults from '../../support/stub-faults.ts'
import type { Respond } from '../../support/stub-upstream.ts'
import { JOBS, QUERIES, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
let url: string
beforeEach(async () => {
  gateway = await world({ hold: { usualMs: 3_000 } })
  url = await gateway.listen()
})
afterEach(() => gateway.close())

/** Sends a request and hangs up as soon as `when` holds; resolves with what had come by then. */
async function hangUp(
  path: string,
  body: object | undefined,
  when: () => boolean,
): Promise<string> {
  const token = await gateway.token('ana')
  const received: Buffer[] = []
  const sent = request(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  sent.on('response', (response) => response.on('data', (chunk: Buffer) => received.push(chunk)))
  sent.on('error', () => {})
  sent.end(body === undefined ? undefined : JSON.stringify(body))
  await until(when)
  sent.destroy()
  return Buffer.concat(received).toString()
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !holds(); i++) await wait(5)
  expect(holds()).toBe(true)
}

const outcomes = () => gateway.store.ofType('outcome')

/** Never answers, and says when its caller has gone. */
function watched(): { readonly respond: Respond; closed: boolean } {
  const watch = {
    closed: false,
    respond: ((incoming, response) => {
      response.on('close', () => (watch.closed = true))
      return faults.hang(incoming, response)
    }) as Respond,
  }
  return watch
}

test.each([
  ['jobs.query', QUERIES, { query: SELECT }],
  ['jobs.insert', JOBS, { configuration: { query: { query: SELECT } } }],
  [
    'tabledata.list',
    '/bigquery/v2/projects/acme/datasets/hospital/tables/patients/data',
    undefined,
  ],
])(
  'whoever hangs up during %s gets nothing, and the record says so',
  async (_method, path, body) => {
    const watch = watched()
    gateway.upstream.respond(watch.respond)
    const received = await hangUp(path, body, () => gateway.upstream.requests.length === 1)
    await until(() => outcomes().length === 1)
    expect(received).toBe('')
    expect(outcomes()).toMatchObject([{ outcome: 'not-delivered', detail: 'caller-gone' }])
    expect(outcomes()[0]?.delivery).toBeUndefined()
    // BigQuery hears it too.
    await until(() => watch.closed)
    expect(gateway.upstream.requests).toHaveLength(1)
    expect(gateway.store.ofType('refusal')).toEqual([])
  },
)

test('whoever hangs up while the job runs: nobody asks BigQuery any more, and the job is theirs', async () => {
  gateway.bigQuery.pendingAnswers = 1_000
  await hangUp(QUERIES, { query: SELECT }, () => gateway.upstream.requests.length >= 2)
  await wait(300)
  // It goes on and can be asked for, so nothing has ended.
  expect(outcomes()).toEqual([])
  const cancelled = await gateway.request(`${JOBS}/${JOB}/cancel`, { method: 'POST', as: 'ana' })
  expect(cancelled.status).toBe(200)
  const { length } = gateway.upstream.requests
  await wait(400)
  expect(gateway.upstream.requests).toHaveLength(length)
})

test('whoever hangs up while waiting for their job: its call stays open', async () => {
  gateway.bigQuery.pendingAnswers = 1_000
  await gateway.query(SELECT, { with: { timeoutMs: 0 } })
  const { length } = gateway.upstream.requests
  await hangUp(`${QUERIES}/${JOB}`, undefined, () => gateway.upstream.requests.length > length)
  await wait(300)
  expect(outcomes()).toEqual([])
  expect(gateway.store.ofType('page')).toEqual([])
  // It can be asked for again.
  const job = gateway.bigQuery.jobs.get(JOB)
  if (job !== undefined) job.pending = 0
  const response = await gateway.request(`${QUERIES}/${JOB}`, { as: 'ana' })
  expect(await response.json()).toMatchObject({ jobComplete: true })
  expect(outcomes()).toMatchObject([{ outcome: 'released' }])
})

test('whoever hangs up before the request is recorded: BigQuery does not hear of it', async () => {
  const held = Promise.withResolvers<void>()
  const { create } = gateway.ports.entries
  let creating = 0
  Object.assign(gateway.ports.entries, {
    create: async (stored: Parameters<typeof create>[0]) => {
      creating += 1
      if (stored.entry.type === 'request') await held.promise
      return create(stored)
    },
  })
  await hangUp(QUERIES, { query: SELECT }, () => creating === 1)
  await wait(50)
  held.resolve()
  await until(() => outcomes().length === 1)
  expect(gateway.upstream.requests).toEqual([])
  expect(outcomes()).toMatchObject([
    { outcome: 'not-delivered', detail: 'caller-gone; bigquery has not heard of it' },
  ])
})

test('whoever hangs up in the middle of a request: nothing happens', async () => {
  await startJob(gateway)
  const stored = gateway.store.stored().length
  const token = await gateway.token('ana')
  const sent = request(`${url}${QUERIES}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': 1_000,
    },
  })
  sent.on('error', () => {})
  sent.write('{"query":"SELECT 1')
  await wait(100)
  sent.destroy()
  await wait(100)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('request')).toHaveLength(1)
  expect(gateway.store.stored()).toHaveLength(stored + 1)
  expect(gateway.store.ofType('refusal')).toMatchObject([{ problem: 'caller-gone' }])
  expect(gateway.failures).toEqual([])
})
