import { afterEach, beforeEach, expect, test } from 'vitest'

import { instanceMemory } from '../../../shared/gateway/instance-memory.ts'
import { errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { JOBS, POLICY, QUERIES, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  const limits = 'limits: { everybody: { queriesPerMinute: 3, concurrentJobs: 2 } }\nrules:'
  gateway = await world({ policy: POLICY.replace('rules:', limits) })
})
afterEach(() => gateway.close())

/** As if another instance served what comes now. */
const onAnotherInstance = () => Object.assign(gateway.ports.memory, instanceMemory())

guarantee('limits-counted-together', async () => {
  for (let count = 0; count < 3; count += 1) {
    expect((await gateway.query(SELECT)).status).toBe(200)
    onAnotherInstance()
  }
  const heard = gateway.upstream.requests.length
  expect(await errorOf(await gateway.query(SELECT))).toMatchObject({
    code: 429,
    reason: 'rateLimitExceeded',
  })
  expect((await gateway.query(SELECT, { as: 'bob' })).status).toBe(200)
  expect(gateway.upstream.requests).toHaveLength(heard + 1)
  expect(gateway.store.ofType('refusal').at(-1)).toMatchObject({ problem: 'limit-reached' })
  gateway.time.offset += 61_000
  Object.assign(gateway.ports.usage, { start: () => Promise.reject(new Error('down')) })
  expect(await errorOf(await gateway.query(SELECT))).toMatchObject({ code: 503 })
  expect(gateway.upstream.requests).toHaveLength(heard + 1)
  gateway.failures.length = 0
})

test('a job counts as running until somebody sees it end', async () => {
  gateway.bigQuery.pendingAnswers = 1
  for (const jobId of ['one', 'two'])
    expect((await gateway.insert(SELECT, { jobReference: { jobId } })).status).toBe(200)
  const third = () => gateway.insert(SELECT, { jobReference: { jobId: 'three' } })
  expect(await errorOf(await third())).toMatchObject({ code: 429 })
  expect((await gateway.request(`${QUERIES}/one`, { as: 'ana' })).status).toBe(200)
  expect((await third()).status).toBe(200)
})

guarantee('kill-switch', async () => {
  await gateway.insert(SELECT, { jobReference: { jobId: 'running' } })
  const { killSwitches } = gateway.ports
  const by = { reason: 'ticket 911', by: 'otto', at: 1 }
  await killSwitches.set({ scope: { kind: 'dataset', dataset: 'acme.hospital' }, ...by })
  gateway.time.offset += 9_999
  const heard = gateway.upstream.requests.length
  const error = await errorOf(await gateway.query(SELECT))
  expect(error).toMatchObject({ code: 403, reason: 'accessDenied' })
  expect(error.message).toContain('ticket 911')
  expect((await gateway.query('SELECT 1')).status).toBe(200)

  await killSwitches.set({ scope: { kind: 'global' }, ...by })
  gateway.time.offset += 9_999
  expect((await gateway.query('SELECT 1', { as: 'bob' })).status).toBe(403)
  expect((await gateway.request(`${QUERIES}/running`, { as: 'ana' })).status).toBe(403)
  expect(gateway.upstream.requests).toHaveLength(heard + 1)
  // Whoever is stopped may still stop what runs.
  const cancel = await gateway.post(`${JOBS}/running/cancel`, {}, { as: 'ana' })
  expect(cancel.status).toBe(200)

  Object.assign(killSwitches, { list: () => Promise.reject(new Error('down')) })
  gateway.time.offset += 9_999
  expect((await gateway.query('SELECT 1', { as: 'bob' })).status).toBe(503)
  gateway.failures.length = 0
})
