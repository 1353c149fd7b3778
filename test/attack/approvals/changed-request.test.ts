import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { requestDigest } from '../../../shared/approval/effective-request.ts'
import type { Grant } from '../../../shared/approval/grant.ts'
import { startHeld } from '../../../shared/gateway/held/start-held.ts'
import { ok } from '../../../shared/kernel/result.ts'
import {
  ATTACK_POLICY,
  type AttackWorld,
  attackWorld,
  replaced,
} from '../../support/approval-attack.ts'
import { QUERIES, type Person } from '../../support/world.ts'

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld(replaced(ATTACK_POLICY, { '[acme]': '[acme, lab]' }))
})
afterAll(() => here.close())

const SQL = 'SELECT id, amount FROM acme.hospital.claims WHERE payer = @payer'
const parameters = (value: string) => [
  { name: 'payer', parameterType: { type: 'STRING' }, parameterValue: { value } },
]
const payer = (value: string) => ({
  parameterMode: 'NAMED',
  queryParameters: parameters(value),
})

interface Request {
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly path: string
  readonly [option: string]: unknown
}

const approved = (n: number): Request => ({
  query: `${SQL} LIMIT ${n}`,
  ...payer('medicare'),
  headers: { 'sluice-justification': 'ticket 1' },
  path: QUERIES,
})

function send({ headers, path, ...body }: Request, as: Person = 'ana'): Promise<Response> {
  const sent = { useLegacySql: false, timeoutMs: 0, ...body }
  return here.gateway.post(path, sent, { as, headers })
}

const BY_EXPANSION = 'SELECT id, amount, patient_id FROM acme.hospital.claims WHERE payer = @payer'

test.each<[string, Partial<Request>]>([
  ['the text', { query: BY_EXPANSION }],
  ['a value in the text', { query: `${SQL} LIMIT 1000` }],
  ['the value of a parameter', payer('%')],
  ['a label', { labels: { team: 'x' } }],
  ['the default dataset', { defaultDataset: { projectId: 'acme', datasetId: 'finance' } }],
  ['the limit of bytes', { maximumBytesBilled: '99999999999' }],
  ['the time-out', { jobTimeoutMs: '1000' }],
  ['the query cache', { useQueryCache: false }],
  ['the justification', { headers: { 'sluice-justification': 'ticket 2' } }],
  ['the session', { headers: { 'sluice-justification': 'ticket 1', 'sluice-session': 'other' } }],
])(
  'B44 with %s changed it is another request, and the approval is not for it',
  async (what, change) => {
    const before = { ...approved(what.length), labels: { what: what.replaceAll(' ', '-') } }
    const first = await send(before)
    const grant = await here.grantOf(first)
    // While its approvers read it, and once they said yes to what they read.
    const during = await here.grantOf(await send({ ...before, ...change }))
    expect(await here.cast(grant, 'petra')).toMatchObject({ status: 200 })
    expect(await here.rowsOf(grant.job.jobId)).toMatchObject({ status: 200 })
    const jobs = here.jobs()
    const after = await here.grantOf(await send({ ...before, ...change }))
    expect(during.id).not.toBe(grant.id)
    expect(during.digest).not.toBe(grant.digest)
    expect(after.id).toBe(during.id)
    expect(await here.stateOf(during)).toBe('approval-awaited')
    expect(here.jobsOf(during)).toBe(0)
    // What ran is what they read, to the letter.
    expect(here.jobs()).toBe(jobs)
    const job = here.ran.find(({ labels }) => labels['what'] === before.labels.what)
    expect(job?.sql).toBe(grant.request.sql)
  },
)

test.each<[string, Partial<Request>]>([
  ['project', { path: QUERIES.replace('/acme/', '/lab/') }],
  ['location', { location: 'EU' }],
])('B44 what was approved in one %s is not started in another', async (what, change) => {
  const before = { ...approved(300), labels: { what } }
  const grant = await here.grantOf(await send(before))
  await here.cast(grant, 'petra')
  await here.rowsOf(grant.job.jobId)
  const jobs = here.jobs()
  const elsewhere = await send({ ...before, ...change })
  expect(await elsewhere.text()).not.toContain('"rows"')
  expect(here.jobs()).toBe(jobs)
})

