import { afterAll, beforeAll, expect, test } from 'vitest'

import { approvalWorld, CLAIMS } from '../../support/approval-world.ts'

let here: Awaited<ReturnType<typeof approvalWorld>>
beforeAll(async () => {
  here = await approvalWorld()
})
afterAll(() => here.close())

const list = () => here.gateway.request('/bigquery/v2/projects/acme/jobs', { as: 'ana' })

test('a query that nobody could be asked about keeps no other job out of the list', async () => {
  const { grants } = here.gateway.state
  // A crash, or a query that is too large to be kept.
  const { open } = grants
  grants.open = async () => {
    throw new RangeError('a grant too large to store')
  }
  const lost = await here.gateway.query(CLAIMS, { with: { timeoutMs: 0 } })
  grants.open = open
  expect(lost.status).toBe(400)
  here.gateway.failures.splice(0)

  const kept = await here.gateway.query(`${CLAIMS} OFFSET 1`, { with: { timeoutMs: 0 } })
  const jobId = await here.jobIdOf(kept)
  const listed = await list()
  expect(listed.status).toBe(200)
  expect(await listed.json()).toMatchObject({ jobs: [{ jobReference: { jobId } }] })
})
