import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Grant } from '../../../shared/approval/grant.ts'
import { ok } from '../../../shared/kernel/result.ts'
import {
  ATTACK_POLICY,
  type AttackWorld,
  account,
  addressed,
  attackWorld,
  replaced,
} from '../../support/approval-attack.ts'
import { CLAIMS } from '../../support/approval-world.ts'
import { GATEWAY, ISSUER } from '../../support/people.ts'

const OTHER_ISSUER = 'https://other.acme.example'
const POLICY = replaced(ATTACK_POLICY, {
  'connections:': `  - issuer: ${OTHER_ISSUER}\n    audiences: [${GATEWAY}]\nconnections:`,
  'approvals:': `people:
  - accounts: [${account('petra')}, ${account('petra-admin')}]
    slackUser: U0000000001
    groups: [privacy-office]
  - accounts: [${account('carla')}]
    slackUser: U0000000002
    groups: []
  - accounts: [${account('ana')}, ${account('ana', OTHER_ISSUER)}]
approvals:`,
  'anyOf: [{ group: privacy-office, votes: 2 }] }':
    'allOf: [{ group: privacy-office }, { group: clinicians }, { group: leads }] }',
  'roles: {': 'slack: { team: T0000000001, app: A0000000001 }\nroles: { leads: approver,',
  'approvers: { anyOf: [{ group: privacy-office, votes: 1 }] }':
    'approvers: { anyOf: [{ group: privacy-office, votes: 2 }] }\n    machines: [{ issuer: https://id.acme.example, sub: robot }]',
})

let here: AttackWorld
beforeAll(async () => {
  here = await attackWorld(POLICY)
})
afterAll(() => here.close())

let asked = 0
/** It takes two of the privacy office. */
const held = (init = {}) => here.held(`${CLAIMS} OFFSET ${(asked += 1)}`, init)

const waits = async (grant: Grant) => {
  await here.gateway.desk.sweep()
  expect(await here.stateOf(grant)).toBe('approval-awaited')
  expect(here.jobsOf(grant)).toBe(0)
}

describe('B49 one person is one person', () => {
  test('B49 in all three groups that are asked', async () => {
    const { grant } = await here.held('SELECT id FROM acme.hospital.staff')
    const groups = ['privacy-office', 'clinicians', 'leads']
    expect(await here.cast(grant, 'petra', { claims: { groups } })).toMatchObject({ status: 200 })
    await waits(grant)
  })

  test('B49 who votes twice', async () => {
    const { grant } = await held()
    await here.cast(grant, 'petra')
    expect(await here.cast(grant, 'petra')).toMatchObject({ status: 409 })
    await here.vote(grant, 'petra')
    await waits(grant)
    expect(here.refusals(grant)).toEqual(['voted-already', 'voted-already'])
  })

  test('B49 with two accounts that policy knows', async () => {
    const { grant } = await held()
    await here.cast(grant, 'petra')
    const said = await here.cast(grant, 'petra', { claims: { sub: 'petra-admin' } })
    expect(said.text).toContain('your vote counts once')
    await waits(grant)
  })

  test('B49 with two accounts and one address', async () => {
    const { grant } = await held()
    await here.cast(grant, 'paul', { claims: addressed('paul@acme.example') })
    const said = await here.cast(grant, 'paul', {
      claims: { sub: 'p2', iss: OTHER_ISSUER, ...addressed('Paul@ACME.example') },
    })
    expect(said.text).toContain('your vote counts once')
    await waits(grant)
  })

  test('B49 in Slack and by the API', async () => {
    const { grant } = await held()
    await here.cast(grant, 'petra')
    const by = { channel: 'slack', proof: 'U0000000001', subject: 'petra' } as const
    const { by: voter } = here.voteOf(grant, 'petra')
    await here.vote(grant, 'petra', 'approve', { by: { ...voter, ...by } })
    await waits(grant)
    expect(here.refusals(grant)).toEqual(['voted-already'])
  })

  test('B49 and two people are two', async () => {
    const { grant, jobId } = await held()
    await here.cast(grant, 'petra')
    await here.cast(grant, 'paul')
    expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  })
})

interface Claims {
  readonly groups: readonly string[]
  readonly iss?: string
  readonly sub?: string
  readonly client_id?: string
  readonly email?: string
  readonly act?: { readonly sub: string }
}
const actor = { subject: 'other-agent' }

