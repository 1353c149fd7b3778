import { beforeEach, describe, expect, test } from 'vitest'

import type { Grant, GrantEvent } from '../../../shared/approval/grant.ts'
import { standingOf } from '../../../shared/approval/standing.ts'
import {
  type ApprovalsApiWorld,
  type As,
  approvalsApiWorld,
} from '../../support/approvals-api-world.ts'
import { errorOf } from '../../support/error-of.ts'
import { ASKED_AT, HOUR, sampleGrantId } from '../../support/sample-grant.ts'

const approved: GrantEvent = {
  type: 'approved',
  at: ASKED_AT + 1,
  until: ASKED_AT + HOUR,
  box: undefined,
}
const broken: GrantEvent = { type: 'broke-glass', at: ASKED_AT, justification: 'a patient waits' }

let world: ApprovalsApiWorld
beforeEach(() => {
  world = approvalsApiWorld()
})

const lastOf = async (grant: Grant) => (await world.again(grant)).events.at(-1)

describe('POST …/revocation', () => {
  test.each<[string, As]>([
    ['an approver', { as: 'petra' }],
    ['a policy-admin, though they may not read it', { as: 'carla' }],
  ])('%s takes leave back; it is recorded before it is told', async (_who, as) => {
    const grant = await world.ask({ events: [approved] })
    const response = await world.post(`/${grant.id}/revocation`, { reason: 'a mistake' }, as)
    expect(await response.json()).toEqual({
      id: grant.id,
      state: 'revoked',
      digest: grant.digest,
      settled: true,
    })
    expect(await lastOf(grant)).toMatchObject({
      type: 'revoked',
      reason: 'a mistake',
      by: { subject: as.as, channel: 'api' },
    })
    expect(world.store.ofType('approval').at(-1)?.event.type).toBe('revoked')
    expect(world.settled.map(({ id }) => id)).toEqual([grant.id])
  })

  test.each<[string, As, number]>([
    ['the requester', { as: 'ana' }, 403],
    ['an auditor', { as: 'otto' }, 403],
    ['somebody else', { as: 'bob' }, 404],
    ['an agent of an approver', { as: 'petra', claims: { act: { sub: 'a' } } }, 403],
    ['an agent of a policy-admin', { as: 'carla', claims: { act: { sub: 'a' } } }, 403],
    ['nobody', {}, 401],
  ])('%s does not; the attempt is on the record', async (_who, as, code) => {
    const grant = await world.ask({ events: [approved] })
    const response = await world.post(`/${grant.id}/revocation`, { reason: 'x' }, as)
    expect((await errorOf(response)).code).toBe(code)
    expect(await world.isUntouched(grant)).toBe(true)
    expect(world.store.ofType('refusal')).toHaveLength(1)
  })

  test.each([{ reason: ' ' }, {}, { reason: 'x', by: 'me' }])('%j is refused', async (body) => {
    const grant = await world.ask({ events: [approved] })
    const response = await world.post(`/${grant.id}/revocation`, body, { as: 'petra' })
    expect((await errorOf(response)).code).toBe(400)
    expect(await world.isUntouched(grant)).toBe(true)
  })

  test('what expired meanwhile is not revoked, and nobody is told that it was', async () => {
    const grant = await world.ask({ events: [approved] })
    world.knobs.now = ASKED_AT + HOUR
    const response = await world.post(`/${grant.id}/revocation`, { reason: 'x' }, { as: 'petra' })
    expect(await errorOf(response)).toMatchObject({ code: 409 })
    expect((await lastOf(grant))?.type).toBe('expired')
  })

  test('what cannot be recorded is neither told nor acted on', async () => {
    const grant = await world.ask({ events: [approved] })
    world.store.failNext('before', { type: 'approval', times: Infinity })
    const response = await world.post(`/${grant.id}/revocation`, { reason: 'x' }, { as: 'petra' })
    expect((await errorOf(response)).code).toBe(503)
    expect(world.settled).toEqual([])
  })

  test('what follows from it may fail: the sweep does the rest', async () => {
    world.knobs.settledFails = true
    const grant = await world.ask({ events: [approved] })
    const response = await world.post(`/${grant.id}/revocation`, { reason: 'x' }, { as: 'petra' })
    expect(response.status).toBe(200)
    expect(world.troubles).toHaveLength(1)
  })
})