test('B44 a job id that was approved takes no other text, before and after', async () => {
  const jobReference = { jobId: 'job_for_approval' }
  const ask = (sql: string) => here.gateway.insert(sql, { jobReference })
  expect((await ask('SELECT id FROM acme.hospital.claims')).status).toBe(200)
  const waiting = await here.gateway.state.grants.listOpen(100)
  const grants = await Promise.all(waiting.map((id) => here.gateway.state.grants.find(id)))
  const grant = grants.find((one) => one?.job.jobId === jobReference.jobId)
  if (grant === undefined) throw new Error('it is not held')
  const other = 'SELECT patient_id FROM acme.hospital.claims'
  expect((await ask(other)).status).toBe(409)
  await here.cast(grant, 'petra')
  expect((await ask(other)).status).toBe(409)
  expect(await here.rowsOf(jobReference.jobId)).toMatchObject({ status: 200 })
  expect(here.jobsOf(grant)).toBe(1)
  expect(here.ran.map(({ sql }) => sql).join()).not.toContain('patient_id')
})

const other = ({ request }: Grant): Grant['request'] => ({
  ...request,
  sql: request.sql.replace('amount', 'status'),
})

describe('B44 what lies in the store is swapped after the vote', () => {
  let n = 400
  const swapped = async (swap: (grant: Grant) => Grant) => {
    const grant = await here.grantOf(await send(approved((n += 1)), 'bob'))
    const { grants } = here.gateway.state
    const until = Date.now() + 60_000
    await grants.change(grant.id, () =>
      ok([{ type: 'approved', at: Date.now(), until, box: undefined }]),
    )
    const jobs = here.jobs()
    await startHeld(
      {
        ...here.gateway.ports,
        grants: {
          ...grants,
          find: async (id) => {
            const found = await grants.find(id)
            return found && swap(found)
          },
        },
      },
      grant.id,
    )
    expect(here.jobs()).toBe(jobs)
    return here.again(grant)
  }
  test.each<[string, (grant: Grant) => Grant['request']]>([
    ['text', other],
    ['project', ({ request }) => ({ ...request, projectId: 'lab' })],
    ['parameters', ({ request }) => ({ ...request, parameters: parameters('%') })],
    [
      'requester',
      ({ request }) => ({ ...request, principal: { ...request.principal, subject: 'otto' } }),
    ],
    ['session', ({ request }) => ({ ...request, session: 'another' })],
    ['location', ({ request }) => ({ ...request, location: 'EU' })],
    [
      'priority',
      ({ request }) => ({ ...request, options: { ...request.options, priority: 'BATCH' } }),
    ],
    [
      'labels',
      ({ request }) => ({ ...request, options: { ...request.options, labels: { team: 'x' } } }),
    ],
    ['justification', ({ request }) => ({ ...request, justification: 'another' })],
    [
      'obligations',
      ({ request }) => ({
        ...request,
        decision: {
          ...request.decision,
          obligations: { ...request.decision.obligations, masks: [], maximumBytesBilled: 2 ** 50 },
        },
      }),
    ],
  ])('the %s', async (_, swap) => {
    const grant = await swapped((found) => ({ ...found, request: swap(found) }))
    expect(grant.events.at(-1)).toMatchObject({ type: 'not-started' })
  })

  test('the text, and the digest that people approved', async () => {
    const grant = await swapped((found) => {
      const request = other(found)
      return { ...found, request, digest: requestDigest(request) }
    })
    // It is on the record that something else was asked for.
    expect(grant.events.at(-1)).toMatchObject({
      type: 'not-started',
      reason: 'it would not be the call that was recorded',
    })
  })
})
