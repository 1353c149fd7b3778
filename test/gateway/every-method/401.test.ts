import { afterEach, beforeEach, expect, test } from 'vitest'

import { callIn, errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { makeCall, methodCalls, startJob } from '../../support/method-calls.ts'
import { QUERIES, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world({ perMinute: 40 })
  await startJob(gateway)
})
afterEach(() => gateway.close())

const TOLD = 'Bearer resource_metadata="https://sluice.acme.example/.well-known/'

guarantee('no-token-no-query', async () => {
  const before = { ...gateway.store.calls }
  for (const call of methodCalls) {
    const response = await makeCall(gateway, call, {})
    expect(response.headers.get('www-authenticate'), `in ${call.method}`).toContain(TOLD)
    expect(await errorOf(response)).toMatchObject({ code: 401, reason: 'authError' })
  }
  expect(gateway.upstream.requests).toEqual([])
  // Nothing was looked up, and nothing was written but the refusals.
  const { create, ...lookups } = gateway.store.calls
  expect({ ...lookups, create: create - methodCalls.length }).toEqual(before)
})

test.each(methodCalls)('$method without a token is on the record', async (call) => {
  const { message } = await errorOf(await makeCall(gateway, call, {}))
  expect(gateway.store.ofType('refusal')).toMatchObject([
    {
      call: callIn(message),
      method: call.method,
      problem: 'token-missing',
      source: { address: '192.0.2.7' },
      tables: [],
      unrecorded: 0,
    },
  ])
  expect(gateway.store.ofType('refusal')[0]?.principal).toBeUndefined()
  expect(gateway.store.ofType('refusal')[0]?.sql).toBeUndefined()
})

test('an expired token is told apart from a bad one', async () => {
  const token = await gateway.token('ana')
  gateway.time.offset = 631_000
  const response = await gateway.query(SELECT, { token })
  expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
  expect((await errorOf(response)).message).toContain('the bearer token has expired')
})

test('the body of somebody unknown is not read', async () => {
  let pulled = 0
  const body = new ReadableStream(
    {
      pull: (controller) => {
        pulled += 1
        controller.enqueue(Buffer.alloc(65_536))
      },
    },
    { highWaterMark: 0 },
  )
  const init = { method: 'POST', body, duplex: 'half' } as const
  expect((await gateway.request(QUERIES, init)).status).toBe(401)
  expect(pulled).toBe(0)
})

guarantee('refusals-recorded', async () => {
  const flooded = await world({ perMinute: 5 })
  const knock = async (address: string) => {
    flooded.from.address = address
    return (await flooded.request(QUERIES, { method: 'POST' })).status
  }
  for (let i = 0; i < 20; i++) expect(await knock('198.51.100.1')).toBe(401)
  const left = () => flooded.store.ofType('refusal').map(({ unrecorded }) => unrecorded)
  // Strangers write as much as the budget lets them …
  expect(left()).toEqual([0, 0, 0, 0, 0])
  // … and the next that is recorded, of whomever, says how many were not.
  await knock('198.51.100.2')
  expect(left()).toEqual([0, 0, 0, 0, 0, 15])
  // Whoever is known is recorded always.
  for (let i = 0; i < 20; i++) await flooded.query('SELECT * FROM acme.vault.keys')
  const known = flooded.store.ofType('refusal').filter(({ principal }) => principal !== undefined)
  expect(known).toHaveLength(20)
  await flooded.close()
})
