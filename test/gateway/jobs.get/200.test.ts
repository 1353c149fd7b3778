import { afterEach, beforeEach, expect, test } from 'vitest'

import { instanceMemory } from '../../../shared/gateway/instance-memory.ts'
import { JOB, startJob } from '../../support/method-calls.ts'
import { JOBS, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

const look = async (query = '') =>
  (await (await gateway.request(`${JOBS}/${JOB}${query}`, { as: 'ana' })).json()) as Record<
    string,
    unknown
  >

test('the job, named after its owner instead of the service account', async () => {
  await startJob(gateway)
  expect(await look()).toMatchObject({
    kind: 'bigquery#job',
    user_email: 'ana',
    jobReference: { projectId: 'acme', jobId: JOB, location: 'US' },
    status: { state: 'DONE' },
  })
  expect(gateway.upstream.requests.map(({ path }) => path)).toEqual([`${JOBS}/${JOB}`])
  expect(Object.fromEntries(gateway.upstream.requests[0]?.query ?? [])).toEqual({
    location: 'US',
    prettyPrint: 'false',
  })
})

test('the address that the issuer vouches for is shown, where it does', async () => {
  await startJob(gateway)
  const token = await gateway.token('ana', { email: 'ana@acme.example', email_verified: true })
  const response = await gateway.request(`${JOBS}/${JOB}`, { token })
  expect(await response.json()).toMatchObject({ user_email: 'ana@acme.example' })
})

test('a running job leaves its call open; the look that finds it done ends it, once', async () => {
  gateway.bigQuery.pendingAnswers = 5
  await gateway.query(SELECT, { with: { timeoutMs: 0 } })
  expect(await look('?fields=status')).toEqual({ status: { state: 'RUNNING' } })
  expect(gateway.store.ofType('outcome')).toEqual([])

  const job = gateway.bigQuery.jobs.get(JOB)
  if (job !== undefined) job.pending = 0
  expect(await look('?projection=full&fields=status')).toEqual({ status: { state: 'DONE' } })
  const [request] = gateway.store.ofType('request')
  expect(gateway.store.ofType('outcome')).toMatchObject([
    { call: request?.call, outcome: 'released', delivery: { totalBytesProcessed: '1024' } },
  ])
  await look()
  Object.assign(gateway.ports, { memory: instanceMemory() })
  await look()
  expect(gateway.store.ofType('outcome')).toHaveLength(1)
  expect(gateway.store.ofType('page')).toEqual([])
  expect(gateway.store.ofType('request')).toHaveLength(1)
})

test('a job that was cancelled ends its call as failed', async () => {
  gateway.bigQuery.pendingAnswers = 1
  await gateway.query(SELECT, { with: { timeoutMs: 0 } })
  await gateway.request(`${JOBS}/${JOB}/cancel`, { as: 'ana', method: 'POST' })
  expect(await look()).toMatchObject({ status: { errorResult: { reason: 'stopped' } } })
  const [query] = gateway.store.ofType('request')
  expect(gateway.store.ofType('outcome').filter(({ call }) => call === query?.call)).toMatchObject([
    { outcome: 'failed', delivery: { errorReason: 'stopped' } },
  ])
})
