import { expect, test } from 'vitest'

import { voteProblem } from '../../../shared/approval/eligible.ts'
import type { Grant, Voter } from '../../../shared/approval/grant.ts'
import { type VoteProblem, voteProblemWords } from '../../../shared/approval/vote-problem.ts'
import type { KnownPerson } from '../../../shared/policy/approval-terms.ts'
import {
  ASKED_AT,
  HOUR,
  MINUTE,
  sampleGrant,
  sampleTerms,
  sampleVote,
  sampleVoter,
} from '../../support/sample-grant.ts'

const ISSUER = 'https://id.example'
const AT = ASKED_AT + MINUTE

const problemOf = (
  by: Voter,
  {
    grant = sampleGrant(),
    at = AT,
    people = [],
  }: { grant?: Grant; at?: number; people?: readonly KnownPerson[] } = {},
  change: Parameters<typeof sampleVote>[2] = {},
) => voteProblem(grant, sampleVote(grant, by, change), people, at)

const byAgent = (grant: Grant): Grant => ({
  ...grant,
  request: {
    ...grant.request,
    principal: {
      ...grant.request.principal,
      actors: [
        { issuer: undefined, subject: 'agent-7' },
        { issuer: 'https://ci.example', subject: 'runner' },
      ],
    },
  },
})

test('somebody of the group may vote', () => {
  expect(problemOf(sampleVoter())).toBeUndefined()
})

test.each<[string, Voter, VoteProblem['problem']]>([
  ['the requester', sampleVoter('ana'), 'own-request'],
  [
    'the requester through Slack',
    sampleVoter('ana', { channel: 'slack', proof: 'U1' }),
    'own-request',
  ],
  [
    'the requester as an admin',
    sampleVoter('ana', { groups: ['privacy-office', 'policy-admins'] }),
    'own-request',
  ],
  [
    'the agent that acts for the requester',
    sampleVoter('agent-7', { email: undefined }),
    'acts-for-requester',
  ],
  [
    'that agent at another issuer: its own is not known',
    sampleVoter('agent-7', { issuer: 'https://other.example' }),
    'acts-for-requester',
  ],
  [
    'an actor behind it',
    sampleVoter('runner', { issuer: 'https://ci.example' }),
    'acts-for-requester',
  ],
  [
    'a colleague through that agent',
    sampleVoter('paul', { clientId: 'agent-7' }),
    'acts-for-requester',
  ],
  [
    'a colleague for whom an agent votes',
    sampleVoter('paul', { actors: [{ issuer: undefined, subject: 'bot' }] }),
    'agent',
  ],
  [
    'a second account with the same address',
    sampleVoter('ana-admin', { issuer: 'https://other.example', email: 'Ana@ACME.example' }),
    'same-person',
  ],
  ['somebody in another group', sampleVoter('eve', { groups: ['analysts'] }), 'no-approver'],
  ['somebody in no group', sampleVoter('eve', { groups: [] }), 'no-approver'],
  [
    'a client that signs in as itself',
    sampleVoter('bot', { clientId: 'bot', email: undefined }),
    'machine',
  ],
  [
    'a service account',
    sampleVoter('1234', { email: 'ci@acme.iam.gserviceaccount.com' }),
    'machine',
  ],
  [
    'a service account, in capitals',
    sampleVoter('1234', { email: 'CI@ACME.IAM.GSERVICEACCOUNT.COM' }),
    'machine',
  ],
  ['a service account by its subject', sampleVoter('ci@developer.gserviceaccount.com'), 'machine'],
])('%s may not', (_, by, problem) => {
  expect(problemOf(by, { grant: byAgent(sampleGrant()) })).toMatchObject({ problem })
})

test('a runner of that name at another issuer is somebody else', () => {
  const by = sampleVoter('runner', { issuer: 'https://other.example' })
  expect(problemOf(by, { grant: byAgent(sampleGrant()) })).toBeUndefined()
})

test('policy knows which accounts are one person', () => {
  const people = [
    { accounts: [`${ISSUER} ana`, `${ISSUER} ana-admin`], slackUser: undefined, groups: [] },
  ]
  expect(problemOf(sampleVoter('ana-admin'), { people })).toEqual({ problem: 'same-person' })
  expect(problemOf(sampleVoter('paul'), { people })).toBeUndefined()
})

test('accounts without an address are not the same person for that', () => {
  const grant = sampleGrant()
  const { principal } = grant.request
  const nameless = {
    ...grant,
    request: { ...grant.request, principal: { ...principal, email: undefined } },
  }
  expect(problemOf(sampleVoter('paul', { email: undefined }), { grant: nameless })).toBeUndefined()
})

