import { afterAll, beforeAll, expect, test } from 'vitest'

import { guarantee } from '../../support/guarantee.ts'
import { HOSPITAL_POLICY, hospitalWorld } from '../../support/hospital-world.ts'
import type { LabWorld } from '../../support/lab-world.ts'
import { JOBS, QUERIES } from '../../support/world.ts'

let lab: LabWorld
beforeAll(async () => {
  // What fails for a value is then let through, so that there is an error at all.
  lab = await hospitalWorld(
    HOSPITAL_POLICY.replace('rules:', 'oracles: { default: allow }\nrules:'),
  )
})
afterAll(() => lab.close())

/** Queries that fail, each for a value and in a way of its own. */
const FAILING = [
  'SELECT CAST(ssn AS INT64) FROM acme.hospital.patients',
  'SELECT ERROR(CONCAT("it is ", ssn)) FROM acme.hospital.patients',
  'SELECT 1 / LENGTH(REPLACE(ssn, ssn, "")) FROM acme.hospital.patients',
  'SELECT PARSE_DATE("%F", ssn) FROM acme.hospital.patients',
]

/** A reply without what differs from call to call. */
async function told(response: Response | Promise<Response>): Promise<string> {
  const reply = await response
  const text = await reply.text()
  const fixed = text
    .replaceAll(/Sluice call \w+/g, 'Sluice call')
    .replaceAll(/"(creationTime|startTime|endTime|etag|jobId|id|query)":"(?:[^"\\]|\\.)*"/g, '')
    .replaceAll(/"sluice_\w+":"[^"]*"/g, '')
    .replaceAll(/"tableId":"[^"]*"/g, '')
  return `${reply.status} ${fixed}`
}

guarantee('governed-errors-say-nothing', async () => {
  const seen = FAILING.map(() => new Set<string>())
  const all = new Set<string>()
  for (const [index, sql] of FAILING.entries()) {
    const jobId = `failing_${index}`
    const replies = [
      await told(lab.gateway.query(sql)),
      await told(lab.gateway.insert(sql, { jobReference: { jobId } })),
      await told(lab.gateway.request(`${QUERIES}/${jobId}`, { as: 'ana' })),
      await told(lab.gateway.request(`${JOBS}/${jobId}`, { as: 'ana' })),
    ]
    for (const reply of replies)
      expect(reply, sql).not.toMatch(/\d{3}-\d{2}-\d{4}|it is|Bad |division/)
    seen[index]?.add(replies.join('\n'))
    all.add(replies.join('\n'))
  }
  expect([...all]).toHaveLength(1)
  expect([...all][0]).toContain('"reason":"invalidQuery"')
})

test('the list of jobs says as little', async () => {
  await told(lab.gateway.insert(FAILING[0] ?? '', { jobReference: { jobId: 'listed' } }))
  const text = await told(lab.gateway.request(`${JOBS}?projection=full`, { as: 'ana' }))
  expect(text).toContain('"reason":"invalidQuery"')
  expect(text).not.toMatch(/\d{3}-\d{2}-\d{4}|Bad |totalSlotMs|queryPlan/)
})

test('the record says no more of it', async () => {
  await told(lab.gateway.query(FAILING[0] ?? ''))
  const entries = lab.gateway.store.stored().map(({ bytes }) => bytes.toString())
  expect(entries.some((entry) => /Bad int64/.test(entry))).toBe(false)
})
