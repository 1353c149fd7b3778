import { afterEach, beforeEach, expect, test } from 'vitest'

import { HELD, heldWorld } from '../../support/held-world.ts'
import { GRACE_MS, HOUR_MS, sweepAfter } from '../../support/sweep.ts'
import type { World } from '../../support/world.ts'

const OUTAGE = { times: Infinity } as const

let gateway: World
let here: Awaited<ReturnType<typeof heldWorld>>
beforeEach(async () => {
  here = await heldWorld({ mayFail: true, hold: { usualMs: 50 } })
  gateway = here.gateway
})
afterEach(() => gateway.close())

const outcomes = () => gateway.store.ofType('outcome')
const open = async () => (await gateway.state.watermarks.read()).open
const ask = () => gateway.query(HELD, { with: { timeoutMs: 0 } })

async function started() {
  const grant = await here.grantOf(await ask())
  await here.vote(grant, 'petra')
  expect(here.story(grant.call)).toContain('approval:started')
  expect(outcomes()).toEqual([])
  return grant
}

test('who was to be asked and never was: not run', async () => {
  gateway.store.failNext('before', { operation: 'jobs.claim', ...OUTAGE })
  expect((await ask()).status).toBe(503)
  gateway.store.recover()
  await sweepAfter(gateway, GRACE_MS)
  expect(outcomes()).toMatchObject([{ outcome: 'not-run', detail: 'never asked' }])
  expect(gateway.upstream.requests).toEqual([])
})

test('while people decide it stays open', async () => {
  const grant = await here.grantOf(await ask())
  await sweepAfter(gateway, GRACE_MS)
  await sweepAfter(gateway, HOUR_MS)
  expect(outcomes()).toEqual([])
  expect((await open()).map(({ call }) => call)).toEqual([grant.call])
  expect(gateway.upstream.requests).toEqual([])
})

test('what was denied, and whose end could not be recorded, gets the end that follows from the grant', async () => {
  const grant = await here.grantOf(await ask())
  gateway.store.failNext('before', { type: 'outcome', ...OUTAGE })
  await expect(here.vote(grant, 'petra', 'deny')).rejects.toThrow('not recorded')
  gateway.store.recover()
  expect(outcomes()).toEqual([])
  await sweepAfter(gateway, GRACE_MS)
  expect(outcomes()).toMatchObject([{ call: grant.call, outcome: 'not-run', detail: 'denied' }])
  expect(here.story(grant.call)).toContain('approval:denied')
  expect(gateway.bigQuery.jobs.size).toBe(0)
  // Whoever records the grant again writes the very same.
  await gateway.desk.sweep()
  expect(outcomes()).toHaveLength(1)
})

test('a result waits a day for who asked, and is then said not to be fetched', async () => {
  const grant = await started()
  const job = gateway.bigQuery.jobs.get(grant.job.jobId)
  if (job !== undefined) job.endTime = gateway.ports.clock()
  await sweepAfter(gateway, GRACE_MS)
  await sweepAfter(gateway, 22 * HOUR_MS)
  expect(outcomes()).toEqual([])
  await sweepAfter(gateway, HOUR_MS)
  expect(outcomes()).toMatchObject([{ call: grant.call, outcome: 'executed-not-delivered' }])
  expect(gateway.bigQuery.jobs.size).toBe(1)
  expect(await open()).toEqual([])
})

test('whoever comes back in time ends it as released', async () => {
  const grant = await started()
  const job = gateway.bigQuery.jobs.get(grant.job.jobId)
  if (job !== undefined) job.endTime = gateway.ports.clock()
  await sweepAfter(gateway, 9 * HOUR_MS)
  expect(await (await here.results(grant.job.jobId)).json()).toMatchObject({ jobComplete: true })
  await sweepAfter(gateway, 20 * HOUR_MS)
  expect(outcomes()).toMatchObject([{ call: grant.call, outcome: 'released' }])
  expect(await open()).toEqual([])
})

test('somebody claimed the start and died: the call waits for whoever finishes that', async () => {
  const grant = await here.grantOf(await ask())
  await gateway.state.grants.change(grant.id, () => ({
    ok: true,
    value: [
      {
        type: 'approved',
        at: gateway.ports.clock(),
        until: gateway.ports.clock() + HOUR_MS,
        box: undefined,
      },
      { type: 'starting', at: gateway.ports.clock() },
    ],
  }))
  await sweepAfter(gateway, GRACE_MS)
  expect(outcomes()).toEqual([])
  expect(await open()).toHaveLength(1)
  expect(gateway.bigQuery.jobs.size).toBe(0)
})

test('a repeat that comes when its call may be closed asks nobody', async () => {
  const named = () => gateway.insert(HELD, { jobReference: { jobId: 'j' } })
  gateway.store.failNext('before', { operation: 'jobs.claim', ...OUTAGE })
  await named()
  gateway.store.recover()
  gateway.time.offset += 61 * 60_000
  expect((await named()).status).toBe(409)
  expect(await gateway.state.grants.listOpen(9)).toEqual([])
  await sweepAfter(gateway, GRACE_MS)
  expect(outcomes()).toMatchObject([{ outcome: 'not-run', detail: 'never asked' }])
})
