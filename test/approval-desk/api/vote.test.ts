import { beforeEach, expect, test } from 'vitest'

import type { Grant } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import {
  type ApprovalsApiWorld,
  type As,
  approvalsApiWorld,
} from '../../support/approvals-api-world.ts'
import { errorOf } from '../../support/error-of.ts'
import { ISSUER } from '../../support/people.ts'
import { ASKED_AT, HOUR, MINUTE, sampleGrantId, sampleTerms } from '../../support/sample-grant.ts'

const GIB = 2 ** 30
const BOX = { longestMs: HOUR, maximumBytes: 10 * GIB }

let world: ApprovalsApiWorld
let grant: Grant
beforeEach(async () => {
  world = approvalsApiWorld()
  grant = await world.ask()
})

const vote = (body: object = {}, as: As = { as: 'petra' }, id: string = grant.id) =>
  world.post(`/${id}/votes`, { verdict: 'approve', digest: grant.digest, ...body }, as)

test('a yes is passed on, settled, recorded and answered with the state', async () => {
  const response = await vote({ reason: ' looks right ' })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    id: grant.id,
    state: 'ended',
    digest: grant.digest,
    settled: true,
  })
  expect(world.published).toEqual([
    {
      type: 'dev.sluice.approval.vote',
      id: expect.stringMatching(/^[a-z2-7]{26}$/),
      at: world.knobs.now,
      grant: grant.id,
      vote: {
        id: world.published[0]?.id,
        by: {
          issuer: ISSUER,
          subject: 'petra',
          email: undefined,
          clientId: 'bq',
          actors: [],
          groups: ['privacy-office'],
          channel: 'api',
          proof: expect.stringMatching(/^[\w-]{43}$/),
        },
        verdict: 'approve',
        reason: 'looks right',
        digest: grant.digest,
        box: undefined,
      },
    },
  ])
  const types = world.store.ofType('approval').map(({ event }) => event.type)
  expect(types).toEqual(['asked', 'voted', 'approved', 'starting', 'started'])
})

test('a no is final, and says why', async () => {
  const response = await vote({ verdict: 'deny', reason: 'ask for less' })
  expect(await response.json()).toMatchObject({ state: 'denied', settled: true })
  expect(standingOf(await world.again(grant)).settledBy).toMatchObject({ reason: 'ask for less' })
})

test('two people are two answers: the first is told that it counts, and that it still waits', async () => {
  const two = { of: 'any', groups: [{ group: 'privacy-office', votes: 2 }] } as const
  const held = await world.ask({ number: 2, terms: [sampleTerms({ approvers: two })] })
  const first = await vote({ digest: held.digest }, { as: 'petra' }, held.id)
  expect(await first.json()).toMatchObject({ state: 'approval-awaited', settled: true })
  const second = await vote({ digest: held.digest }, { as: 'paul' }, held.id)
  expect(await second.json()).toMatchObject({ state: 'ended', settled: true })
})

test('a time box is passed on in milliseconds and bytes', async () => {
  const held = await world.ask({ number: 2, terms: [sampleTerms({ timeBox: BOX })] })
  const box = { duration: '30m', maximumBytes: '2 GiB' }
  await vote({ digest: held.digest, box }, { as: 'petra' }, held.id)
  expect(world.published[0]).toMatchObject({
    vote: { box: { durationMs: 30 * MINUTE, maximumBytes: 2 * GIB } },
  })
  expect(standingOf(await world.again(held)).box).toMatchObject({ maximumBytes: 2 * GIB })
})

test('a slow resolver: the vote is on its way, and nobody waits for long', async () => {
  world.knobs.queue = 'is-slow'
  const response = await vote()
  expect(response.status).toBe(202)
  expect(await response.json()).toMatchObject({ state: 'approval-awaited', settled: false })
  expect(world.published).toHaveLength(1)
  expect(world.knobs.sleeps).toBeLessThan(10)
})

test('a queue that is down: the vote is refused as a whole, so that it is cast again', async () => {
  world.knobs.queue = 'fails'
  expect(await errorOf(await vote())).toMatchObject({ code: 503, reason: 'backendError' })
  expect(world.failures).toHaveLength(1)
  expect(await world.isUntouched(grant)).toBe(true)
  expect(world.store.ofType('refused-vote')).toMatchObject([])
})

test.each<[string, As, number, string, string]>([
  [
    'the requester',
    { as: 'ana', claims: { groups: ['privacy-office'] } },
    403,
    'own-request',
    'your own request',
  ],
  [
    'their other account',
    { as: 'petra', claims: { sub: 'ana-admin' } },
    403,
    'same-person',
    'belongs to whoever asked',
  ],
  ['an auditor', { as: 'otto' }, 403, 'no-approver', 'in none of the groups'],
])('%s sees it, may not vote, and that is on the record', async (_who, as, code, tag, words) => {
  const refused = await errorOf(await vote({}, as))
  expect(refused).toMatchObject({ code, reason: 'accessDenied' })
  expect(refused.message).toContain(words)
  expect(world.store.ofType('refused-vote')).toMatchObject([{ problem: tag, grant: grant.id }])
  expect(await world.isUntouched(grant)).toBe(true)
})

test('a group that policy no longer lets approve counts no more, whatever the request says', async () => {
  const approvers = { of: 'any', groups: [{ group: 'former-office', votes: 1 }] } as const
  const held = await world.ask({ number: 2, terms: [sampleTerms({ approvers })] })
  const as = { as: 'otto', claims: { groups: ['auditors', 'former-office'] } } as const
  expect((await vote({ digest: held.digest }, as, held.id)).status).toBe(403)
  expect(world.store.ofType('refused-vote')).toMatchObject([{ problem: 'no-approver' }])
  expect(await world.isUntouched(held)).toBe(true)
})

