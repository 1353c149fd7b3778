/** An MCP server takes the rows that its host no longer waits for, and is asked for them again. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { approvalWorld, CLAIMS } from '../../support/approval-world.ts'

let here: Awaited<ReturnType<typeof approvalWorld>>
beforeAll(async () => {
  here = await approvalWorld()
})
beforeEach(() => {
  here.gateway.time.offset = 0
})
afterAll(() => here.close())

const soon = { with: { timeoutMs: 0 } }
const requests = () => here.gateway.store.ofType('request').length

/** Asked for, approved, and read by whoever asked. */
async function read(sql: string) {
  const reply = await here.gateway.query(sql, soon)
  const grant = await here.grantOf(reply)
  const jobId = await here.jobIdOf(reply)
  await here.vote(grant, 'petra')
  await here.results(jobId, 'ana', 10_000)
  expect(here.story(grant.call).at(-1)).toMatch(/^outcome:/)
  return { grant, jobId }
}

test('what was read a moment ago is read again: same job, same rows, nobody is asked', async () => {
  const sql = `${CLAIMS} OFFSET 21`
  const { grant, jobId } = await read(sql)
  const before = requests()
  const again = await here.gateway.query(sql)
  expect(await again.json()).toMatchObject({ jobComplete: true, totalRows: '2', rows: [{}, {}] })
  const inserted = await here.gateway.insert(sql, { jobReference: { jobId: 'a_new_id' } })
  expect(await here.jobIdOf(inserted)).toBe(jobId)
  expect(requests()).toBe(before)
  const story = here.story(grant.call)
  expect(story.filter((step) => step === 'approval:started')).toHaveLength(1)
  // What left once more is on the record once more.
  expect(story.at(-1)).toBe('page')
})

test.each([
  ['after it might have started', `${CLAIMS} OFFSET 22`, 15 * 60_000],
  ['when it failed', `SELECT 1 / (id - id) AS n FROM acme.hospital.claims LIMIT 1`, 0],
  [
    'when it writes',
    'INSERT INTO acme.hospital.claims (id, encounter_id, patient_id) VALUES (900001, 1, 331)',
    0,
  ],
])('people are asked again %s', async (_, sql, later) => {
  const { jobId } = await read(sql)
  here.gateway.time.offset = later
  const again = await here.gateway.query(sql, soon)
  expect(await again.clone().json()).toMatchObject({ jobComplete: false })
  expect(await here.jobIdOf(again)).not.toBe(jobId)
})

test('what was revoked is read by nobody again', async () => {
  const sql = `${CLAIMS} OFFSET 23`
  const { grant } = await read(sql)
  await here.vote(grant, 'paul', 'deny', { reason: 'wrong patient' })
  const again = await here.gateway.query(sql)
  expect(again.status).toBe(403)
  expect(await again.text()).toContain('took the approval of this query back: “wrong patient”')
})
