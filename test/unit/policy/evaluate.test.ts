import { expect, test } from 'vitest'

import { tableReference } from '../../../shared/bigquery/reference.ts'
import { connectionOf, evaluate } from '../../../shared/policy/evaluate.ts'
import { maySelect } from '../../../shared/policy/may-select.ts'
import type { Facts } from '../../../shared/policy/policy.ts'
import { facts, policyOf, sample, withRules } from './sample-policy.ts'

const YES = 'query.statementType == "SELECT"'
const NO = 'query.statementType == "INSERT"'
/** Throws: the claim is known, and missing. */
const UNKNOWN = 'principal.claims.repository == "acme/etl"'

function decide(...rules: readonly (readonly [string, string])[]): unknown {
  const decision = evaluate(policyOf(withRules(...rules)), facts())
  return decision.effect === 'deny'
    ? [decision.reason, decision.rules]
    : [decision.effect, decision.rules]
}

test.each([
  [[], 'no-matching-rule', []],
  [[['permit', NO]], 'no-matching-rule', []],
  [[['permit', UNKNOWN]], 'no-matching-rule', []],
  [[['deny', NO]], 'no-matching-rule', []],
  [[['permit', YES]], 'permit', ['r0']],
  [
    [
      ['permit', YES],
      ['permit', NO],
      ['permit', YES],
    ],
    'permit',
    ['r0', 'r2'],
  ],
  [
    [
      ['permit', YES],
      ['permit', UNKNOWN],
    ],
    'permit',
    ['r0'],
  ],
  [
    [
      ['permit', YES],
      ['deny', NO],
    ],
    'permit',
    ['r0'],
  ],
  [[['deny', YES]], 'denied-by-rule', ['r0']],
  [
    [
      ['permit', YES],
      ['deny', YES],
    ],
    'denied-by-rule',
    ['r0', 'r1'],
  ],
  [
    [
      ['deny', YES],
      ['permit', YES],
    ],
    'denied-by-rule',
    ['r0', 'r1'],
  ],
  [
    [
      ['permit', YES],
      ['deny', UNKNOWN],
    ],
    'condition-failed',
    ['r0', 'r1'],
  ],
  [[['deny', UNKNOWN]], 'condition-failed', ['r0']],
  [
    [
      ['deny', UNKNOWN],
      ['permit', YES],
      ['deny', YES],
    ],
    'denied-by-rule',
    ['r0', 'r1', 'r2'],
  ],
] as const)('%j: %s by %j', (rules, outcome, ids) => {
  expect(decide(...rules)).toEqual([outcome, ids])
})

test('a decision names the policy it was made by', () => {
  const policy = policyOf(withRules(['permit', YES]))
  expect(evaluate(policy, facts()).policyDigest).toBe(policy.digest)
  expect(evaluate(policy, facts({ projects: [] })).policyDigest).toBe(policy.digest)
})

const TWO = sample(
  'credential: none\n',
  `credential: none
    limits: { maximumBytesBilled: 1 GiB, jobTimeout: 10m }
  - id: claims
    projects: [claims, claims-archive]
    credential: none
    limits: { maximumBytesBilled: 2 GiB, jobTimeout: 5m }
  - { id: free, projects: [free], credential: none }
`,
)

test.each<readonly [readonly string[], number | undefined, number | undefined]>([
  [['acme'], 2 ** 30, 600_000],
  [['claims'], 2 * 2 ** 30, 300_000],
  [['claims', 'acme'], 2 ** 30, 300_000],
  [['acme', 'claims-archive', 'free'], 2 ** 30, 300_000],
  [['free'], undefined, undefined],
])('the strictest limits of the connections of %j apply', (projects, bytes, milliseconds) => {
  expect(evaluate(policyOf(TWO), facts({ projects }))).toMatchObject({
    effect: 'permit',
    obligations: { maximumBytesBilled: bytes, jobTimeoutMs: milliseconds },
  })
})

test.each([
  ['100', '10', 10],
  ['10', '100', 10],
  ['2 GiB', '2 GiB', 2 ** 30],
])('the strictest limit of connection and matching permits applies: %s, %s', (a, b, expected) => {
  const rules = [a, b].map(
    (limit, index) => `  - id: more-${index}
    description: More.
    effect: permit
    when: ${YES}
    maximumBytesBilled: ${limit}
`,
  )
  const other = `  - { id: other, description: O., effect: permit, when: '${NO}', maximumBytesBilled: 1 }\n`
  const decision = evaluate(policyOf(`${TWO}${rules.join('')}${other}`), facts())
  expect(decision).toMatchObject({
    rules: ['more-0', 'more-1', 'readers'],
    obligations: { maximumBytesBilled: expected },
  })
})

test.each([[[]], [['other']], [['acme', 'other']], [['other', 'acme']], [['ACME']], [['acme.']]])(
  'projects %j are not all in a connection, whatever rules say',
  (projects) => {
    expect(evaluate(policyOf(TWO), facts({ projects }))).toMatchObject({
      effect: 'deny',
      reason: 'no-connection',
      rules: ['readers'],
    })
  },
)

test('a project has one connection or none', () => {
  const policy = policyOf(TWO)
  expect(connectionOf(policy, 'claims-archive')?.id).toBe('claims')
  expect(connectionOf(policy, 'other')).toBeUndefined()
})

test('what was asked before changes nothing, also when it could not be told', () => {
  const policy = policyOf(
    withRules(
      ['permit', 'query.tables.all(t, t.glob("acme.hospital.*") && query.parameters[0] == "a")'],
      ['deny', 'query.tables.filter(t, principal.claims.repository == t).size() > 0'],
    ),
  )
  const good = facts(
    { parameters: ['a'], tables: ['acme.hospital.a'] },
    { claims: { repository: 'x' } },
  )
  const before = evaluate(policy, good)
  expect(before.effect).toBe('permit')
  expect(evaluate(policy, facts({ tables: ['a', 'b', 'c'] }))).toMatchObject({ effect: 'deny' })
  expect(evaluate(policy, good)).toEqual(before)
})

test('lists show the tables one may select from', () => {
  const policy = policyOf(
    withRules(
      [
        'permit',
        `${YES} && query.tables.all(t, t.glob("acme.hospital.*")) && "analysts" in principal.groups`,
      ],
      ['deny', 'query.tables.exists(t, t.glob("*.staff"))'],
      ['require-approval', 'query.tables.exists(t, t.glob("*.claims"))'],
    ),
  )
  const sees = (project: string, table: string, caller: Facts = facts()): boolean => {
    const reference = tableReference(project, 'hospital', table)
    return reference !== undefined && maySelect(policy, caller, reference)
  }
  expect(sees('acme', 'patients')).toBe(true)
  expect(sees('acme', 'claims')).toBe(true)
  expect(sees('acme', 'staff')).toBe(false)
  expect(sees('acme2', 'patients')).toBe(false)
  expect(sees('acme', 'patients', facts({}, { groups: [] }))).toBe(false)
})
