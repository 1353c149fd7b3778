import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'

import { parseGrantId } from '../../../shared/approval/grant-id.ts'
import type { GrantId } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import { type AttackWorld, attackWorld } from '../../support/approval-attack.ts'
import { CLAIMS, approvalWorld } from '../../support/approval-world.ts'

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld()
})
afterAll(() => here.close())

let asked = 0
const next = () => `${CLAIMS} OFFSET ${(asked += 1)}`
const REASON = { reason: 'wrong patient' }

const finished = z.object({
  configuration: z.object({
    query: z.object({
      destinationTable: z.object({
        projectId: z.string(),
        datasetId: z.string(),
        tableId: z.string(),
      }),
    }),
  }),
})

/** The table that BigQuery keeps the result of a job in, as clients find it. */
async function resultOf(jobId: string): Promise<string> {
  const { configuration } = finished.parse(await (await here.job(jobId)).json())
  const { projectId, datasetId, tableId } = configuration.query.destinationTable
  return `/bigquery/v2/projects/${projectId}/datasets/${datasetId}/tables/${tableId}`
}

test('the rows of what was revoked do not leave by its result table either', async () => {
  const { grant, jobId } = await here.held(next())
  await here.vote(grant, 'petra')
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  const table = await resultOf(jobId)
  expect((await here.gateway.request(`${table}/data`, { as: 'ana' })).status).toBe(200)
  expect(await here.say(grant, 'revocation', 'petra', REASON)).toMatchObject({ status: 200 })
  const heard = here.heard.length
  for (const path of [`${table}/data`, table]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const reply = await here.gateway.request(path, { as: 'ana' })
    // oxlint-disable-next-line no-await-in-loop
    const text = await reply.text()
    expect({ path, status: reply.status }).toEqual({ path, status: 403 })
    expect(text).toContain('wrong patient')
    expect(text).not.toContain('"rows"')
  }
  expect(here.heard).toHaveLength(heard)
})

/** Ana goes ahead, as somebody who is on call. */
async function breaks(requestId?: string, sql = next()) {
  const token = await here.gateway.token('ana', { groups: ['analysts', 'on-call'] })
  const headers = { 'sluice-break-glass': 'true', 'sluice-justification': 'cardiac arrest in 4' }
  const reply = await here.gateway.query(sql, { token, headers, with: { requestId } })
  const text = await reply.text()
  const id = parseGrantId(here.gateway.store.ofType('approval').at(-1)?.grant ?? '')
  return { status: reply.status, text, id, sql }
}

const done = z.object({ jobReference: z.object({ jobId: z.string() }) })

async function grantBy(id: GrantId | undefined) {
  const grant = id && (await here.gateway.state.grants.find(id))
  if (grant === undefined) throw new Error('no glass was broken')
  return grant
}

test('nothing more leaves of a glass that was broken and revoked, and it is seen to its end', async () => {
  const first = await breaks('a-request')
  expect(first.status).toBe(200)
  const { jobId } = done.parse(JSON.parse(first.text)).jobReference
  const grant = await grantBy(first.id)
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  const table = await resultOf(jobId)
  expect(await here.say(grant, 'revocation', 'petra', REASON)).toMatchObject({ status: 200 })

  expect(await here.rowsOf(jobId)).toMatchObject({ status: 403 })
  expect((await here.gateway.request(`${table}/data`, { as: 'ana' })).status).toBe(403)
  // Nor does the same request once more bring it back.
  const again = await breaks('a-request', first.sql)
  expect(again).toMatchObject({ status: 403 })
  expect(again.text).toContain('wrong patient')

  expect(await here.say(grant, 'review', 'petra', { finding: 'no' })).toMatchObject({ status: 200 })
  const before = here.gateway.troubles.length
  await here.gateway.desk.sweep()
  expect(here.gateway.troubles.slice(before)).toEqual([])
  await vi.waitFor(
    async () => expect(await here.gateway.state.grants.listOver(100)).not.toContain(grant.id),
    10_000,
  )
  expect(standingOf(await here.again(grant))).toMatchObject({ state: 'revoked', reviewOpen: false })
})

test('what ran under a time box leaves no more once that is revoked', async () => {
  const { grant } = await here.held(next())
  const box = { durationMs: 3_600_000, maximumBytes: 2 ** 30 }
  await here.vote(grant, 'petra', 'approve', { box })
  const used = await here.gateway.query(next())
  expect(used.headers.get('sluice-approval')).toBeNull()
  const { jobId } = done.parse(await used.json()).jobReference
  expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  // Cancelling the one query is not giving up the box.
  await here.gateway.post(`/bigquery/v2/projects/acme/jobs/${jobId}/cancel`, {}, { as: 'ana' })
  expect(await here.stateOf(grant)).toBe('active')
  expect(await here.say(grant, 'revocation', 'petra', REASON)).toMatchObject({ status: 200 })
  const { status, text } = await here.rowsOf(jobId)
  expect(status).toBe(403)
  expect(text).toContain('wrong patient')
  expect(await (await here.job(jobId)).json()).toMatchObject({
    jobReference: { jobId },
    status: { state: 'DONE', errorResult: { reason: 'accessDenied' } },
  })
})

test('nor do rows leave for which BigQuery was asked before somebody revoked them', async () => {
  let meanwhile: (() => Promise<void>) | undefined
  const there = await approvalWorld(undefined, {
    portsVia: (ports) => ({
      ...ports,
      upstream: async (recorded, limits) => {
        const reply = await ports.upstream(recorded, limits)
        if (recorded.call.method === 'jobs.getQueryResults') await meanwhile?.()
        return reply
      },
    }),
  })
  try {
    const reply = await there.gateway.query(CLAIMS, { with: { timeoutMs: 0 } })
    const grant = await there.grantOf(reply)
    await there.vote(grant, 'petra')
    meanwhile = async () => {
      meanwhile = undefined
      await there.vote(grant, 'paul', 'deny', REASON)
    }
    const rows = await there.results(await there.jobIdOf(reply), 'ana', 10_000)
    const text = await rows.text()
    expect(rows.status).toBe(403)
    expect(text).toContain('wrong patient')
    expect(text).not.toContain('"rows"')
    expect(there.story(grant.call)).not.toContain('outcome:released')
  } finally {
    await there.close()
  }
})
