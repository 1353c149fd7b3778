import { afterEach, beforeEach, expect, test } from 'vitest'

import { IssuerUnreachable } from '../../../shared/identity/key-sets.ts'
import { err } from '../../../shared/kernel/result.ts'
import { errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { makeCall, methodCalls, startJob } from '../../support/method-calls.ts'
import { ISSUER, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world({ mayFail: true })
  await startJob(gateway)
})
afterEach(() => gateway.close())

const tryAgain = { code: 503, reason: 'backendError' }

guarantee('not-ready-means-no', async () => {
  Object.assign(gateway.ports, { policy: () => err(['no policy']) })
  for (const call of methodCalls) {
    const error = await errorOf(await makeCall(gateway, call))
    expect(error, `in ${call.method}`).toMatchObject(tryAgain)
    expect(error.message).not.toContain('no policy')
  }
  expect(gateway.upstream.requests).toEqual([])
})

guarantee('recorded-first', async () => {
  gateway.store.failNext('before', { type: 'request', times: Infinity })
  const undone = methodCalls.filter(
    // Covered by the entry of their job.
    ({ method }) => method !== 'jobs.get' && method !== 'jobs.getQueryResults',
  )
  for (const call of undone) {
    const error = await errorOf(await makeCall(gateway, call))
    expect(error, `in ${call.method}`).toMatchObject(tryAgain)
  }
  expect(gateway.upstream.requests).toEqual([])
})

test.each(methodCalls)('$method with the whole store down', async (call) => {
  for (const operation of Object.keys(gateway.store.calls))
    gateway.store.failNext('before', { operation: operation as 'create', times: Infinity })
  const error = await errorOf(await makeCall(gateway, call))
  expect(error).toMatchObject(tryAgain)
  expect(error.message).toContain('cannot record this call right now, so it was not made')
  expect(gateway.upstream.requests).toEqual([])
  // The log hears why.
  expect(gateway.failures).toMatchObject([
    { message: expect.stringContaining('failed before it persisted') },
  ])
})

test.each(methodCalls)('$method while the jobs cannot be looked up', async (call) => {
  for (const operation of ['jobs.find', 'jobs.list', 'jobs.claim'] as const)
    gateway.store.failNext('before', { operation, times: Infinity })
  const response = await makeCall(gateway, call)
  if (response.status === 200) return
  const error = await errorOf(response)
  // The query has run, and nobody knows whose it is.
  if (call.method === 'jobs.query') {
    expect(error).toMatchObject({ code: 400, reason: 'stopped' })
    return
  }
  expect(error).toMatchObject(tryAgain)
  expect(gateway.upstream.requests).toEqual([])
})

test('the analyzer is down', async () => {
  expect(await errorOf(await gateway.query('DOWN'))).toMatchObject(tryAgain)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('request')).toHaveLength(1)
  expect(gateway.store.ofType('refusal')).toMatchObject([{ problem: 'analyzer-unavailable' }])
})

test('the issuer is down: nobody is let in, and nobody is told to sign in again', async () => {
  const cut = await world({
    keySets: (issuer) =>
      Promise.reject(new IssuerUnreachable(issuer, new TypeError('fetch failed'))),
  })
  const response = await cut.query(SELECT)
  expect(response.headers.has('www-authenticate')).toBe(false)
  expect(await errorOf(response)).toMatchObject(tryAgain)
  expect(cut.upstream.requests).toEqual([])
  expect(cut.store.ofType('refusal')).toMatchObject([
    { problem: 'issuer-unreachable', detail: ISSUER },
  ])
  await cut.close()
})

test('a bug on the way in is a plain no, recorded or not', async () => {
  const bug = new TypeError('ya29.secret')
  const broken = await world({ keySets: () => Promise.reject(bug), mayFail: true })
  const error = await errorOf(await broken.query(SELECT))
  expect(error).toMatchObject({ code: 400, reason: 'stopped' })
  expect(error.message).not.toContain('ya29')
  expect(broken.failures).toEqual([bug])
  expect(broken.upstream.requests).toEqual([])
  await broken.close()
})
