import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { parseGrantId } from '../../../shared/approval/grant-id.ts'
import type { Grant } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import {
  ATTACK_POLICY,
  type AttackWorld,
  account,
  addressed,
  attackWorld,
  replaced,
} from '../../support/approval-attack.ts'
import { CLAIMS } from '../../support/approval-world.ts'

const POLICY = replaced(ATTACK_POLICY, {
  'approvals:': `people: [{ accounts: [${account('ana')}, ${account('ana-admin')}] }]\napprovals:`,
})

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld(POLICY)
})
afterAll(() => here.close())

let asked = 0
const ON_CALL = { groups: ['analysts', 'on-call'], ...addressed('ana@acme.example') }
const BROKEN = { 'sluice-break-glass': 'true', 'sluice-justification': 'cardiac arrest in 4' }

/** Ana goes ahead, as somebody who is on call but for `claims`. */
async function breaks(headers: Readonly<Record<string, string>>, claims: object = ON_CALL) {
  const jobs = here.jobs()
  const token = await here.gateway.token('ana', { ...claims })
  const reply = await here.gateway.query(`${CLAIMS} OFFSET ${(asked += 1)}`, { token, headers })
  return { status: reply.status, text: await reply.text(), jobs: here.jobs() - jobs }
}

async function brokenGrant(): Promise<Grant> {
  expect(await breaks(BROKEN)).toMatchObject({ status: 200, jobs: 1 })
  const entry = here.gateway.store.ofType('approval').at(-1)
  const id = parseGrantId(entry?.grant ?? '')
  const grant = id && (await here.gateway.state.grants.find(id))
  if (grant === undefined) throw new Error('no glass was broken')
  return grant
}

test.each<[string, Readonly<Record<string, string>>, object?]>([
  ['without a justification', { 'sluice-break-glass': 'true' }],
  ['with an empty justification', { ...BROKEN, 'sluice-justification': '  ' }],
  ['by somebody who is not of the group', BROKEN, { groups: ['analysts'] }],
  ['by an agent that says so for somebody of the group', BROKEN, { ...ON_CALL, act: { sub: 'a' } }],
])('B60 the glass does not break %s', async (_, headers, claims) => {
  const requests = here.requests()
  const { status, text, jobs } = await breaks(headers, claims)
  expect(status).toBe(403)
  expect(jobs).toBe(0)
  expect(text).not.toContain('"rows"')
  // Nor does it wear out approvers.
  expect(here.requests()).toBe(requests)
})

test('B60 nobody breaks it unheard: when nobody can be told, nothing runs', async () => {
  here.world.queueIsDown = true
  const said = await breaks(BROKEN)
  here.world.queueIsDown = false
  expect(here.gateway.failures.splice(0)).not.toEqual([])
  expect(said).toMatchObject({ status: 503, jobs: 0 })
  expect(said.text).not.toContain('"rows"')
})

test('B60 nor unrecorded', async () => {
  here.gateway.store.failNext('before', { type: 'approval', times: Infinity })
  const said = await breaks(BROKEN)
  here.gateway.store.recover()
  expect(here.gateway.failures.splice(0)).not.toEqual([])
  expect(said).toMatchObject({ status: 503, jobs: 0 })
  expect(said.text).not.toContain('"rows"')
})

test('B60 it is told at once and stays on the list until somebody else has looked', async () => {
  const grant = await brokenGrant()
  await vi.waitFor(
    () => expect(here.gateway.told).toContainEqual({ id: grant.id, news: 'broke-glass' }),
    10_000,
  )
  expect(here.story(grant.call).slice(0, 3)).toEqual([
    'request',
    'approval:asked',
    'approval:broke-glass',
  ])
  const finding = { finding: 'all right' }
  const office = ['analysts', 'on-call', 'privacy-office', 'auditors']
  const closers: readonly object[] = [
    { ...ON_CALL, groups: office },
    { sub: 'ana-admin', groups: office },
    { sub: 'ana2', groups: office, ...addressed('Ana@acme.example') },
    { sub: 'ci', client_id: 'ci', groups: office },
    { sub: 'petra', groups: office, act: { sub: 'agent' } },
    { sub: 'eve', groups: ['on-call'] },
  ]
  for (const claims of closers) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const said = await here.say(grant, 'review', 'ana', finding, claims)
    expect([403, 404]).toContain(said.status)
  }
  // Nor does time close it.
  here.gateway.time.offset += 30 * 24 * 60 * 60_000
  await here.gateway.desk.sweep()
  expect(standingOf(await here.again(grant)).reviewOpen).toBe(true)
  expect(await here.gateway.state.grants.listOpen(100)).toContain(grant.id)
  expect(await here.say(grant, 'review', 'petra', { finding: ' ' })).toMatchObject({ status: 400 })
  expect(await here.say(grant, 'review', 'petra', finding)).toMatchObject({ status: 200 })
  expect(standingOf(await here.again(grant)).reviewOpen).toBe(false)
  expect(here.story(grant.call)).toContain('approval:reviewed')
})

test('B60 it is broken for one query: the next one is held again', async () => {
  const grant = await brokenGrant()
  const next = await here.held(`${CLAIMS} OFFSET ${(asked += 1)}`, {
    token: await here.gateway.token('ana', ON_CALL),
  })
  expect(next.grant.id).not.toBe(grant.id)
  expect(await here.stateOf(next.grant)).toBe('approval-awaited')
  expect(here.jobsOf(next.grant)).toBe(0)
})

test('B60 it lifts no mask, no denial and no approval that it is not for', async () => {
  const token = await here.gateway.token('ana', ON_CALL)
  const init = { token, headers: BROKEN }
  const jobs = here.jobs()
  // Of the two approvals this takes, none has a glass to break.
  const staff = await here.gateway.query('SELECT id FROM acme.hospital.staff', init)
  expect(staff.status).toBe(403)
  const payroll = await here.gateway.query('SELECT * FROM acme.finance.payroll', init)
  expect(payroll.status).toBe(403)
  expect(here.jobs()).toBe(jobs)
})
