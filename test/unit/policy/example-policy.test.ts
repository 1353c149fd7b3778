import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { SIGN_IN_SECRET } from '../../../infra/local/issuer/start-local-issuer.ts'
import { evaluate } from '../../../shared/policy/evaluate.ts'
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
  return evaluate(policy, facts({ statementType, tables }, { groups: [group] })).effect
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
  expect(evaluate(policy, facts({}, { groups: [group] }))).toMatchObject({ obligations })
})
