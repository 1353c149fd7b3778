import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { SIGN_IN_SECRET } from '../../../infra/local/issuer/start-local-issuer.ts'
import { evaluate, evaluateByName } from '../../../shared/policy/evaluate.ts'
import { limitsFor } from '../../../shared/policy/limits-for.ts'
import type { Facts } from '../../../shared/policy/policy.ts'
import { flow, output, touching } from './columns.ts'
import { facts, policyOf } from './sample-policy.ts'

const policy = policyOf(
  readFileSync(join(import.meta.dirname, '../../../infra/policy/example.yaml'), 'utf8'),
)

test('signs people in as the client that the local issuer knows', () => {
  expect(policy.issuers.map(({ signIn }) => signIn)).toEqual([
    { clientId: 'sluice-gateway', clientSecret: SIGN_IN_SECRET },
  ])
})

function effect(group: string, statementType: string, tables: readonly string[]): string {
  const query = { statementType, tables, justification: 'ticket 7' }
  return evaluateByName(policy, facts(query, { groups: [group] })).effect
}

const PATIENTS = 'acme.hospital.patients'
const DEIDENTIFIED = 'acme.hospital.patients_deidentified'

test.each([
  ['analysts', PATIENTS, 'permit'],
  ['agents', PATIENTS, 'permit'],
  ['clinicians', PATIENTS, 'permit'],
  ['privacy-office', PATIENTS, 'permit'],
  ['auditors', PATIENTS, 'deny'],
  ['auditors', DEIDENTIFIED, 'permit'],
  ['auditors', 'acme.hospital.staff', 'permit'],
  ['platform-admins', PATIENTS, 'deny'],
  ['ci', PATIENTS, 'deny'],
  ['strangers', PATIENTS, 'deny'],
  ['agents', 'acme.payroll.salaries', 'deny'],
  ['agents', 'acme.hospital2.patients', 'deny'],
])('%s selecting from %s: %s', (group, table, expected) => {
  expect(effect(group, 'SELECT', [table])).toBe(expected)
})

test.each([
  'analysts',
  'agents',
  'clinicians',
  'privacy-office',
  'auditors',
  'platform-admins',
  'ci',
])('nobody writes, nor do %s', (group) => {
  for (const statement of [
    'INSERT',
    'UPDATE',
    'DELETE',
    'MERGE',
    'CREATE_TABLE',
    'DROP_TABLE',
    'SCRIPT',
  ])
    expect(effect(group, statement, [DEIDENTIFIED])).toBe('deny')
})

test('one table too many denies the query', () => {
  expect(effect('agents', 'SELECT', [PATIENTS, 'acme.payroll.salaries'])).toBe('deny')
  expect(effect('auditors', 'SELECT', [DEIDENTIFIED, PATIENTS])).toBe('deny')
})

test('a query of no table is permitted to those who may read some', () => {
  expect(effect('agents', 'SELECT', [])).toBe('permit')
  expect(effect('ci', 'SELECT', [])).toBe('deny')
})

test.each([
  ['agents', { maximumBytesBilled: 2 ** 30, jobTimeoutMs: 600_000 }],
  ['clinicians', { maximumBytesBilled: 10 * 2 ** 30, jobTimeoutMs: 600_000 }],
])('queries of %s have limits', (group, obligations) => {
  expect(evaluateByName(policy, facts({}, { groups: [group] }))).toMatchObject({ obligations })
})

test.each([
  ['clinicians', 3],
  ['agents', 5],
])('agents have limits of their own, and together: of %s apply %i', (group, count) => {
  const limits = limitsFor(policy, { issuer: 'i', subject: 's', groups: [group] })
  expect(limits).toHaveLength(count)
})

const CLAIMS = 'acme.hospital.claims'
const agentFor = (...groups: readonly string[]) => ({ client: 'mcp-agent', groups })
const AGENT = { ...agentFor('agents'), sub: 'mcp-agent' }
const GROUPS = ['analysts', 'agents', 'clinicians', 'privacy-office', 'auditors', 'platform-admins']

const decide = (tables: readonly string[], principal: Partial<Facts['principal']>): string =>
  evaluateByName(policy, facts({ tables, justification: 'ticket 7' }, principal)).effect

test.each([
  ['claims', [CLAIMS], 'require-approval'],
  ['claims in capitals', ['acme.hospital.CLAIMS'], 'require-approval'],
  ['claims and patients', [CLAIMS, PATIENTS], 'require-approval'],
  [
    'claims and a list of tables',
    [CLAIMS, 'acme.hospital.INFORMATION_SCHEMA.TABLES'],
    'require-approval',
  ],
  ['claims and the payroll', [CLAIMS, 'acme.finance.payroll'], 'deny'],
  ['patients', [PATIENTS], 'permit'],
])('the agent asking for %s: %s', (_what, tables, expected) => {
  expect(decide(tables, AGENT)).toBe(expected)
})

