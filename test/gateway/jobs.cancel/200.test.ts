import { afterEach, beforeEach, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { JOB } from '../../support/method-calls.ts'
import { JOBS, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
  gateway.bigQuery.pendingAnswers = 5
  await gateway.query(SELECT, { with: { timeoutMs: 0 } })
  gateway.upstream.requests.length = 0
})
afterEach(() => gateway.close())

const cancel = (query = '') =>
  gateway.request(`${JOBS}/${JOB}/cancel${query}`, { as: 'ana', method: 'POST' })

test('the job is cancelled, and that is a call of its own on the record', async () => {
  const response = await cancel('?location=US&fields=kind,job(user_email,jobReference/jobId)')
  expect(await response.json()).toEqual({
    kind: 'bigquery#jobCancelResponse',
    job: { user_email: 'ana', jobReference: { jobId: JOB } },
  })
  expect(gateway.bigQuery.jobs.get(JOB)?.cancelled).toBe(true)
  expect(gateway.upstream.requests).toMatchObject([
    { method: 'POST', path: `${JOBS}/${JOB}/cancel` },
  ])
  expect(gateway.upstream.requests[0]?.query.get('location')).toBe('US')
  const [query, request] = gateway.store.ofType('request')
  expect(request).toMatchObject({
    method: 'jobs.cancel',
    job: { projectId: 'acme', jobId: JOB },
    decision: { rules: ['built-in:own-job'] },
  })
  expect(request?.call).not.toBe(query?.call)
  expect(gateway.store.ofType('outcome')).toMatchObject([
    { call: request?.call, outcome: 'released' },
  ])
})

test('a body is read as strictly as any, and has no meaning', async () => {
  const path = `${JOBS}/${JOB}/cancel`
  expect((await gateway.post(path, {}, { as: 'ana' })).status).toBe(200)
  const headers = { 'content-type': 'application/json' }
  const init = { as: 'ana', method: 'POST', headers, body: '{"a":1,"a":2}' } as const
  expect((await gateway.request(path, init)).status).toBe(400)
})

test.each([
  ['{"junk":1}', 'unknown or unsupported field `junk`'],
  ['{"jobReference":{"jobId":"another"}}', 'unknown or unsupported field `jobReference`'],
  ['[]', 'the body must be an empty object'],
  ['null', 'the body must be an empty object'],
])('a body that says something is refused, and nothing is cancelled: %s', async (body, words) => {
  const headers = { 'content-type': 'application/json' }
  const init = { as: 'ana', method: 'POST', headers, body } as const
  const { code, message } = await errorOf(await gateway.request(`${JOBS}/${JOB}/cancel`, init))
  expect(code).toBe(400)
  expect(message).toContain(words)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.bigQuery.jobs.get(JOB)?.cancelled).toBe(false)
})
