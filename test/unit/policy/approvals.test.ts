import { expect, test } from 'vitest'

import { evaluate } from '../../../shared/policy/evaluate.ts'
import { termsOf } from '../../../shared/policy/terms-of.ts'
import { PATIENTS, touching } from './columns.ts'
import { HELD, held } from './sample-approvals.ts'
import { SAMPLE, facts, policyOf, sample } from './sample-policy.ts'

const policy = policyOf(HELD)
const ISSUER = 'https://login.acme.example'

test('everything an approval can say', () => {
  expect(policy.approvals.get('officers')).toEqual({
    id: 'officers',
    description: 'One of them looks at it.',
    approvers: {
      of: 'any',
      groups: [
        { group: 'officers', votes: 2 },
        { group: 'leads', votes: 1 },
      ],
    },
    quorum: 2,
    machines: [`${ISSUER} robot`],
    waitMs: 7_200_000,
    useWithinMs: 300_000,
    hours: { timeZone: 'Europe/Zurich', days: [1, 2, 5], fromMinute: 1320, untilMinute: 390 },
    remindersMs: [900_000, 2_700_000],
    escalation: { afterMs: 1_800_000, group: 'leads', slackChannel: 'C0123456780' },
    breakGlass: { group: 'clinicians' },
    timeBox: { longestMs: 28_800_000, maximumBytes: 10 * 2 ** 30 },
    slackChannel: 'C0123456789',
  })
})

test('what is left out: an hour to vote, a quarter of one to start, and nothing beyond the query', () => {
  expect(policy.approvals.get('both')).toEqual({
    id: 'both',
    description: 'Both look at it.',
    approvers: {
      of: 'all',
      groups: [
        { group: 'officers', votes: 2 },
        { group: 'leads', votes: 1 },
      ],
    },
    quorum: 3,
    machines: [],
    waitMs: 3_600_000,
    useWithinMs: 900_000,
    hours: undefined,
    remindersMs: [],
    escalation: undefined,
    breakGlass: undefined,
    timeBox: undefined,
    slackChannel: undefined,
  })
})

test.each([
  ['anyOf: [{ group: officers, votes: 3 }, { group: leads, votes: 2 }]', 2],
  ['anyOf: [{ group: officers }]', 1],
  ['allOf: [{ group: officers, votes: 3 }, { group: leads, votes: 2 }]', 5],
])('without a quorum %s takes %i', (approvers, quorum) => {
  const text = held(
    '{ allOf: [{ group: officers, votes: 2 }, { group: leads }] }',
    `{ ${approvers} }`,
  )
  expect(policyOf(text).approvals.get('both')).toMatchObject({ quorum })
})

test('hours are on every day unless they say which', () => {
  const text = held('days: [fri, mon, tue], ', '')
  expect(policyOf(text).approvals.get('officers')?.hours?.days).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test.each(['UTC', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires'])(
  '%s is a time zone',
  (timeZone) => {
    const text = held('Europe/Zurich', timeZone)
    expect(policyOf(text).approvals.get('officers')).toMatchObject({ hours: { timeZone } })
  },
)

test('people and Slack', () => {
  expect(policy.people).toEqual([
    {
      accounts: [`${ISSUER} petra`, `${ISSUER} petra-admin`],
      slackUser: 'U0123456789',
      groups: ['officers'],
    },
    { accounts: [`${ISSUER} paul`], slackUser: undefined, groups: [] },
  ])
  expect(policy.slack).toEqual({ team: 'T0123456789', app: 'A0123456789' })
})

test('a policy that holds nothing needs none of it', () => {
  expect(policyOf(SAMPLE)).toMatchObject({ approvals: new Map(), people: [], slack: undefined })
})

test('an approval that nothing names may wait for a rule that does', () => {
  const text = `${sample('rules:', 'roles: { officers: approver }\nrules:')}approvals:
  - { id: officers, description: They look., approvers: { anyOf: [{ group: officers }] } }
`
  expect([...policyOf(text).approvals.keys()]).toEqual(['officers'])
})

test('a decision comes with the terms of every approval it takes', () => {
  const touched = touching({ uses: [{ column: `${PATIENTS}.birth_date`, use: 'filter' }] })
  const decision = evaluate(policy, facts(), touched)
  if (decision.effect !== 'require-approval') throw new Error(decision.effect)
  expect(decision.approvals).toEqual(['both', 'officers'])
  expect(termsOf(policy, decision).map(({ id, quorum }) => [id, quorum])).toEqual([
    ['both', 3],
    ['officers', 2],
  ])
})

test('terms of an approval that the policy does not have are no terms', () => {
  expect(() => termsOf(policy, { approvals: ['both', 'none'] })).toThrow(
    'the policy has no approval `none`',
  )
})