test.each<[string, As]>([
  ['an approver', { as: 'petra', claims: { act: { sub: 'agent-7' } } }],
  ['nobody in particular', { as: 'eve', claims: { act: { sub: 'agent-7' } } }],
])(
  'a token that an agent holds for %s votes for nobody, whatever it is about',
  async (_who, as) => {
    const mine = await errorOf(await vote({}, as))
    const none = await errorOf(await vote({}, as, sampleGrantId(99)))
    expect(mine).toMatchObject({ code: 403, message: expect.stringContaining('through an agent') })
    expect(none.code).toBe(403)
    expect(world.store.ofType('refusal').map(({ problem }) => problem)).toEqual([
      'delegated',
      'delegated',
    ])
    expect(await world.isUntouched(grant)).toBe(true)
  },
)

test.each<[string, As, string | undefined]>([
  ['somebody who may not know of it', { as: 'bob' }, undefined],
  ['an approver of another id', { as: 'petra' }, sampleGrantId(99)],
])('%s votes on nothing', async (_who, as, id) => {
  const refused = await errorOf(await vote({}, as, id ?? grant.id))
  expect(refused).toMatchObject({ code: 404, reason: 'notFound' })
  expect(world.store.ofType('refusal')).toMatchObject([{ problem: 'not-found' }])
  expect(await world.isUntouched(grant)).toBe(true)
})

test('without a token: 401, and nothing of the body is read', async () => {
  const response = await world.post(`/${grant.id}/votes`, { verdict: 'approve' })
  expect(response.status).toBe(401)
  expect(await world.isUntouched(grant)).toBe(true)
})

test('another digest: the request is another one by now', async () => {
  const refused = await errorOf(await vote({ digest: '0'.repeat(64) }))
  expect(refused).toMatchObject({
    code: 409,
    message: expect.stringContaining('look at the request again'),
  })
  expect(world.store.ofType('refused-vote')).toMatchObject([{ problem: 'other-request' }])
  expect(await world.isUntouched(grant)).toBe(true)
})

test('time is up, though nobody wrote so yet', async () => {
  world.knobs.now = ASKED_AT + HOUR
  const refused = await errorOf(await vote())
  expect(refused).toMatchObject({ code: 409, message: expect.stringContaining('has expired') })
  expect(await world.isUntouched(grant)).toBe(true)
})

test('what the resolver decides otherwise is said: the request was taken back meanwhile', async () => {
  const cancelled = { type: 'cancelled', at: world.knobs.now } as const
  world.knobs.meanwhile = () =>
    world.state.grants.change(grant.id, () => ({ ok: true, value: [cancelled] }))
  const refused = await errorOf(await vote())
  expect(refused).toMatchObject({ code: 403, message: expect.stringContaining('`over`') })
  expect(world.store.ofType('refused-vote')).toMatchObject([{ problem: 'over' }])
})

test.each<[string, object, number, string]>([
  ['no reason for a no', { verdict: 'deny', reason: ' ' }, 400, 'say why'],
  ['no verdict', { verdict: undefined }, 400, 'verdict'],
  ['another verdict', { verdict: 'maybe' }, 400, 'verdict'],
  ['a field of its own', { until: 1 }, 400, 'unknown or unsupported field `until`'],
  ['half a time box', { box: { duration: '1h' } }, 400, 'box.maximumBytes'],
  [
    'a time box with a time of its own',
    { box: { duration: 3, maximumBytes: 1 } },
    400,
    'box.duration',
  ],
  ['a digest that is none', { digest: 'x' }, 400, 'digest'],
  ['a long reason', { reason: 'x'.repeat(1_001) }, 400, '1,000'],
  [
    'a time box where policy has none',
    { box: { duration: '1h', maximumBytes: 1 } },
    400,
    'the query at hand',
  ],
  ['an endless body', { reason: 'x'.repeat(70_000) }, 413, 'larger'],
])('%s is refused', async (_what, body, code, words) => {
  const refused = await errorOf(await vote(body))
  expect(refused.code).toBe(code)
  expect(refused.message).toContain(words)
  expect(await world.isUntouched(grant)).toBe(true)
})

test('more than policy lets anybody grant is refused, rather than cut in silence', async () => {
  const held = await world.ask({ number: 2, terms: [sampleTerms({ timeBox: BOX })] })
  for (const box of [
    { duration: '2h', maximumBytes: 1 },
    { duration: '1h', maximumBytes: '11 GiB' },
  ]) {
    // oxlint-disable-next-line no-await-in-loop
    const refused = await errorOf(
      await vote({ digest: held.digest, box }, { as: 'petra' }, held.id),
    )
    expect(refused).toMatchObject({
      code: 400,
      message: expect.stringContaining('60 minutes and 10 GiB'),
    })
  }
  expect(await world.isUntouched(held)).toBe(true)
})

test('a body of another type is refused', async () => {
  const as = { as: 'petra', headers: { 'content-type': 'text/plain' } } as const
  expect((await vote({}, as)).status).toBe(400)
  expect(await world.isUntouched(grant)).toBe(true)
})

test('a refusal that cannot be recorded is not said', async () => {
  world.store.failNext('before', { times: Infinity })
  const refused = await errorOf(await vote({}, { as: 'otto' }))
  expect(refused).toMatchObject({ code: 503, reason: 'backendError' })
})
