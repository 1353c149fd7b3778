import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import {
  ATTACK_POLICY,
  type AttackWorld,
  attackWorld,
  replaced,
} from '../../support/approval-attack.ts'
import { CLAIMS } from '../../support/approval-world.ts'
import type { Person } from '../../support/world.ts'

const POLICY = replaced(ATTACK_POLICY, {
  'rules:': `limits:
  groups: { auditors: { each: { bytesPerDay: DAILY } } }
rules:
  - id: much-is-held
    description: Much of the encounters at once is read with leave.
    effect: require-approval
    approval: office
    when: query.tables.exists(t, t == "acme.hospital.encounters") && query.estimatedBytes > LARGE`,
})

const sized = (large: number, daily: number) =>
  POLICY.replace('LARGE', String(large)).replace('DAILY', String(daily))

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld(sized(0, 1))
  const { grant } = await here.held('SELECT id FROM acme.hospital.encounters')
  const size = grant.told.estimatedBytes ?? 0
  await here.close()
  here = await attackWorld(sized(size, Math.floor(2.5 * size)))
})
afterAll(() => here.close())

let asked = 0
const fresh = () => `${CLAIMS} OFFSET ${(asked += 1)}`
const soon = (as: Person) => ({ as, with: { timeoutMs: 0 } })

let requests: number
let jobs: number
beforeEach(() => {
  requests = here.requests()
  jobs = here.jobs()
})

test('B58 holds: whoever floods approvers gets 20 requests to them, and stops nobody else', async () => {
  const statuses: number[] = []
  for (let n = 0; n < 30; n++)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    statuses.push((await here.gateway.query(fresh(), soon('bob'))).status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(20)
  expect(statuses.slice(20).every((status) => status === 429)).toBe(true)
  expect(here.requests()).toBe(requests + 20)
  expect(here.jobs()).toBe(jobs)
  const { grant } = await here.held(fresh(), { as: 'ana' })
  expect(await here.stateOf(grant)).toBe('approval-awaited')
  // From another session, or through an agent, it is the same person.
  const token = await here.gateway.token('bob', { sid: 'x', act: { sub: 'mcp-agent' } })
  expect((await here.gateway.query(fresh(), { token })).status).toBe(429)
  // One that was decided makes room for one.
  const [id] = await here.gateway.state.grants.listOpen(100)
  const first = id && (await here.gateway.state.grants.find(id))
  if (first === undefined) throw new Error('nothing waits')
  await here.cast(first, 'petra', { verdict: 'deny', reason: 'stop this' })
  expect((await here.gateway.query(fresh(), soon('bob'))).status).toBe(200)
  expect((await here.gateway.query(fresh(), soon('bob'))).status).toBe(429)
})

test('B58 holds: at once, too', async () => {
  const replies = await Promise.all(
    Array.from({ length: 40 }, () => here.gateway.query(fresh(), soon('etl'))),
  )
  expect(replies.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(20)
  expect(here.requests() - requests).toBeLessThanOrEqual(20)
})

test('B58 holds: the same in other spelling is the same request, before and after a no', async () => {
  const spellings = [
    'SELECT id FROM acme.hospital.claims WHERE id = 7',
    'select   id\nfrom `acme.hospital.claims` where id = 7 -- please',
    '/* urgent */ SELECT id FROM `acme`.hospital.claims WHERE id = 7;',
  ]
  const grants: string[] = []
  for (const sql of spellings)
    // oxlint-disable-next-line no-await-in-loop
    grants.push((await here.held(sql)).grant.id)
  expect(new Set(grants).size).toBe(1)
  expect(here.requests()).toBe(requests + 1)
  const { grant } = await here.held(spellings[0] ?? '')
  await here.cast(grant, 'petra', { verdict: 'deny', reason: 'no need' })
  for (const sql of spellings) {
    // oxlint-disable-next-line no-await-in-loop
    const again = await here.gateway.query(sql)
    // oxlint-disable-next-line no-await-in-loop
    expect(await again.text()).toContain('no need')
  }
  expect(here.requests()).toBe(requests + 1)
})

test('B58 does not hold: near-duplicates are requests of their own, up to the limit', async () => {
  const { grant } = await here.held('SELECT id FROM acme.hospital.claims WHERE id = 100')
  await here.cast(grant, 'petra', { verdict: 'deny', reason: 'no need' })
  const near = await here.held('SELECT id FROM acme.hospital.claims WHERE id = 101')
  expect(near.grant.id).not.toBe(grant.id)
  expect(here.requests()).toBe(requests + 2)
  expect(here.jobs()).toBe(jobs)
})

test('B58 does not hold: a read in pieces is under a limit for one, without approval', async () => {
  const whole = await here.held('SELECT id, patient_id FROM acme.hospital.encounters')
  expect(await here.stateOf(whole.grant)).toBe('approval-awaited')
  for (const column of ['id', 'patient_id'])
    // oxlint-disable-next-line no-await-in-loop
    expect(
      (await here.gateway.query(`SELECT ${column} FROM acme.hospital.encounters`)).status,
    ).toBe(200)
  expect(here.requests()).toBe(requests + 1)
})

test('B58 holds: limits of a day count the pieces together', async () => {
  const statuses: number[] = []
  for (const n of [1, 2, 3, 4, 5])
    statuses.push(
      // oxlint-disable-next-line no-await-in-loop
      (await here.gateway.query(piece(n), { as: 'otto' })).status,
    )
  // Two and a half of them a day: the one that crosses the limit ends.
  expect(statuses.filter((status) => status === 200)).toHaveLength(3)
  expect(here.jobs()).toBe(jobs + 3)
})

const piece = (n: number) => `SELECT id FROM acme.hospital.encounters WHERE id = ${n}`
