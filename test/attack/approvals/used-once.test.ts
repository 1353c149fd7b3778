import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import type { Grant, Vote } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import { startHeld } from '../../../shared/gateway/held/start-held.ts'
import { ok } from '../../../shared/kernel/result.ts'
import { type AttackWorld, attackWorld } from '../../support/approval-attack.ts'
import { CLAIMS, voteOf } from '../../support/approval-world.ts'

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld()
})
afterAll(() => here.close())

let asked = 0
const fresh = () => `${CLAIMS} OFFSET ${(asked += 1)}`

/** What was approved, but not started: nothing of what a vote brings about has happened yet. */
async function approved(sql = fresh()) {
  const { grant, jobId } = await here.held(sql)
  await here.gateway.state.grants.change(grant.id, (now) =>
    ok([
      { type: 'voted', at: Date.now(), vote: voteOf(now, 'petra') },
      { type: 'approved', at: Date.now(), until: Date.now() + 900_000, box: undefined },
    ]),
  )
  return { grant, jobId, sql }
}

const agent = { act: { sub: 'mcp-agent' } }

test.each<[string, (sql: string) => Promise<Response>]>([
  ['another principal', (sql) => here.gateway.query(sql, { as: 'bob', with: { timeoutMs: 0 } })],
  [
    'an agent of theirs',
    async (sql) =>
      here.gateway.query(sql, {
        token: await here.gateway.token('ana', agent),
        with: { timeoutMs: 0 },
      }),
  ],
  [
    'another client of theirs',
    async (sql) =>
      here.gateway.query(sql, {
        token: await here.gateway.token('ana', { client_id: 'mcp-toolbox' }),
        with: { timeoutMs: 0 },
      }),
  ],
  [
    'another sign-in of theirs',
    async (sql) =>
      here.gateway.query(sql, {
        token: await here.gateway.token('ana', { sid: 'another' }),
        with: { timeoutMs: 0 },
      }),
  ],
  [
    'them, with other groups by now',
    async (sql) =>
      here.gateway.query(sql, {
        token: await here.gateway.token('ana', { groups: ['analysts', 'more'] }),
        with: { timeoutMs: 0 },
      }),
  ],
])('B46 what was approved is not for %s', async (_, ask) => {
  const { grant, sql } = await approved()
  const other = await here.grantOf(await ask(sql))
  expect(other.id).not.toBe(grant.id)
  expect(await here.stateOf(other)).toBe('approval-awaited')
  await here.gateway.desk.sweep()
  expect(here.jobsOf(other)).toBe(0)
})

test('B46 the job of what was approved is there for nobody else, and in no other project', async () => {
  const { jobId } = await approved()
  await here.gateway.desk.sweep()
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  expect(await here.rowsOf(jobId, 'bob')).toMatchObject({ status: 404 })
  const elsewhere = await here.gateway.request(`/bigquery/v2/projects/other/queries/${jobId}`, {
    as: 'ana',
  })
  expect(elsewhere.status).toBe(404)
})

test('B46 an approval is used once: who asks again asks people again', async () => {
  const { grant, jobId, sql } = await approved()
  await here.gateway.desk.sweep()
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  // As long as it might have started, who repeats it reads what it found: nothing runs again.
  here.gateway.time.offset += 15 * 60_000
  const again = await here.held(sql)
  here.gateway.time.offset -= 15 * 60_000
  expect(again.grant.id).not.toBe(grant.id)
  expect(await here.stateOf(again.grant)).toBe('approval-awaited')
  // The old vote, delivered again.
  await here.vote(grant, 'petra')
  expect(await here.stateOf(again.grant)).toBe('approval-awaited')
  expect(here.jobsOf(grant)).toBe(1)
})

test('B46 a vote for one request is none for another', async () => {
  const [first, second] = [await here.held(fresh()), await here.held(fresh())]
  const said = await here.cast(second.grant, 'petra', { digest: first.grant.digest })
  expect(said.status).toBe(409)
  expect(said.text).toContain('what you were shown is not what would run')
  await here.vote(second.grant, 'petra', 'approve', { digest: first.grant.digest })
  expect(await here.stateOf(second.grant)).toBe('approval-awaited')
  expect(here.refusals(second.grant)).toEqual(['other-request', 'other-request'])
  expect(here.jobsOf(second.grant)).toBe(0)
})

test('B47 many resolvers start it at once: one job', async () => {
  const { grant, jobId } = await approved()
  const { ports } = here.gateway
  await Promise.all(Array.from({ length: 10 }, () => startHeld(ports, grant.id)))
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  expect(here.jobsOf(grant)).toBe(1)
  expect(here.story(grant.call).filter((step) => step === 'approval:starting')).toHaveLength(1)
})

test('B47 a resolver dies after BigQuery heard of it, and the next one finds that out', async () => {
  const { grant, jobId } = await approved()
  const { ports } = here.gateway
  const lost = startHeld(
    {
      ...ports,
      upstream: async (...call) => {
        await ports.upstream(...call)
        throw new Error('died')
      },
    },
    grant.id,
  )
  await expect(lost).rejects.toThrow('died')
  expect(standingOf(await here.again(grant))).toMatchObject({ isStarting: true, hasStarted: false })
  here.gateway.time.offset += 61_000
  await here.gateway.desk.sweep()
  expect(standingOf(await here.again(grant))).toMatchObject({ hasStarted: true })
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  expect(here.jobsOf(grant)).toBe(1)
})

test('B47 one vote delivered a hundred times, while the client retries: one job', async () => {
  const sql = fresh()
  const { grant, jobId } = await here.held(sql)
  const vote: Vote = voteOf(grant, 'petra')
  const settle = (now: Grant) => here.vote(now, 'petra', 'approve', vote)
  await Promise.all([
    ...Array.from({ length: 100 }, () => settle(grant)),
    ...Array.from({ length: 10 }, () => here.gateway.query(sql, { with: { timeoutMs: 0 } })),
  ])
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  expect(here.jobsOf(grant)).toBe(1)
  const story = here.story(grant.call)
  for (const step of ['approval:voted', 'approval:approved', 'approval:started'])
    expect(story.filter((one) => one === step)).toHaveLength(1)
  expect(here.refusals(grant)).toEqual([])
})

test('B47 a client that timed out and sends the same request id again has the one job', async () => {
  const sql = fresh()
  const requestId = 'once-only'
  const first = await here.held(sql, { with: { requestId } })
  await here.cast(first.grant, 'petra')
  await vi.waitFor(
    async () => expect(standingOf(await here.again(first.grant)).hasStarted).toBe(true),
    10_000,
  )
  for (let n = 0; n < 3; n++)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await here.gateway.query(sql, { with: { requestId } })
  expect(here.jobsOf(first.grant)).toBe(1)
})