test.each(GROUPS)(
  'the agent acting for %s is held where they are not, and nowhere else',
  (group) => {
    for (const others of [[], [PATIENTS], ['acme.hospital.staff'], [DEIDENTIFIED]])
      for (const more of [
        [],
        ['acme.hospital.INFORMATION_SCHEMA.TABLES'],
        ['acme.finance.payroll'],
      ]) {
        const besides = [...others, ...more]
        const theirs = decide([CLAIMS, ...besides], { groups: [group] })
        const agents = decide([CLAIMS, ...besides], agentFor(group))
        expect(agents).toBe(theirs === 'permit' ? 'require-approval' : 'deny')
        expect(decide(besides, agentFor(group))).toBe(decide(besides, { groups: [group] }))
      }
  },
)

test('the agent is held at a view of claims as at claims', () => {
  const touched = touching({ outputs: [output('x', flow({ amount: 'derived' }, CLAIMS))] })
  const view = facts({ tables: ['acme.hospital.payers'] }, AGENT)
  expect(evaluate(policy, view, touched)).toMatchObject({
    effect: 'require-approval',
    approvals: ['privacy-office'],
  })
  expect(evaluate(policy, view, touching({}))).toMatchObject({ effect: 'permit' })
})

test('one vote of the privacy office lets it run, within the hour', () => {
  expect(policy.approvals.get('privacy-office')).toMatchObject({
    approvers: { of: 'any', groups: [{ group: 'privacy-office', votes: 1 }] },
    quorum: 1,
    machines: [],
    waitMs: 3_600_000,
    remindersMs: [900_000, 1_800_000],
    breakGlass: { group: 'clinicians' },
    timeBox: { longestMs: 28_800_000, maximumBytes: 10 * 2 ** 30 },
  })
})

test('the privacy office says why it looks', () => {
  expect(evaluateByName(policy, facts({}, { groups: ['privacy-office'] }))).toMatchObject({
    effect: 'deny',
    reason: 'justification-missing',
  })
})

/** Columns of the sample data that identify somebody, and what they are masked with. */
const MASKS = {
  'patients.ssn': 'LAST_FOUR_CHARACTERS',
  'patients.email': 'EMAIL_MASK',
  'staff.email': 'EMAIL_MASK',
  'patients.phone': 'DEFAULT_MASKING_VALUE',
  'patients.birth_date': 'DATE_YEAR_MASK',
  'patients.address': 'ALWAYS_NULL',
  'patients.address.city': 'ALWAYS_NULL',
  'patients.notes': 'detect',
}

function maskOf(column: string, group: string, tables: readonly string[] = [PATIENTS]): unknown {
  const [table = '', ...path] = column.split('.')
  const sources = flow({ [path.join('.')]: 'copy' }, `acme.hospital.${table}`)
  const touched = touching({ outputs: [output('x', sources)] })
  const query = { tables, justification: 'ticket 7' }
  const decision = evaluate(policy, facts(query, { groups: [group] }), touched)
  if (decision.effect !== 'permit') return decision.effect
  const [mask] = decision.obligations.masks.map((one) => one.mask)
  return mask?.kind === 'expression' ? mask.expression : mask?.kind
}

test.each(Object.entries(MASKS))('%s is masked for analysts and agents: %s', (column, mask) => {
  for (const group of ['analysts', 'agents']) expect(maskOf(column, group)).toBe(mask)
  for (const group of ['clinicians', 'privacy-office'])
    expect(maskOf(column, group)).toBeUndefined()
})

test.each(['patients.id', 'patients.name', 'encounters.patient_id', 'claims.amount'])(
  '%s has no mask, so that joins and groups by it work',
  (column) => {
    expect(maskOf(column, 'agents')).toBeUndefined()
  },
)

test('who reads the view without identities sees what it shows, and only there', () => {
  const VIEW = 'acme.hospital.patients_deidentified'
  for (const group of ['analysts', 'agents', 'auditors']) {
    expect(maskOf('patients.address.zip', group, [VIEW])).toBeUndefined()
    expect(maskOf('patients.birth_date', group, [VIEW, 'acme.hospital.claims'])).toBeUndefined()
    expect(maskOf('patients.ssn', group, [VIEW])).toBe('LAST_FOUR_CHARACTERS')
  }
  expect(maskOf('patients.address.zip', 'analysts', [VIEW, PATIENTS])).toBe('ALWAYS_NULL')
})

test.each([
  ['agents', 'ssn', 'deny'],
  ['agents', 'birth_date', 'require-approval'],
  ['clinicians', 'ssn', 'permit'],
])('%s filtering by %s: %s', (group, column, expected) => {
  const touched = touching({ uses: [{ column: `${PATIENTS}.${column}`, use: 'filter' }] })
  expect(evaluate(policy, facts({}, { groups: [group] }), touched).effect).toBe(expected)
})
