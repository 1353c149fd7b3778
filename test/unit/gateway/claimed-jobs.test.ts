import { expect, test } from 'vitest'

import { claimedJobs } from '../../../shared/gateway/closing/claimed-jobs.ts'
import { memoryStore } from '../../support/memory-store.ts'
import { sampleCallId, sampleJob, sampleRequest } from '../../support/sample-entries.ts'

const AT = 1_790_000_000_000
const MINUTE = 60_000

function request(n: number, at: number) {
  const { entry } = sampleRequest({ call: sampleCallId(n), at })
  if (entry.type !== 'request') throw new Error('not a request')
  return entry
}

async function storeOf(jobs: number) {
  const store = memoryStore()
  for (let n = 0; n < jobs; n += 1)
    await store.jobs.claim(
      sampleJob({ jobId: `job_${n}`, call: sampleCallId(n), at: AT + n * MINUTE }),
    )
  await store.jobs.claim(sampleJob({ jobId: 'x', owner: 'https://id.example eve', at: AT }))
  return store
}

test('the jobs of many calls are found in one walk through those of who asked', async () => {
  const store = await storeOf(500)
  const find = claimedJobs(store.jobs)
  for (let n = 499; n >= 0; n -= 1)
    // Its entry is written a moment after its request came.
    expect((await find(request(n, AT + n * MINUTE + 5_000)))?.jobId).toBe(`job_${n}`)
  expect(store.calls['jobs.list']).toBe(3)
})

test('for a call without a job nobody reads further back than it can be', async () => {
  const store = await storeOf(500)
  const find = claimedJobs(store.jobs)
  expect(await find(request(999, AT + 490 * MINUTE))).toBeUndefined()
  expect(store.calls['jobs.list']).toBe(1)
  expect(await find(request(998, AT - 24 * 60 * MINUTE))).toBeUndefined()
  expect(await find(request(997, AT))).toBeUndefined()
  expect(store.calls['jobs.list']).toBe(3)
})
