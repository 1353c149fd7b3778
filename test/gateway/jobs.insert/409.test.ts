import { afterEach, beforeEach, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { startJob } from '../../support/method-calls.ts'
import { JOBS, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

const taken = { code: 409, reason: 'duplicate' }

test('a job id of somebody else is taken, and nothing runs', async () => {
  await gateway.insert(SELECT, { jobReference: { jobId: 'theirs' } })
  const { length } = gateway.upstream.requests
  const response = await gateway.insert(SELECT, { as: 'bob', jobReference: { jobId: 'theirs' } })
  const { code, reason, message } = await errorOf(response)
  expect({ code, reason }).toEqual(taken)
  expect(message).toContain('Already Exists: Job acme:US.theirs')
  expect(message).not.toContain('ana')
  expect(gateway.upstream.requests).toHaveLength(length)
  expect(await gateway.store.jobs.find('acme', 'theirs')).toMatchObject({
    owner: 'https://id.acme.example ana',
  })
  // That somebody tried is on the record: asked, and not sent.
  const tried = gateway.store.ofType('request').find(({ principal }) => principal.subject === 'bob')
  expect(gateway.store.ofType('outcome').find(({ call }) => call === tried?.call)).toMatchObject({
    outcome: 'not-delivered',
    detail: 'job-id-taken',
  })
})

test('the id of a job that a query started is taken too', async () => {
  await startJob(gateway)
  const response = await gateway.insert(SELECT, { as: 'bob', jobReference: { jobId: 'job_1' } })
  expect(await errorOf(response)).toMatchObject(taken)
  expect(gateway.upstream.requests).toEqual([])
})

test('one job id of one person for two queries: the second does not run', async () => {
  await gateway.insert(SELECT, { jobReference: { jobId: 'mine' } })
  const { length } = gateway.upstream.requests
  const response = await gateway.insert(`${SELECT} LIMIT 1`, { jobReference: { jobId: 'mine' } })
  // Python and dbt then look at the job that is there.
  expect(await errorOf(response)).toMatchObject({ code: 409, reason: 'duplicate' })
  expect(gateway.upstream.requests).toHaveLength(length)
  expect(gateway.store.ofType('refusal')).toMatchObject([{ problem: 'job-id-taken' }])
})

test('a job that was started past Sluice is nobody’s, and stays so', async () => {
  // Somebody with a key of their own ran it; BigQuery knows the id, Sluice does not.
  gateway.bigQuery.startOutside('outside')
  const response = await gateway.insert(SELECT, { jobReference: { jobId: 'outside' } })
  expect(await errorOf(response)).toMatchObject(taken)
  gateway.upstream.requests.length = 0
  for (const path of [`${JOBS}/outside`, '/bigquery/v2/projects/acme/queries/outside']) {
    const look = await gateway.request(path, { as: 'ana' })
    expect(await errorOf(look)).toMatchObject({ code: 404, reason: 'notFound' })
  }
  const cancel = await gateway.request(`${JOBS}/outside/cancel`, { as: 'ana', method: 'POST' })
  expect(cancel.status).toBe(404)
  expect(gateway.bigQuery.jobs.get('outside')?.cancelled).toBe(false)
  const list = (await (await gateway.request(JOBS, { as: 'ana' })).json()) as { jobs: unknown[] }
  expect(list.jobs).toEqual([])
})
