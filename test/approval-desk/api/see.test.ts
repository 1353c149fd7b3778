import { beforeEach, describe, expect, test } from 'vitest'

import type { Grant } from '../../../shared/approval/grant.ts'
import {
  type ApprovalsApiWorld,
  type As,
  approvalsApiWorld,
} from '../../support/approvals-api-world.ts'
import { errorOf } from '../../support/error-of.ts'
import { ISSUER } from '../../support/people.ts'
import {
  ASKED_AT,
  HOUR,
  MINUTE,
  sampleGrantId,
  sampleTerms,
  sampleVote,
  sampleVoter,
} from '../../support/sample-grant.ts'

let world: ApprovalsApiWorld
let grant: Grant
beforeEach(async () => {
  world = approvalsApiWorld()
  grant = await world.ask()
})

const idsOf = async (response: Response): Promise<readonly string[]> => {
  expect(response.status).toBe(200)
  const { approvals } = (await response.json()) as { approvals: { id: string }[] }
  return approvals.map(({ id }) => id)
}

describe('GET /v1/approvals', () => {
  test('shows an approver what they could vote on, oldest first, without SQL and values', async () => {
    const younger = await world.ask({ number: 3, requestedAt: ASKED_AT + 2 })
    const older = await world.ask({ number: 2, requestedAt: ASKED_AT + 1 })
    await world.ask({
      number: 4,
      terms: [sampleTerms({ approvers: { of: 'any', groups: [{ group: 'leads', votes: 1 }] } })],
    })
    const response = await world.get('', { as: 'petra' })
    const text = await response.clone().text()
    expect(await idsOf(response)).toEqual([grant.id, older.id, younger.id])
    expect(text).not.toContain('SELECT name')
    expect(text).not.toContain('an audit')
    expect(JSON.parse(text).approvals[0]).toEqual({
      id: grant.id,
      state: 'approval-awaited',
      youMay: ['vote', 'revoke'],
      requester: {
        issuer: ISSUER,
        subject: 'ana',
        email: 'ana@acme.example',
        clientId: 'mcp-toolbox',
      },
      claimed: { server: 'genai-toolbox/1.12.0' },
      statementType: 'SELECT',
      tables: ['acme.hospital.claims'],
      targets: [],
      estimatedBytes: 1_000,
      listPrice: 'USD 0.01',
      requestedAt: '2026-11-21T12:00:00.000Z',
      expiresAt: '2026-11-21T13:00:00.000Z',
      brokeGlass: false,
      reviewOpen: false,
      digest: grant.digest,
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('shows requesters their own, and nobody else’s', async () => {
    const bobs = await world.ask({
      number: 2,
      request: { principal: { ...grant.request.principal, subject: 'bob', email: undefined } },
    })
    expect(await idsOf(await world.get('', { as: 'ana' }))).toEqual([grant.id])
    expect(await idsOf(await world.get('', { as: 'bob' }))).toEqual([bobs.id])
    expect(await idsOf(await world.get('', { as: 'eve' }))).toEqual([])
  })

  test('shows auditors the open reviews of broken glass only', async () => {
    const broken = await world.ask({
      number: 2,
      events: [{ type: 'broke-glass', at: ASKED_AT, justification: 'a patient waits' }],
    })
    expect(await idsOf(await world.get('', { as: 'otto' }))).toEqual([broken.id])
    const body = await (await world.get('', { as: 'petra' })).json()
    expect(body).toMatchObject({ approvals: [{}, { id: broken.id, reviewOpen: true }] })
  })

  test('shows policy-admins what they may revoke, to find it', async () => {
    const body = await (await world.get('', { as: 'carla' })).json()
    expect(body).toMatchObject({ approvals: [{ id: grant.id, youMay: ['revoke'] }] })
  })

  test('does not offer what has expired, though nobody wrote so yet', async () => {
    world.knobs.now = ASKED_AT + HOUR
    expect(await idsOf(await world.get('', { as: 'petra' }))).toEqual([])
  })

  test('the escalation group sees it once it has escalated', async () => {
    const escalation = { afterMs: 5 * MINUTE, group: 'privacy-office', slackChannel: undefined }
    const leads = { of: 'any', groups: [{ group: 'leads', votes: 1 }] } as const
    const later = await world.ask({
      number: 2,
      terms: [sampleTerms({ approvers: leads, escalation })],
    })
    expect(await idsOf(await world.get('', { as: 'petra' }))).toEqual([grant.id])
    world.knobs.now += 5 * MINUTE
    expect(await idsOf(await world.get('', { as: 'petra' }))).toEqual([grant.id, later.id])
  })

  test('goes on page by page', async () => {
    for (let number = 2; number <= 205; number++)
      // oxlint-disable-next-line no-await-in-loop
      await world.ask({ number, requestedAt: ASKED_AT + number })
    const first = (await (await world.get('', { as: 'petra' })).json()) as {
      approvals: unknown[]
      nextPageToken: string
    }
    expect(first.approvals).toHaveLength(200)
    const rest = await world.get(`?pageToken=${first.nextPageToken}`, { as: 'petra' })
    expect(await rest.clone().json()).not.toHaveProperty('nextPageToken')
    expect(await idsOf(rest)).toEqual([201, 202, 203, 204, 205].map((each) => sampleGrantId(each)))
  })

  test('a page token that the caller was not given says nothing, whether or not it is an id', async () => {
    const texts = await Promise.all(
      [grant.id, sampleGrantId(99), 'x'].map(async (pageToken) => {
        const response = await world.get(`?pageToken=${pageToken}`, { as: 'eve' })
        return errorOf(response)
      }),
    )
    expect(new Set(texts.map(({ message }) => message)).size).toBe(1)
    expect(texts[0]).toMatchObject({ code: 400, reason: 'invalid' })
  })

  test('an unknown parameter is refused', async () => {
    const refused = await errorOf(await world.get('?filter=x', { as: 'petra' }))
    expect(refused).toMatchObject({ code: 400, message: 'unknown parameter `filter`' })
  })
})

describe('GET /v1/approvals/{id}', () => {
  test('has all that an approver needs', async () => {
    const paul = sampleVoter('paul', {
      issuer: ISSUER,
      proof: 'secret-proof',
      groups: ['privacy-office', 'hidden'],
    })
    const vote = sampleVote(grant, paul, { reason: 'fine' })
    await world.state.grants.change(grant.id, () => ({
      ok: true,
      value: [{ type: 'voted', at: ASKED_AT + 1, vote }],
    }))
    const response = await world.get(`/${grant.id}`, { as: 'petra' })
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({
      id: grant.id,
      state: 'approval-awaited',
      requester: { subject: 'ana', groups: ['analysts'], actors: [] },
      claimed: { server: 'genai-toolbox/1.12.0' },
      session: { sourceAddress: '192.0.2.7' },
      projectId: 'acme',
      governedColumns: ['acme.hospital.claims.name'],
      justification: 'an audit',
      sql: grant.request.sql,
      parameters: [],
      maximumBytesBilled: 1_000_000_000,
      terms: [{ id: 'privacy', groups: [{ group: 'privacy-office', votes: 1 }] }],
      votes: [{ by: { subject: 'paul', channel: 'api' }, verdict: 'approve', reason: 'fine' }],
      history: [
        { type: 'asked', at: '2026-11-21T12:00:00.000Z' },
        { type: 'voted', by: { subject: 'paul' }, verdict: 'approve', reason: 'fine' },
      ],
      digest: grant.digest,
    })
    expect(text).not.toMatch(/secret-proof|hidden/)
  })

  test.each<[string, As]>([
    ['the requester', { as: 'ana' }],
    ['whoever may vote', { as: 'paul' }],
    ['an auditor', { as: 'otto' }],
  ])('is for %s', async (_who, as) => {
    expect((await world.get(`/${grant.id}`, as)).status).toBe(200)
  })

  test.each<[string, As]>([
    ['somebody else', { as: 'bob' }],
    ['an approver of others', { as: 'carla', claims: { groups: ['leads'] } }],
    ['an agent of an approver', { as: 'petra', claims: { act: { sub: 'agent-7' } } }],
    ['an agent of an auditor', { as: 'otto', claims: { act: { sub: 'agent-7' } } }],
    ['a policy-admin, who may revoke it unread', { as: 'carla' }],
  ])('does not exist for %s: the same words as for no id at all', async (_who, as) => {
    const answers = await Promise.all(
      [grant.id, sampleGrantId(99), 'nonsense'].map(async (id) =>
        (await world.get(`/${id}`, as)).text(),
      ),
    )
    expect(new Set(answers).size).toBe(1)
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({ error: { code: 404 } })
    expect(answers[0]).not.toContain(grant.id)
  })
})

describe('whoever comes without a valid token', () => {
  test.each<[string, As]>([
    ['without any', {}],
    ['with another one', { token: 'a.b.c' }],
    ['with one that expired', { as: 'petra', claims: { exp: 1 } }],
  ])('%s gets a challenge, on every path, and is on the record', async (_what, as) => {
    const paths = ['', `/${grant.id}`, '/x']
    for (const path of paths) {
      // oxlint-disable-next-line no-await-in-loop
      const response = await world.get(path, as)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /)
      // oxlint-disable-next-line no-await-in-loop
      expect((await errorOf(response)).code).toBe(401)
    }
    expect(world.store.ofType('refusal')).toHaveLength(paths.length)
  })

  test('there is no policy: nobody is served', async () => {
    world.knobs.isReady = false
    const response = await world.get('', { as: 'petra' })
    expect(response.status).toBe(503)
  })
})

test('an approver who looks counts as seen, with the groups of their token; nobody else does', async () => {
  await world.get('', { as: 'petra' })
  await world.get('', { as: 'ana' })
  await world.get('', { as: 'paul', claims: { act: { sub: 'agent-7' } } })
  const seen = (who: string) => world.state.peopleSeen.groupsNow(ISSUER, who)
  expect(await seen('petra')).toMatchObject({ groups: ['privacy-office'] })
  expect(await seen('ana')).toBeUndefined()
  expect(await seen('paul')).toBeUndefined()
})

test('reads are no entries', async () => {
  await world.get('', { as: 'petra' })
  await world.get(`/${grant.id}`, { as: 'petra' })
  await world.get(`/${grant.id}`, { as: 'bob' })
  expect(world.store.stored()).toEqual([])
})
