import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { approvalWorld, CLAIMS } from '../../support/approval-world.ts'

let here: Awaited<ReturnType<typeof approvalWorld>>
beforeAll(async () => {
  here = await approvalWorld()
})
afterAll(() => here.close())

const soon = { with: { timeoutMs: 0 } }
const requests = () =>
  here.gateway.store.ofType('request').filter(({ decision }) => decision.effect !== 'permit')

test('an agent that gave up and asks again waits for the same vote, and nobody is asked twice', async () => {
  const first = await here.gateway.query(CLAIMS, soon)
  const before = requests().length
  const again = await Promise.all([
    here.gateway.query(CLAIMS, soon),
    here.gateway.query(
      `  ${CLAIMS.toLowerCase().replace('acme.hospital.claims', 'acme.hospital.claims')} `,
      soon,
    ),
    here.gateway.insert(CLAIMS, { jobReference: { jobId: 'another_id' } }),
  ])
  const jobs = await Promise.all([first, ...again].map((reply) => here.jobIdOf(reply)))
  expect(new Set(jobs).size).toBe(1)
  expect(requests()).toHaveLength(before)
  const grant = await here.grantOf(first)
  await vi.waitFor(
    () =>
      expect(here.gateway.told.filter(({ id }) => id === grant.id)).toEqual([
        { id: grant.id, news: 'asked' },
      ]),
    10_000,
  )
  // Approved with nobody waiting: the next who asks has the rows of the one job.
  await here.vote(grant, 'petra')
  const rows = await here.gateway.query(CLAIMS)
  expect(await rows.json()).toMatchObject({ jobComplete: true, totalRows: '2' })
  expect(here.story(grant.call).filter((step) => step === 'approval:started')).toHaveLength(1)
  // Once it might not have started any more, who asks asks anew.
  here.gateway.time.offset += 15 * 60_000
  const later = await here.gateway.query(CLAIMS, soon)
  expect(await later.clone().json()).toMatchObject({ jobComplete: false })
  expect(await here.jobIdOf(later)).not.toBe(jobs[0])
})

test('a hundred at once ask once', async () => {
  const sql = `${CLAIMS} OFFSET 7`
  const replies = await Promise.all(
    Array.from({ length: 100 }, () => here.gateway.query(sql, soon)),
  )
  const jobs = await Promise.all(replies.map((reply) => here.jobIdOf(reply)))
  expect(new Set(jobs).size).toBe(1)
})

test('the same request id is the same request, and another text under it is refused', async () => {
  const named = { timeoutMs: 0, requestId: 'request-1' }
  const sql = `${CLAIMS} OFFSET 9`
  const first = await here.gateway.query(sql, { with: named })
  const again = await here.gateway.query(sql, { with: named })
  expect(await here.jobIdOf(again)).toBe(await here.jobIdOf(first))
  const other = await here.gateway.query(`${CLAIMS} OFFSET 10`, { with: named })
  expect(other.status).toBe(400)
})

test.each([
  ['another principal', (sql: string) => here.gateway.query(sql, { ...soon, as: 'bob' })],
  [
    'another session',
    (sql: string) => here.gateway.query(sql, { ...soon, headers: { 'sluice-session': 'x' } }),
  ],
  [
    'another justification',
    (sql: string) => here.gateway.query(sql, { ...soon, headers: { 'sluice-justification': 'x' } }),
  ],
  [
    'another limit',
    (sql: string) => here.gateway.query(sql, { with: { timeoutMs: 0, maximumBytesBilled: '99' } }),
  ],
  ['another text', (sql: string) => here.gateway.query(`${sql} OFFSET 3`, soon)],
])('%s is another request', async (what, ask) => {
  const sql = `SELECT COUNT(*) AS n, '${what}' AS what FROM acme.hospital.claims LIMIT 5`
  const [first, second] = [await here.gateway.query(sql, soon), await ask(sql)]
  expect(await here.jobIdOf(second)).not.toBe(await here.jobIdOf(first))
})

test('a dry run is never held, and says that it would be', async () => {
  const reply = await here.gateway.query(CLAIMS, { with: { dryRun: true } })
  expect(reply.status).toBe(200)
  expect(reply.headers.get('sluice-approval')).toBe('required')
  const job = await here.gateway.insert(CLAIMS, {
    configuration: { dryRun: true, query: { query: CLAIMS, useLegacySql: false } },
  })
  expect(await job.json()).toMatchObject({
    configuration: { labels: { sluice_approval: 'required' } },
  })
})

const askAsBob = (n: number) =>
  here.gateway.query(`${CLAIMS} OFFSET ${500 + n}`, { ...soon, as: 'bob' })

test('who asks for too much at once is told to wait', async () => {
  const statuses: number[] = []
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (let n = 0; n < 22; n++) statuses.push((await askAsBob(n)).status)
  expect(statuses.at(-1)).toBe(429)
})