describe('POST …/review', () => {
  test('an approver closes a broken glass', async () => {
    const grant = await world.ask({ events: [broken] })
    const response = await world.post(
      `/${grant.id}/review`,
      { finding: 'justified' },
      { as: 'petra' },
    )
    expect(response.status).toBe(200)
    expect(standingOf(await world.again(grant)).reviewOpen).toBe(false)
    expect(await lastOf(grant)).toMatchObject({ type: 'reviewed', finding: 'justified' })
    expect(world.settled).toHaveLength(1)
    const again = await world.post(`/${grant.id}/review`, { finding: 'y' }, { as: 'paul' })
    expect(await errorOf(again)).toMatchObject({ code: 409 })
  })

  test.each<[string, As, number]>([
    ['whoever broke it', { as: 'ana', claims: { groups: ['privacy-office'] } }, 403],
    ['their other account', { as: 'petra', claims: { sub: 'ana-admin' } }, 403],
    ['an auditor, who sees it', { as: 'otto' }, 403],
    ['a policy-admin, who may not read it', { as: 'carla' }, 404],
    ['an agent', { as: 'petra', claims: { act: { sub: 'a' } } }, 403],
  ])('%s does not', async (_who, as, code) => {
    const grant = await world.ask({ events: [broken] })
    const response = await world.post(`/${grant.id}/review`, { finding: 'fine' }, as)
    expect((await errorOf(response)).code).toBe(code)
    expect(await world.isUntouched(grant)).toBe(true)
  })

  test('there is nothing to review where no glass was broken', async () => {
    const grant = await world.ask()
    const response = await world.post(`/${grant.id}/review`, { finding: 'x' }, { as: 'petra' })
    expect((await errorOf(response)).code).toBe(409)
    expect(await world.isUntouched(grant)).toBe(true)
  })
})

describe('POST …/cancellation', () => {
  test.each<[string, As]>([
    ['the requester', { as: 'ana' }],
    ['what acts for them', { as: 'ana', claims: { act: { sub: 'agent-7' } } }],
  ])('%s takes it back', async (_who, as) => {
    const grant = await world.ask()
    const response = await world.post(`/${grant.id}/cancellation`, {}, as)
    expect(await response.json()).toMatchObject({ state: 'ended' })
    expect((await lastOf(grant))?.type).toBe('cancelled')
    expect(world.store.ofType('outcome')).toMatchObject([{ detail: 'cancelled' }])
  })

  test.each<[string, As, number]>([
    ['an approver', { as: 'petra' }, 403],
    ['the requester’s other account', { as: 'petra', claims: { sub: 'ana-admin' } }, 403],
    ['somebody else', { as: 'bob' }, 404],
  ])('%s does not', async (_who, as, code) => {
    const grant = await world.ask()
    const response = await world.post(`/${grant.id}/cancellation`, {}, as)
    expect((await errorOf(response)).code).toBe(code)
    expect(await world.isUntouched(grant)).toBe(true)
  })

  test('what runs is not taken back here', async () => {
    const grant = await world.ask({
      events: [
        approved,
        { type: 'starting', at: ASKED_AT + 2 },
        { type: 'started', at: ASKED_AT + 3 },
      ],
    })
    const response = await world.post(`/${grant.id}/cancellation`, {}, { as: 'ana' })
    expect((await errorOf(response)).code).toBe(409)
    expect(await world.isUntouched(grant)).toBe(true)
  })
})

test('an id that nobody has is nothing to anybody', async () => {
  for (const what of ['votes', 'revocation', 'review', 'cancellation']) {
    const body = {
      votes: { verdict: 'approve', digest: 'a'.repeat(64) },
      revocation: { reason: 'x' },
      review: { finding: 'x' },
      cancellation: {},
    }[what]
    // oxlint-disable-next-line no-await-in-loop
    const response = await world.post(`/${sampleGrantId(9)}/${what}`, body, { as: 'petra' })
    expect(response.status).toBe(404)
  }
})