test('a machine votes where policy names it, and only there', () => {
  const bot = sampleVoter('bot', { clientId: 'bot', email: undefined })
  const named = sampleGrant({ terms: [sampleTerms({ machines: [`${ISSUER} bot`] })] })
  expect(problemOf(bot, { grant: named })).toBeUndefined()
  expect(problemOf({ ...bot, issuer: 'https://other.example' }, { grant: named })).toEqual({
    problem: 'machine',
  })
})

test('a vote is on what was shown', () => {
  const digest = 'f'.repeat(64)
  expect(problemOf(sampleVoter(), {}, { digest })).toEqual({ problem: 'other-request' })
  expect(problemOf(sampleVoter(), {}, { digest, verdict: 'deny' })).toEqual({
    problem: 'other-request',
  })
})

test('members of the escalation group vote once it escalates', () => {
  const escalation = { afterMs: 10 * MINUTE, group: 'duty', slackChannel: undefined }
  const grant = sampleGrant({ terms: [sampleTerms({ escalation })] })
  const by = sampleVoter('dora', { groups: ['duty'] })
  const from = ASKED_AT + 10 * MINUTE
  expect(problemOf(by, { grant, at: from - 1 })).toEqual({ problem: 'not-yet', from })
  expect(problemOf(by, { grant, at: from })).toBeUndefined()
  expect(problemOf(sampleVoter('eve', { groups: [] }), { grant, at: from })).toEqual({
    problem: 'no-approver',
  })
})

test('outside the hours nobody says yes, and anybody who may says no', () => {
  // 12:00 in UTC is 13:00 in Zurich.
  const hours = { timeZone: 'Europe/Zurich', days: [6], fromMinute: 15 * 60, untilMinute: 16 * 60 }
  const grant = sampleGrant({ terms: [sampleTerms({ hours })] })
  const opensAt = ASKED_AT + 2 * HOUR
  expect(problemOf(sampleVoter(), { grant })).toEqual({ problem: 'closed', opensAt })
  expect(problemOf(sampleVoter(), { grant, at: opensAt })).toBeUndefined()
  expect(problemOf(sampleVoter(), { grant, at: opensAt + HOUR })).toMatchObject({
    problem: 'closed',
  })
  expect(problemOf(sampleVoter(), { grant }, { verdict: 'deny', reason: 'no' })).toBeUndefined()
  expect(problemOf(sampleVoter('eve', { groups: [] }), { grant }, { verdict: 'deny' })).toEqual({
    problem: 'no-approver',
  })
})

test('of several terms one is enough to vote', () => {
  const security = { of: 'any', groups: [{ group: 'security', votes: 1 }] } as const
  const grant = sampleGrant({
    terms: [sampleTerms(), sampleTerms({ id: 'security', approvers: security })],
  })
  expect(problemOf(sampleVoter('paul', { groups: ['security'] }), { grant })).toBeUndefined()
  expect(problemOf(sampleVoter('paul', { groups: ['finance'] }), { grant })).toEqual({
    problem: 'no-approver',
  })
})

test.each<[VoteProblem, string]>([
  [{ problem: 'own-request' }, 'this is your own request; somebody else has to decide'],
  [{ problem: 'acts-for-requester' }, 'you act for whoever asked'],
  [{ problem: 'same-person' }, 'this account belongs to whoever asked'],
  [{ problem: 'agent' }, 'sign in yourself'],
  [{ problem: 'machine' }, 'no machine of this name'],
  [{ problem: 'no-approver' }, 'you are in none of the groups'],
  [{ problem: 'not-yet', from: ASKED_AT }, 'from `2026-11-21T12:00Z`'],
  [{ problem: 'closed', opensAt: ASKED_AT }, 'from `2026-11-21T12:00Z`'],
  [{ problem: 'closed', opensAt: undefined }, 'at any time'],
  [{ problem: 'other-request' }, 'look at the request again'],
  [{ problem: 'reason-missing' }, 'say why'],
  [{ problem: 'box-invalid' }, 'whole numbers'],
  [{ problem: 'voted-already' }, 'your vote counts once'],
  [{ problem: 'approved-already' }, 'approved already'],
  [{ problem: 'over', state: 'denied' }, 'denied, and that is final'],
  [{ problem: 'over', state: 'expired' }, 'can ask again'],
  [{ problem: 'over', state: 'revoked' }, 'revoked'],
  [{ problem: 'over', state: 'ended' }, 'nothing is left to decide'],
  [{ problem: 'nothing-to-review' }, 'nothing to review'],
])('%j in words', (problem, words) => {
  expect(voteProblemWords(problem)).toContain(words)
})
