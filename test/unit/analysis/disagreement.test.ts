import { afterAll, expect, test } from 'vitest'

import { descriptorFile } from '../../../shared/adapters/googlesql/package-files.ts'
import { loadProtocol } from '../../../shared/adapters/googlesql/protocol.ts'
import { googleSqlEngine } from '../../../shared/adapters/googlesql/sql-engine.ts'
import { superviseGoogleSql } from '../../../shared/adapters/googlesql/supervised.ts'
import { analyzeStatement } from '../../../shared/analysis/analyze-statement.ts'
import type { SqlEngine } from '../../../shared/analysis/sql-engine.ts'
import { err, ok } from '../../../shared/kernel/result.ts'
import { nameDefaults } from '../../support/analyzer-world.ts'

const supervised = superviseGoogleSql()
const engine = googleSqlEngine(supervised, () => loadProtocol(descriptorFile), {})
afterAll(supervised.close)

const sql = 'SELECT a FROM hospital.patients WHERE b = 1'

function analyze(broken: Partial<SqlEngine>) {
  return analyzeStatement({ ...engine, ...broken }, sql, nameDefaults('acme'))
}

test('an engine that agrees with itself is believed', async () => {
  await expect(analyze({})).resolves.toMatchObject({ ok: true })
})

test.each<[string, string]>([
  ['another table', 'SELECT a FROM acme.hospital.claims WHERE b = 1'],
  ['another column', 'SELECT ssn FROM acme.hospital.patients WHERE b = 1'],
  ['another value', 'SELECT a FROM acme.hospital.patients WHERE b = 2'],
  ['another operator', 'SELECT a FROM acme.hospital.patients WHERE b < 1'],
  ['DISTINCT', 'SELECT DISTINCT a FROM acme.hospital.patients WHERE b = 1'],
  ['one clause less', 'SELECT a FROM acme.hospital.patients'],
  ['another statement', 'DELETE acme.hospital.patients WHERE b = 1'],
  ['two statements', 'SELECT a FROM acme.hospital.patients WHERE b = 1; SELECT 1'],
  ['no statement', ''],
  ['no SQL', 'SELEC'],
  ['too much', `SELECT '${'x'.repeat(1024 * 1024)}'`],
])('a formatter that makes of it %s is not', async (_what, text) => {
  const outcome = await analyze({ format: async () => ok(text) })
  expect(outcome).toMatchObject({ ok: false, error: { problem: 'not-understood' } })
})

test.each<[string, readonly (readonly string[])[]]>([
  ['misses the table', []],
  ['has another', [['acme', 'hospital', 'claims']]],
  [
    'has one more',
    [
      ['acme', 'hospital', 'patients'],
      ['acme', 'hospital', 'claims'],
    ],
  ],
  ['cuts names differently', [['acme', 'hospital.patients']]],
])('a list of table names that %s is not', async (_what, names) => {
  const outcome = await analyze({ tableNames: async () => ok(names) })
  expect(outcome).toMatchObject({ ok: false, error: { problem: 'not-understood' } })
})

test.each(['parse', 'format', 'tableNames'] as const)(
  'an engine that gives up at %s',
  async (method) => {
    const outcome = await analyze({ [method]: async () => err({ problem: 'unreadable' }) })
    expect(outcome).toMatchObject({ ok: false, error: { problem: 'not-understood' } })
  },
)

test('an engine that cannot be asked is thrown on', async () => {
  const outage = new Error('down')
  await expect(analyze({ tableNames: () => Promise.reject(outage) })).rejects.toBe(outage)
})
