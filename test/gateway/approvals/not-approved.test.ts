import { afterAll, beforeAll, expect, test } from 'vitest'

import { standingOf } from '../../../shared/approval/standing.ts'
import { approvalWorld, CLAIMS } from '../../support/approval-world.ts'
import { guarantee } from '../../support/guarantee.ts'

let here: Awaited<ReturnType<typeof approvalWorld>>
beforeAll(async () => {
  here = await approvalWorld()
})
afterAll(() => here.close())

let asked = 0
/** A held query of Ana's that nobody asked before. */
async function held() {
  const reply = await here.gateway.query(`${CLAIMS} OFFSET ${(asked += 1)}`, {
    with: { timeoutMs: 0 },
  })
  return { grant: await here.grantOf(reply), jobId: await here.jobIdOf(reply) }
}

async function error(reply: Response): Promise<{ readonly status: number; readonly text: string }> {
  return { status: reply.status, text: await reply.text() }
}

guarantee('approved-or-nothing', async () => {
  const { grant, jobId } = await held()
  const waiting = here.results(jobId, 'ana', 20_000)
  await here.vote(grant, 'petra', 'deny', { reason: 'ask for\u202E totals\ninstead' })
  const { status, text } = await error(await waiting)
  expect(status).toBe(403)
  expect(text).toContain('accessDenied')
  expect(text).toContain('petra@acme.example denied this query: “ask for  totals instead”')
  // No rule, and nothing of what it says.
  expect(text).not.toContain('claims-are-held')
  const job: unknown = await (await here.job(jobId)).json()
  expect(job).toMatchObject({
    status: { state: 'DONE', errorResult: { reason: 'accessDenied' } },
  })
  // Neither a yes nor a sweep changes it, and BigQuery never hears of it.
  await here.vote(grant, 'paul')
  await here.gateway.desk.sweep()
  expect((await here.results(jobId)).status).toBe(403)
  expect(standingOf(await here.again(grant))).toMatchObject({ state: 'denied', hasStarted: false })
  expect(here.story(grant.call)).toEqual([
    'request',
    'approval:asked',
    'approval:voted',
    'approval:denied',
    'outcome:not-run',
    'refused-vote',
  ])
})

test('whoever asks for the same again after a no hears the no, and nobody is asked again', async () => {
  const sql = `${CLAIMS} OFFSET 1000`
  const first = await here.gateway.query(sql, { with: { timeoutMs: 0 } })
  await here.vote(await here.grantOf(first), 'petra', 'deny')
  const before = here.gateway.store.ofType('request').length
  const again = await error(await here.gateway.query(sql))
  expect(again).toMatchObject({ status: 403 })
  expect(again.text).toContain('not for this')
  expect(here.gateway.store.ofType('request')).toHaveLength(before)
})

test('nobody decides in time', async () => {
  const { grant, jobId } = await held()
  here.gateway.time.offset += 60 * 60_000
  const { status, text } = await error(await here.results(jobId))
  expect(status).toBe(403)
  expect(text).toMatch(/nobody who may approve this query decided by \d{4}-\d\d-\d\dT\d\d:\d\dZ/)
  await here.vote(grant, 'petra')
  expect(standingOf(await here.again(grant))).toMatchObject({ state: 'expired', hasStarted: false })
  expect(here.story(grant.call).filter((step) => step.startsWith('outcome'))).toEqual([
    'outcome:not-run',
  ])
})

test('its requester takes it back, and nobody else can', async () => {
  const { grant, jobId } = await held()
  const cancel = (as: 'ana' | 'bob') =>
    here.gateway.post(`/bigquery/v2/projects/acme/jobs/${jobId}/cancel`, {}, { as })
  expect((await cancel('bob')).status).toBe(404)
  expect(await (await here.results(jobId)).json()).toMatchObject({ jobComplete: false })
  expect(await (await cancel('ana')).json()).toMatchObject({
    kind: 'bigquery#jobCancelResponse',
    job: { status: { state: 'DONE', errorResult: { reason: 'stopped' } } },
  })
  const { status, text } = await error(await here.results(jobId))
  expect(status).toBe(400)
  expect(text).toContain('"reason":"stopped"')
  await here.vote(grant, 'petra')
  expect(standingOf(await here.again(grant)).hasStarted).toBe(false)
})

test('what is revoked once it ran hands out nothing any more', async () => {
  const { grant, jobId } = await held()
  await here.vote(grant, 'petra')
  expect((await here.results(jobId, 'ana', 10_000)).status).toBe(200)
  await here.vote(grant, 'paul', 'deny', { reason: 'wrong patient' })
  const { status, text } = await error(await here.results(jobId))
  expect(status).toBe(403)
  expect(text).toContain('took the approval of this query back: “wrong patient”')
  expect(standingOf(await here.again(grant)).state).toBe('revoked')
})

test('somebody else finds no job of that id', async () => {
  const { jobId } = await held()
  expect((await here.results(jobId, 'bob')).status).toBe(404)
  expect((await here.job(jobId, 'bob')).status).toBe(404)
})
