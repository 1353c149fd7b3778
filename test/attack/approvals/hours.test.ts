import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { ok } from '../../../shared/kernel/result.ts'
import {
  ATTACK_POLICY,
  type AttackWorld,
  attackWorld,
  replaced,
} from '../../support/approval-attack.ts'
import { CLAIMS } from '../../support/approval-world.ts'

const NIGHT = `wait: 12h
    hours: { timeZone: Europe/Zurich, days: [fri, sat], from: '22:00', until: '06:30' }`

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld(replaced(ATTACK_POLICY, { 'wait: 1h': NIGHT }))
})
afterAll(() => here.close())

/** What the server takes for now. */
const set = (time: string) => {
  here.gateway.time.offset = Date.parse(time) - Date.now()
}

let asked = 0
const fresh = () => `${CLAIMS} OFFSET ${(asked += 1)}`

// The nights of Friday and Saturday in Zurich. On Sunday, 25 October 2026, clocks go back at 03:00, and on
// Sunday, 28 March 2027, they go forward at 02:00.
const OPEN = '2026-10-23T20:30:00Z'
beforeEach(() => set(OPEN))

test.each([
  ['a minute before they begin', '2026-10-23T19:59:00Z'],
  ['when they are over', '2026-10-24T04:30:00Z'],
  ['in the night to Friday', '2026-10-22T22:00:00Z'],
  ['where it is the same hour in UTC', '2026-10-24T05:29:00Z'],
  ['an hour later by clocks that went back', '2026-10-25T05:30:00Z'],
  ['an hour earlier by clocks that went forward', '2027-03-28T04:31:00Z'],
])('B57 outside the hours nobody is asked: %s', async (_, time) => {
  set(time)
  const requests = here.requests()
  const reply = await here.gateway.query(fresh())
  expect(reply.status).toBe(403)
  expect(await reply.text()).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\dZ/)
  expect(here.requests()).toBe(requests)
})

test.each([
  ['the first minute', '2026-10-23T20:00:00Z'],
  ['after midnight', '2026-10-24T04:29:00Z'],
  ['in the hour that there is twice', '2026-10-25T00:30:00Z'],
  ['in it for the second time', '2026-10-25T01:30:00Z'],
  ['the last minute by clocks that went back', '2026-10-25T05:29:00Z'],
  ['the last minute by clocks that went forward', '2027-03-28T04:29:00Z'],
])('B57 inside them they are: %s', async (_, time) => {
  set(time)
  const { grant, jobId } = await here.held(fresh())
  expect(await here.cast(grant, 'petra')).toMatchObject({ status: 200 })
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
})

test('B57 a yes counts at no other hour, a no at any', async () => {
  const { grant } = await here.held(fresh())
  set('2026-10-24T04:31:00Z')
  await here.cast(grant, 'petra')
  await here.vote(grant, 'petra')
  await here.gateway.desk.sweep()
  expect(await here.stateOf(grant)).toBe('approval-awaited')
  expect(here.refusals(grant)).toContain('closed')
  await here.vote(grant, 'paul', 'deny')
  expect(await here.stateOf(grant)).toBe('denied')
  expect(here.jobsOf(grant)).toBe(0)
})

test('B57 what was approved in the last minute starts in no later one', async () => {
  set('2026-10-24T04:29:00Z')
  const { grant, jobId } = await here.held(fresh())

  const at = Date.parse('2026-10-24T04:29:30Z')
  await here.gateway.state.grants.change(grant.id, () =>
    ok([{ type: 'approved', at, until: at + 900_000, box: undefined }]),
  )
  set('2026-10-24T04:31:00Z')
  await here.gateway.desk.sweep()
  expect(here.jobsOf(grant)).toBe(0)
  set('2026-10-24T04:50:00Z')
  expect((await here.rowsOf(jobId)).text).toContain('had not started by')
  expect(await here.stateOf(grant)).toBe('expired')
})

test('B57 nobody else has a clock: what a vote says of its time counts for nothing', async () => {
  const { grant } = await here.held(fresh())
  const vote = here.voteOf(grant, 'petra')
  set('2026-10-24T08:30:01Z')
  await here.gateway.desk.receive['dev.sluice.approval.vote']?.({
    type: 'dev.sluice.approval.vote',
    id: vote.id,
    at: Date.parse(OPEN),
    grant: grant.id,
    vote,
  })
  expect(await here.stateOf(grant)).toBe('expired')
  expect(here.refusals(grant)).toEqual(['expired'])
  expect(here.jobsOf(grant)).toBe(0)
})
