import { afterAll, beforeAll, expect, test } from 'vitest'

import { approvalWorld, CLAIMS } from '../../support/approval-world.ts'
import { JOBS, V2 } from '../../support/world.ts'

let here: Awaited<ReturnType<typeof approvalWorld>>
beforeAll(async () => {
  here = await approvalWorld()
})
afterAll(() => here.close())

const table = `${V2}/projects/acme/datasets/hospital/tables/claims`

test('a held job is listed like any that has not started', async () => {
  const reply = await here.gateway.query(CLAIMS, { with: { timeoutMs: 0 } })
  const jobId = await here.jobIdOf(reply)
  const list: unknown = await (await here.gateway.request(JOBS, { as: 'ana' })).json()
  expect(list).toMatchObject({ jobs: [{ jobReference: { jobId }, state: 'PENDING' }] })
  const none: unknown = await (
    await here.gateway.request(`${JOBS}?stateFilter=running`, { as: 'ana' })
  ).json()
  expect(none).toMatchObject({ jobs: [] })
  const others: unknown = await (await here.gateway.request(JOBS, { as: 'bob' })).json()
  expect(others).toMatchObject({ jobs: [] })
})

test('a table that people have to approve is described, and its rows are not handed out', async () => {
  const described = await here.gateway.request(table, { as: 'ana' })
  expect(described.status).toBe(200)
  const rows = await here.gateway.request(`${table}/data`, { as: 'ana' })
  expect(rows.status).toBe(403)
  expect(await rows.text()).toContain('needs the approval of people')
})

test('an approved query runs under the masks it was asked with', async () => {
  const sql = `
    SELECT p.ssn, c.amount FROM acme.hospital.claims AS c
    JOIN acme.hospital.patients AS p ON p.id = c.patient_id ORDER BY c.id LIMIT 1`
  const reply = await here.gateway.query(sql, { with: { timeoutMs: 0 } })
  const grant = await here.grantOf(reply)
  expect(grant.told.governedColumns).toContain('acme.hospital.patients.ssn')
  await here.vote(grant, 'petra')
  const results = await here.results(await here.jobIdOf(reply), 'ana', 10_000)
  expect(results.headers.get('sluice-masked')).toBe('ssn')
  expect(JSON.stringify(await results.json())).not.toMatch(/\d{3}-\d{2}-\d{4}/)
})
