import { afterAll, beforeAll, expect, test } from 'vitest'

import { hospitalWorld } from '../../support/hospital-world.ts'
import type { LabWorld } from '../../support/lab-world.ts'
import { anSsn, ask, masked, refused } from './secrets.ts'

let lab: LabWorld
beforeAll(async () => {
  lab = await hospitalWorld()
})
afterAll(() => lab.close())

const P = 'acme.hospital.patients'

test.each([
  ['A17 LIKE', `SELECT id FROM ${P} WHERE ssn LIKE '12%'`],
  ['A17 COUNT with WHERE', `SELECT COUNT(*) FROM ${P} WHERE ssn = '${anSsn}'`],
  ['A17 HAVING', `SELECT id FROM ${P} GROUP BY id HAVING MAX(ssn) > '5'`],
  ['A17 QUALIFY', `SELECT id FROM ${P} QUALIFY ROW_NUMBER() OVER (ORDER BY ssn) = 1`],
  ['A17 ORDER BY and OFFSET', `SELECT id FROM ${P} ORDER BY ssn LIMIT 1 OFFSET 3`],
  ['A17 GROUP BY', `SELECT COUNT(*) FROM ${P} GROUP BY ssn`],
  ['A17 DISTINCT', `SELECT DISTINCT ssn FROM ${P}`],
  ['A18 a list to try', `SELECT x FROM UNNEST(['${anSsn}']) x JOIN ${P} ON ssn = x`],
  ['A18 IN', `SELECT id FROM ${P} WHERE ssn IN ('${anSsn}')`],
  [
    'A18 a subquery with EXISTS',
    `SELECT EXISTS (SELECT 1 FROM ${P} WHERE ssn = '${anSsn}' AND id = 1), id FROM ${P} WHERE EXISTS (SELECT 1 FROM ${P} q WHERE q.ssn = '${anSsn}')`,
  ],
  ['A19 ERROR', `SELECT ERROR(ssn) FROM ${P} WHERE id = 1`],
  ['A19 a cast', `SELECT CAST(ssn AS INT64) FROM ${P} WHERE id = 1`],
  ['A19 a division', `SELECT 1 / IF(ssn LIKE '9%', 0, 1) FROM ${P} WHERE id = 1`],
  [
    'A19 an error under a condition',
    `SELECT IF(ssn LIKE '9%', ERROR('yes'), 'no') FROM ${P} WHERE id = 1`,
  ],
  ['A19 an array index', `SELECT [1, 2][OFFSET(LENGTH(ssn))] FROM ${P} WHERE id = 1`],
  [
    'A41 an outer join',
    `SELECT COUNT(*) FROM ${P} a LEFT JOIN ${P} b ON a.ssn = b.ssn WHERE b.id IS NULL`,
  ],
])('%s', async (_, sql) => {
  const text = await refused(lab, sql)
  expect(text).toMatch(/masked column|Sluice/)
})

test('A20 statistics say nothing finer than 10 MiB, and nothing of time spent', async () => {
  const reply = JSON.parse(await masked(lab, `SELECT ssn FROM ${P} WHERE id < 6`))
  expect(Number(reply.totalBytesProcessed) % (10 * 1024 * 1024)).toBe(0)
  expect(reply.totalSlotMs).toBeUndefined()
  const { jobId } = reply.jobReference
  const job = await lab.gateway.request(`/bigquery/v2/projects/acme/jobs/${jobId}?location=US`, {
    as: 'ana',
  })
  const { statistics } = JSON.parse(await job.text())
  for (const name of ['queryPlan', 'timeline', 'totalSlotMs', 'performanceInsights'])
    expect(statistics.query?.[name]).toBeUndefined()
  expect(statistics.totalSlotMs).toBeUndefined()
})

test('A20 a dry run says as much as a run', async () => {
  const { status, text } = await ask(lab, `SELECT ssn FROM ${P}`, { dryRun: true })
  expect(status, text).toBe(200)
  expect(Number(JSON.parse(text).totalBytesProcessed) % (10 * 1024 * 1024)).toBe(0)
})

test('A35 parameters hide no question', async () => {
  const parameter = {
    name: 'x',
    parameterType: { type: 'STRING' },
    parameterValue: { value: anSsn },
  }
  const more = { queryParameters: [parameter], parameterMode: 'NAMED' }
  await refused(lab, `SELECT id FROM ${P} WHERE ssn = @x`, more)
  await refused(lab, `SELECT id FROM ${P} WHERE ssn = ?`, more)
  await refused(lab, `SELECT id FROM ${P} WHERE id = @y`, more)
})

test('A38 what somebody else saw unmasked stays masked for Ana', async () => {
  const sql = `SELECT id, ssn FROM ${P} WHERE id < 6 ORDER BY id`
  const theirs = await lab.gateway.query(sql, { as: 'otto' })
  expect(await theirs.text()).toContain(anSsn)
  await masked(lab, sql)
})

test('A39 counts of few are not shown', async () => {
  const few = JSON.parse(await masked(lab, `SELECT COUNT(ssn) AS n FROM ${P} WHERE id < 6`))
  expect(few.rows).toEqual([{ f: [{ v: null }] }])
  const all = JSON.parse(await masked(lab, `SELECT COUNT(ssn) AS n FROM ${P}`))
  expect(Number(all.rows[0].f[0].v)).toBeGreaterThan(100)
  // One person picked out by another column is no count over a masked one.
  const one = JSON.parse(
    await masked(lab, `SELECT COUNTIF(ssn LIKE '1%' AND id = 1) + 1000 AS n FROM ${P}`).catch(
      () => '{}',
    ),
  )
  expect(one.rows ?? []).not.toEqual([{ f: [{ v: '1001' }] }])
})
