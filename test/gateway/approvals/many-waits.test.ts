import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { principalKey } from '../../../shared/identity/principal.ts'
import { approvalWorld, CLAIMS } from '../../support/approval-world.ts'
import { ISSUER } from '../../support/people.ts'

let here: Awaited<ReturnType<typeof approvalWorld>>
beforeAll(async () => {
  here = await approvalWorld()
})
afterAll(() => here.close())

test('whoever waits for people takes one of their places, and nobody takes them all', async () => {
  const reply = await here.gateway.query(CLAIMS, { with: { timeoutMs: 0 } })
  const grant = await here.grantOf(reply)
  const jobId = await here.jobIdOf(reply)
  const owner = principalKey({ issuer: ISSUER, subject: 'ana' })
  const { underWay } = here.gateway.ports.memory
  const waiting = here.results(jobId, 'ana', 30_000)
  await vi.waitFor(() => expect(underWay.get(owner)).toBe(1), 10_000)
  underWay.set(owner, 128)
  const refused = await here.results(jobId)
  expect(refused.status).toBe(429)
  expect(await refused.text()).toContain('rateLimitExceeded')
  underWay.set(owner, 1)
  await here.vote(grant, 'petra')
  expect((await waiting).status).toBe(200)
  expect(underWay.get(owner)).toBeUndefined()
})

test('a job that is inserted once more after the yes is not said to wait for one', async () => {
  const jobReference = { projectId: 'acme', jobId: 'named-by-ana' }
  const insert = () => here.gateway.insert(`${CLAIMS} OFFSET 1`, { jobReference })
  const first = await insert()
  expect(first.headers.get('sluice-approval')).toContain('awaited')
  const job = await here.gateway.ports.jobs.find('acme', 'named-by-ana')
  const grants = await here.gateway.state.grants.listOpen(10)
  const id = grants.find((each) => each === job?.grant)
  const grant = id && (await here.gateway.state.grants.find(id))
  if (grant === undefined) throw new Error('nothing is held')
  await here.vote(grant, 'petra')
  const again = await insert()
  expect(again.status).toBe(200)
  expect(again.headers.get('sluice-approval')).toBeNull()
  expect(await again.text()).not.toContain('await')
})

test('what was decided does not count as waiting, however often it is asked again', async () => {
  for (let n = 0; n < 21; n += 1) {
    const jobReference = { projectId: 'acme', jobId: `n-${n}` }
    const insert = () => here.gateway.insert(`${CLAIMS} OFFSET ${10 + n}`, { jobReference })
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await insert()).toMatchObject({ status: 200 })
    // oxlint-disable-next-line no-await-in-loop
    const job = await here.gateway.ports.jobs.find('acme', `n-${n}`)
    // oxlint-disable-next-line no-await-in-loop
    const ids = await here.gateway.state.grants.listOpen(100)
    const id = ids.find((each) => each === job?.grant)
    // oxlint-disable-next-line no-await-in-loop
    const grant = id && (await here.gateway.state.grants.find(id))
    if (grant === undefined) throw new Error('nothing is held')
    // oxlint-disable-next-line no-await-in-loop
    await here.vote(grant, 'petra')
    // oxlint-disable-next-line no-await-in-loop
    expect(await insert()).toMatchObject({ status: 200 })
  }
})
