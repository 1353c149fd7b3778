import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { type GoogleWorld, googleWorld } from '../../support/google-world.ts'
import { makeCall, methodCalls } from '../../support/method-calls.ts'
import * as faults from '../../support/stub-faults.ts'
import { errorReply } from '../../support/stub-replies.ts'
import { SELECT, type World, world } from '../../support/world.ts'

let google: GoogleWorld
let gateway: World
beforeEach(async () => {
  google = await googleWorld(200)
  gateway = await world({
    credentials: () => google.providers('main'),
    upstreamTimeoutMs: 500,
  })
})
afterEach(async () => {
  await gateway.close()
  await google.close()
})

const tryAgain = { code: 503, reason: 'backendError' }

const nothingHeard = {
  outcome: 'unanswered',
  detail: expect.stringMatching(/^credential-unavailable: [a-z -]+; bigquery has not heard of it$/),
}

/** But for the record, which says which of them it was. */
async function nothingHappened(): Promise<void> {
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('outcome')).toMatchObject([nothingHeard])
  expect(gateway.store.calls['jobs.claim']).toBe(0)
  expect(gateway.store.ofType('request')).toHaveLength(1)
}

describe('no credential can be had', () => {
  test.each([
    ['Secret Manager is closed', () => google.secretManager.close()],
    ['Secret Manager hangs', () => google.secretManager.fail(faults.hang)],
    ['the token endpoint is closed', () => google.oauth.close()],
    ['the token endpoint says no', () => google.oauth.fail(faults.htmlReply(500))],
  ])('%s: BigQuery hears nothing, a repeat is safe', async (_what, break_) => {
    await Promise.resolve(break_())
    const { code, reason, message } = await errorOf(await gateway.query(SELECT))
    expect({ code, reason }).toEqual(tryAgain)
    expect(message).not.toMatch(/secret|key|token|credential/i)
    await nothingHappened()
  })

  test.each([
    [
      'Secret Manager says 403',
      () => google.secretManager.fail(errorReply(403, 'forbidden', 'no', 'PERMISSION_DENIED')),
    ],
    ['the version is disabled', () => google.secretManager.disable(1)],
    ['the secret is no key', () => void google.secretManager.add(Buffer.from('{"type":"x"}'))],
  ])('%s: waiting does not help, so nobody is told to try again', async (_what, break_) => {
    await Promise.resolve(break_())
    const { code, reason } = await errorOf(await gateway.query(SELECT))
    expect({ code, reason }).toEqual({ code: 403, reason: 'accessDenied' })
    await nothingHappened()
  })

  test('for any method', async () => {
    google.secretManager.fail(errorReply(503, 'backendError', 'down', 'UNAVAILABLE'))
    // Of jobs there are none yet, and nothing is asked for a list of no jobs.
    const others = methodCalls.filter(({ method }) => !/^jobs\.(get|list|cancel)/.test(method))
    for (const call of others)
      expect(await errorOf(await makeCall(gateway, call))).toMatchObject(tryAgain)
    expect(gateway.upstream.requests).toEqual([])
  })
})

test('an outage of Secret Manager is not noticed while a token is good', async () => {
  expect((await gateway.query(SELECT)).status).toBe(200)
  await google.secretManager.close()
  expect((await gateway.query(SELECT)).status).toBe(200)
  const [first, second] = gateway.upstream.requests
  expect(first?.headers.authorization).toBe(`Bearer ${google.oauth.issued[0]}`)
  expect(second?.headers.authorization).toBe(first?.headers.authorization)
  for (const { credentialVersion } of gateway.store.ofType('outcome'))
    expect(credentialVersion).toMatch(/^projects\/\w+\/secrets\/bigquery\/versions\/1$/)
})

test('a rotated key is recorded with its number', async () => {
  await gateway.query(SELECT)
  google.rotate()
  google.time.now += 6 * 60_000
  await gateway.query(SELECT)
  expect(gateway.store.ofType('outcome').at(-1)?.credentialVersion).toMatch(/versions\/2$/)
})

test('after the outage the same query runs', async () => {
  const named = { with: { requestId: 'r' } }
  google.secretManager.fail(faults.resetBeforeHeaders)
  expect(await errorOf(await gateway.query(SELECT, named))).toMatchObject(tryAgain)
  google.secretManager.fail()
  google.time.now += 2_000
  expect((await gateway.query(SELECT, named)).status).toBe(200)
  expect(gateway.bigQuery.jobs.size).toBe(1)
  expect(gateway.store.ofType('request')).toHaveLength(1)
})
