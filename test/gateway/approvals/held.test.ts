import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { approvalWorld, CLAIMS } from '../../support/approval-world.ts'

let here: Awaited<ReturnType<typeof approvalWorld>>
beforeAll(async () => {
  here = await approvalWorld()
})
afterAll(() => here.close())

const soon = { with: { timeoutMs: 0 } }

test('a held query looks like a running job, and BigQuery has not heard of it', async () => {
  const reply = await here.gateway.query(CLAIMS, soon)
  expect(reply.status).toBe(200)
  expect(await reply.clone().json()).toEqual({
    kind: 'bigquery#queryResponse',
    jobReference: { projectId: 'acme', jobId: expect.stringMatching(/^sluice_/), location: 'US' },
    jobComplete: false,
  })
  const grant = await here.grantOf(reply)
  expect(here.story(grant.call)).toEqual(['request', 'approval:asked'])
  await vi.waitFor(
    () => expect(here.gateway.told).toContainEqual({ id: grant.id, news: 'asked' }),
    10_000,
  )
  expect(grant.told).toMatchObject({ tables: ['acme.hospital.claims'], statementType: 'SELECT' })
  const jobId = await here.jobIdOf(reply)
  expect(await (await here.results(jobId)).json()).toMatchObject({ jobComplete: false })
  const job = await (await here.job(jobId)).json()
  expect(job).toMatchObject({
    status: { state: 'PENDING' },
    configuration: { labels: { sluice_approval: 'awaited' } },
  })
})

test('approved, it runs under the same job id and its rows are there', async () => {
  const reply = await here.gateway.query(`${CLAIMS} OFFSET 1`, soon)
  const grant = await here.grantOf(reply)
  const waiting = here.results(await here.jobIdOf(reply), 'ana', 20_000)
  await here.vote(grant, 'petra')
  const rows = await (await waiting).json()
  expect(rows).toMatchObject({ jobComplete: true, totalRows: '2' })
  expect(here.story(grant.call)).toEqual([
    'request',
    'approval:asked',
    'approval:voted',
    'approval:approved',
    'approval:starting',
    'approval:started',
    'outcome:released',
  ])
})