describe('B50 nobody approves what they ask for', () => {
  const OFFICE = { groups: ['analysts', 'privacy-office', 'auditors'] }

  test.each<[string, Claims]>([
    ['themselves, as an approver and an admin', { ...OFFICE }],
    ['their second account, which policy knows', { ...OFFICE, iss: OTHER_ISSUER }],
    [
      'a second account with their address',
      { ...OFFICE, iss: OTHER_ISSUER, sub: 'a2', ...addressed('ANA@acme.example') },
    ],
    ['a service account', { ...OFFICE, sub: 'x@acme.iam.gserviceaccount.com', client_id: 'y' }],
    ['a machine that policy does not name', { ...OFFICE, sub: 'ci', client_id: 'ci' }],
    ['their agent, for itself', { ...OFFICE, sub: 'mcp-agent', client_id: 'mcp-agent' }],
    ['their agent, for itself, by a client of another name', { ...OFFICE, sub: 'mcp-agent' }],
    [
      'their agent, with the token of an approver',
      { ...OFFICE, sub: 'petra', client_id: 'mcp-agent' },
    ],
    ['an agent for an approver', { ...OFFICE, sub: 'petra', act: { sub: 'other-agent' } }],
  ])('B50 not %s', async (_, claims) => {
    const token = await here.gateway.token('ana', {
      act: { sub: 'mcp-agent' },
      ...addressed('ana@acme.example'),
    })
    const { grant } = await held({ token })
    const said = await here.cast(grant, 'ana', { claims })
    expect([403, 404]).toContain(said.status)
    // And not past the API: the resolver decides again.
    const { by } = here.voteOf(grant, 'ana')
    const { iss = ISSUER, sub = 'ana', client_id: clientId = 'bq', email, groups } = claims
    const actors = claims.act === undefined ? [] : [{ issuer: undefined, ...actor }]
    await here.vote(grant, 'petra', 'approve', {
      by: { ...by, issuer: iss, subject: sub, clientId, email, actors, groups },
    })
    expect((await here.again(grant)).events.some(({ type }) => type === 'voted')).toBe(false)
    expect(here.refusals(grant).length).toBeGreaterThan(0)
    await waits(grant)
  })

  test('B50 not the machine that asked for somebody, though policy lets it vote', async () => {
    const robot = { sub: 'robot', client_id: 'robot', groups: ['privacy-office'] }
    const { grant } = await held({ token: await here.gateway.token('ana', { client_id: 'robot' }) })
    expect(await here.cast(grant, 'ana', { claims: robot })).toMatchObject({ status: 404 })
    await waits(grant)
    // For what it has no part in it may.
    const other = await held()
    expect(await here.cast(other.grant, 'ana', { claims: robot })).toMatchObject({ status: 200 })
  })

  test('B50 nor does an admin take back, or review, by an agent', async () => {
    const { grant } = await held()
    const claims = { act: { sub: 'x' } }
    const said = await here.say(grant, 'revocation', 'otto', { reason: 'x' }, claims)
    expect([403, 404]).toContain(said.status)
    await waits(grant)
  })
})

describe('B54 who is no approver any more', () => {
  test('B54 was taken out of the group between their vote and the last one', async () => {
    const { grant, jobId } = await held()
    await here.cast(grant, 'petra')
    // Their next token, wherever they show it to see what waits, has no group.
    await here.gateway.request('/v1/approvals', {
      token: await here.gateway.token('petra', { groups: [] }),
    })
    await here.cast(grant, 'paul')
    await waits(grant)
    // A second one who still is of the office.
    await here.cast(grant, 'eve', { claims: { groups: ['privacy-office'] } })
    expect(await here.rowsOf(jobId)).toMatchObject({ status: 200 })
  })

  test('B54 votes in Slack for a group that policy took from them', async () => {
    const { grant } = await held()
    await here.cast(grant, 'petra')
    const { by } = here.voteOf(grant, 'paul')
    // As Slack's endpoint said of them when they pressed the button.
    const voter = { ...by, subject: 'carla', channel: 'slack', proof: 'U0000000002' } as const
    await here.vote(grant, 'carla', 'approve', { by: voter })
    await waits(grant)
  })

  test('B54 has not been seen for a month: nobody knows what they are', async () => {
    const { grant } = await held()
    await here.gateway.state.grants.change(grant.id, (now) =>
      ok([{ type: 'voted', at: Date.now(), vote: unseen(now) }]),
    )
    await here.cast(grant, 'petra')
    await waits(grant)
  })
})

const unseen = (grant: Grant) => {
  const vote = here.voteOf(grant, 'paul')
  return { ...vote, by: { ...vote.by, subject: 'nobody-saw-them', email: undefined } }
}
