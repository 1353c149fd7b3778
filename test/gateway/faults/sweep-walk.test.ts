import { afterEach, beforeEach, expect, test } from 'vitest'

import { closeCalls } from '../../../shared/gateway/close-calls.ts'
import { errorOf } from '../../support/error-of.ts'
import { sampleCallId, sampleRequest } from '../../support/sample-entries.ts'
import { GRACE_MS, HOUR_MS, sweepAfter } from '../../support/sweep.ts'
import { POLICY, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world({ mayFail: true })
})
afterEach(() => gateway.close())

const OUTAGE = { times: Infinity } as const
const outcomes = () => gateway.store.ofType('outcome')

/** Requests that nobody answered, at these instants. */
async function asked(...instants: readonly number[]): Promise<void> {
  for (const [n, at] of instants.entries()) {
    const request = sampleRequest({ call: sampleCallId(n), at, method: 'tables.get' })
    await gateway.store.entries.create(request)
  }
}

test('a first sweep goes through a record of years, however it is spread', async () => {
  const now = gateway.ports.clock()
  const years = Array.from({ length: 40 }, (_, n) => now - (n + 1) * 90 * 24 * HOUR_MS)
  const busy = Array.from({ length: 600 }, (_, n) => now - 300 * HOUR_MS + n)
  const sameInstant = Array.from({ length: 600 }, () => now - 200 * HOUR_MS)
  await asked(...years, ...busy, ...sameInstant)
  await sweepAfter(gateway, 0)
  expect(outcomes()).toHaveLength(1_240)
  expect(new Set(outcomes().map(({ call }) => call)).size).toBe(1_240)
  expect(gateway.store.calls.list).toBeLessThan(200)

  const { list } = gateway.store.calls
  await sweepAfter(gateway, 1_000)
  expect(gateway.store.calls.list - list).toBe(1)
})

test('a sweep that has no more time goes on where it was', async () => {
  const now = gateway.ports.clock()
  await asked(...Array.from({ length: 1_200 }, (_, n) => now - 300 * HOUR_MS + n))
  const ports = { ...gateway.ports, watermarks: gateway.state.watermarks }
  // Time goes by whenever somebody looks at the clock.
  const clock = () => gateway.ports.clock() + (gateway.time.offset += 1)
  let sweeps = 0
  for (; outcomes().length < 1_200 && sweeps < 500; sweeps += 1)
    await closeCalls({ ...ports, clock }, { forMs: 200 })
  expect(outcomes()).toHaveLength(1_200)
  expect(sweeps).toBeGreaterThan(1)
})

test('of several sweeps at once each call gets one end, and none is left out', async () => {
  const now = gateway.ports.clock()
  await asked(...Array.from({ length: 700 }, (_, n) => now - 300 * HOUR_MS + n * 1_000))
  await Promise.all([1, 2, 3].map(() => sweepAfter(gateway, 0)))
  expect(outcomes()).toHaveLength(700)
})

test('the store is down: the sweep fails, and the next one leaves nothing out', async () => {
  await asked(gateway.ports.clock() - 300 * HOUR_MS)
  gateway.store.failNext('before', { operation: 'list' })
  await expect(sweepAfter(gateway, 0)).rejects.toThrow('list failed')
  gateway.store.failNext('before', { type: 'outcome', ...OUTAGE })
  await sweepAfter(gateway, 0)
  expect(gateway.troubles).toHaveLength(1)
  gateway.store.recover()
  await sweepAfter(gateway, HOUR_MS)
  expect(outcomes()).toHaveLength(1)
})

test('too much is open: the sweep stops there, and forgets nothing', async () => {
  const watermarks = gateway.state.watermarks
  const from = gateway.ports.clock() - 300 * HOUR_MS
  const lookAt = Number.MAX_SAFE_INTEGER
  const full = Array.from({ length: 5_000 }, (_, n) => ({ call: `c${n}`, lookAt }))
  await watermarks.advance(0, from, full)
  await asked(from + 1)
  gateway.store.failNext('before', { type: 'outcome', ...OUTAGE })
  await expect(sweepAfter(gateway, 0)).rejects.toThrow('more than 5000 calls are open')
  expect((await watermarks.read()).at).toBe(from)
  gateway.store.recover()
  await sweepAfter(gateway, 0)
  expect(outcomes()).toHaveLength(1)
  expect((await watermarks.read()).open).toHaveLength(5_000)
})

test('what ends counts as running no more, and its bytes are counted', async () => {
  const limited = await world({
    mayFail: true,
    policy: POLICY.replace(
      'rules:',
      'limits: { everybody: { concurrentJobs: 1, bytesPerDay: 10 MiB } }\nrules:',
    ),
  })
  try {
    limited.store.failNext('before', { type: 'outcome', ...OUTAGE })
    await limited.query(SELECT)
    limited.store.recover()
    expect(await errorOf(await limited.query(SELECT))).toMatchObject({ code: 429 })
    await sweepAfter(limited, GRACE_MS)
    const { code, message } = await errorOf(await limited.query(SELECT))
    expect({ code, message }).toMatchObject({ code: 403, message: expect.stringMatching(/bytes/) })
    expect(limited.bigQuery.jobs.size).toBe(1)
  } finally {
    await limited.close()
  }
})
