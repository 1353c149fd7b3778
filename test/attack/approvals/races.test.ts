import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Grant } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import { ok } from '../../../shared/kernel/result.ts'
import { type AttackWorld, attackWorld } from '../../support/approval-attack.ts'
import { CLAIMS } from '../../support/approval-world.ts'

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld()
})
afterAll(() => here.close())

let asked = 0
const held = () => here.held(`${CLAIMS} OFFSET ${(asked += 1)}`)

/** Of every vote that was cast it is known what became of it: it was counted, or refused and why. */
async function accountFor(grant: Grant, votes: number): Promise<void> {
  const { events } = await here.again(grant)
  const counted = events.filter(({ type }) => type === 'voted').length
  expect(counted + here.refusals(grant).length).toBe(votes)
  const recorded = here.story(grant.call).filter((step) => step.startsWith('approval:'))
  expect(recorded).toEqual(events.map(({ type }) => `approval:${type}`))
}

test.each([['approve first'], ['deny first'], ['both at once']])(
  'B48 a yes and a no, %s: the no is never lost',
  async (order) => {
    const { grant, jobId } = await held()
    const yes = () => here.vote(grant, 'petra')
    const no = () => here.vote(grant, 'paul', 'deny', { reason: 'no reason to' })
    if (order === 'approve first') await yes().then(no)
    else if (order === 'deny first') await no().then(yes)
    else await Promise.all([yes(), no()])
    await here.gateway.desk.sweep()
    expect(['denied', 'revoked']).toContain(await here.stateOf(grant))
    const said = await here.rowsOf(jobId)
    expect(said.status).toBe(403)
    expect(said.text).toContain('no reason to')
    expect(said.text).not.toContain('"rows"')
    expect(here.jobsOf(grant)).toBeLessThanOrEqual(order === 'deny first' ? 0 : 1)
    await accountFor(grant, 2)
  },
)

test('B48 fifty say yes and fifty say no at once', async () => {
  const { grant, jobId } = await held()
  const votes = Array.from({ length: 100 }, (_, n) => {
    const { by } = here.voteOf(grant, 'petra')
    const voter = { ...by, subject: `petra-${n}`, email: undefined }
    return here.vote(grant, 'petra', n % 2 === 0 ? 'approve' : 'deny', { by: voter })
  })
  await Promise.all(votes)
  expect(['denied', 'revoked']).toContain(await here.stateOf(grant))
  expect(here.jobsOf(grant)).toBeLessThanOrEqual(1)
  expect((await here.rowsOf(jobId)).status).toBe(403)
  await accountFor(grant, 100)
})

test('B48 revoked while it starts: it hands out nothing', async () => {
  const { grant, jobId } = await held()
  const starts = here.vote(grant, 'petra')
  const revokes = here.say(grant, 'revocation', 'paul', { reason: 'not any more' })
  const [, said] = await Promise.all([starts, revokes])
  expect(said.status).toBe(200)
  await here.gateway.desk.sweep()
  expect(await here.stateOf(grant)).toBe('revoked')
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 403 })
})

test('B48 taken back while it is approved: it runs once and can be seen, or never', async () => {
  const { grant, jobId } = await held()
  const cancelled = here.gateway.post(
    `/bigquery/v2/projects/acme/jobs/${jobId}/cancel`,
    {},
    {
      as: 'ana',
    },
  )
  await Promise.all([here.vote(grant, 'petra'), cancelled])
  await here.gateway.desk.sweep()
  const { final, hasStarted } = standingOf(await here.again(grant))
  expect(hasStarted ? undefined : 'cancelled').toBe(final?.type)
  expect(here.jobsOf(grant)).toBeLessThanOrEqual(hasStarted ? 1 : 0)
})

test('B48 a vote after its time: it has expired, whoever is first to say so', async () => {
  const { grant, jobId } = await held()
  here.gateway.time.offset += 60 * 60_000
  await Promise.all([
    here.vote(grant, 'petra'),
    here.gateway.desk.sweep(),
    here.vote(grant, 'paul'),
    here.rowsOf(jobId),
  ])
  expect(await here.stateOf(grant)).toBe('expired')
  expect(here.jobsOf(grant)).toBe(0)
  expect(here.story(grant.call).filter((step) => step === 'approval:expired')).toHaveLength(1)
  await accountFor(grant, 2)
})

test('B48 approved, and its time to start is over before anybody starts it', async () => {
  const { grant, jobId } = await held()
  await here.gateway.state.grants.change(grant.id, () =>
    ok([
      {
        type: 'approved',
        at: Date.now(),
        until: Date.now() + here.gateway.time.offset,
        box: undefined,
      },
    ]),
  )
  here.gateway.time.offset += 60_000
  await Promise.all([here.vote(grant, 'petra'), here.gateway.desk.sweep()])
  expect(await here.stateOf(grant)).toBe('expired')
  expect((await here.rowsOf(jobId)).text).toContain('had not started by')
  expect(here.jobsOf(grant)).toBe(0)
})
