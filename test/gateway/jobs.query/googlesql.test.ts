import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import {
  type GoogleSqlAnalyzer,
  googleSqlAnalyzer,
} from '../../../shared/adapters/googlesql/analyzer.ts'
import { errorOf } from '../../support/error-of.ts'
import { type World, world } from '../../support/world.ts'

let analyzer: GoogleSqlAnalyzer
let gateway: World
beforeAll(async () => {
  analyzer = googleSqlAnalyzer({ eager: true })
  gateway = await world({ analyze: analyzer.analyze })
})
afterAll(async () => {
  analyzer.close()
  await gateway.close()
})
beforeEach(() => {
  gateway.upstream.requests.length = 0
})

const heard = () => gateway.upstream.requests.at(-1)?.json()

test('what runs is the canonical text: comments and spellings stay behind', async () => {
  const sql = `#legacySQL
    -- ignore the policy
    select /* all of them */ NAME from \`acme.hospital.patients\` where id=7;`
  expect((await gateway.query(sql)).status).toBe(200)
  expect(heard()).toMatchObject({
    query: 'SELECT\n  NAME\nFROM\n  acme.hospital.patients\nWHERE\n  id = 7',
    useLegacySql: false,
  })
  expect(gateway.store.ofType('request').at(-1)).toMatchObject({
    sql: 'SELECT\n  NAME\nFROM\n  acme.hospital.patients\nWHERE\n  id = 7',
    strippedSql: 'SELECT\n  NAME\nFROM\n  acme.hospital.patients\nWHERE\n  id = ?',
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    statementType: 'SELECT',
    tables: ['acme.hospital.patients'],
  })
})

test('names mean what they mean in the default dataset, and are written out', async () => {
  const init = { with: { defaultDataset: { datasetId: 'hospital' } } }
  expect((await gateway.query('SELECT * FROM patients', init)).status).toBe(200)
  expect(heard()).toMatchObject({
    query: expect.stringContaining('acme.hospital.patients'),
    defaultDataset: { projectId: 'acme', datasetId: 'hospital' },
  })
  const denied = await gateway.query('SELECT * FROM secret_notes', init)
  expect((await errorOf(denied)).message).toContain('`acme.hospital.secret_notes`')
})

async function fingerprint(sql: string): Promise<string | undefined> {
  await gateway.query(sql)
  return gateway.store.ofType('request').at(-1)?.fingerprint
}

test('the fingerprint is the same for other values, and only then', async () => {
  const one = await fingerprint("SELECT name FROM acme.hospital.patients WHERE name = 'Ana'")
  expect(await fingerprint("SELECT name FROM acme.hospital.patients WHERE name = 'O''B'")).toBe(one)
  expect(await fingerprint('SELECT id FROM acme.hospital.patients WHERE id = 1')).not.toBe(one)
})

describe('a table is found wherever it hides', () => {
  test.each([
    'SELECT * FROM (SELECT * FROM acme.hospital.secret_notes)',
    'WITH patients AS (SELECT * FROM acme.hospital.secret_notes) SELECT * FROM patients',
    'SELECT (SELECT MAX(note) FROM acme.hospital.secret_notes) FROM acme.hospital.patients',
    'SELECT 1 FROM acme.hospital.patients p WHERE EXISTS (SELECT 1 FROM acme.hospital.secret_notes)',
    'SELECT 1 FROM acme.hospital.patients UNION ALL SELECT 2 FROM `acme.hospital.secret_notes`',
    'SELECT ARRAY(SELECT note FROM `acme`.`hospital`.`secret_notes`)',
    'SELECT * FROM acme.hospital.patients, acme.hospital.secret_notes',
    'SELECT * FROM acme.hospital.patients JOIN acme.hospital.secret_notes USING (id)',
  ])('%s', async (sql) => {
    const { code, reason } = await errorOf(await gateway.query(sql))
    expect({ code, reason }).toEqual({ code: 403, reason: 'accessDenied' })
    expect(gateway.upstream.requests).toEqual([])
    expect(gateway.store.ofType('refusal').at(-1)).toMatchObject({
      problem: 'denied',
      detail: 'denied-by-rule',
      tables: expect.arrayContaining(['acme.hospital.secret_notes']),
    })
  })
})

describe('what Sluice cannot tell all about is denied', () => {
  test.each([
    'SELECT 1; SELECT 2',
    'FROM acme.hospital.secret_notes |> SELECT note',
    'BEGIN SELECT 1; END',
    "EXECUTE IMMEDIATE 'SELECT 1'",
    'CALL acme.hospital.wipe()',
    "EXPORT DATA OPTIONS (uri = 'gs://b/*') AS SELECT 1",
    'SELECT * FROM `acme.hospital.patients_*`',
    'SELECT * FROM `acme.region-us.INFORMATION_SCHEMA.JOBS`',
    'SELECT * FROM acme.hospital.__TABLES__',
    "SELECT * FROM EXTERNAL_QUERY('c', 'SELECT 1')",
    'SELECT acme.hospital.age(1)',
    'CREATE TEMP TABLE t AS SELECT 1',
    'GRANT `roles/bigquery.dataViewer` ON TABLE acme.hospital.patients TO "user:eve@x"',
  ])('%s', async (sql) => {
    const { code, reason } = await errorOf(await gateway.query(sql, { as: 'etl' }))
    expect({ code, reason }).toEqual({ code: 403, reason: 'accessDenied' })
    expect(gateway.upstream.requests).toEqual([])
    expect(gateway.store.ofType('refusal').at(-1)).toMatchObject({ problem: 'not-understood', sql })
  })
})

test('writing is another statement, for whoever may', async () => {
  const sql =
    "INSERT INTO acme.hospital.claims (id) SELECT id FROM acme.hospital.patients WHERE name = 'x'"
  expect((await gateway.query(sql)).status).toBe(403)
  expect((await gateway.query(sql, { as: 'etl' })).status).toBe(200)
  expect(gateway.store.ofType('request').at(-1)).toMatchObject({
    statementType: 'INSERT',
    tables: ['acme.hospital.patients'],
    targets: ['acme.hospital.claims'],
    decision: { rules: ['etl-writes'] },
  })
})

test('bad SQL gets GoogleSQL’s own words, and the place', async () => {
  const { code, reason, message } = await errorOf(await gateway.query('SELECT FROM x'))
  expect({ code, reason }).toEqual({ code: 400, reason: 'invalidQuery' })
  expect(message).toMatch(/^Syntax error: .* at \[1:8\]/)
})

describe('SQL that is too much', () => {
  const MB = 1024 * 1024
  test.each([
    ['a list of a hundred thousand', `SELECT 1 IN (${'1,'.repeat(100_000)}1)`],
    ['a hundred thousand brackets', `SELECT ${'('.repeat(100_000)}1${')'.repeat(100_000)}`],
    ['a hundred thousand signs', `SELECT ${'-'.repeat(3)}${'- '.repeat(100_000)}1`],
    ['thirty thousand unions', `SELECT 1${' UNION ALL SELECT 1'.repeat(30_000)}`],
    ['nested subqueries', `SELECT ${'(SELECT '.repeat(5_000)}1${')'.repeat(5_000)}`],
    ['a name of a megabyte', `SELECT ${'a'.repeat(MB - 20)}`],
    ['a text of a megabyte', `SELECT '${'a'.repeat(MB - 20)}'`],
    ['nested comments', `SELECT 1 ${'/*'.repeat(200_000)}`],
    ['one byte more than a megabyte', `SELECT '${'a'.repeat(MB)}'`],
  ])('%s ends, and takes nobody else down', async (_what, sql) => {
    const { status } = await gateway.query(sql)
    expect([200, 400, 403]).toContain(status)
    expect((await gateway.query('SELECT 1')).status).toBe(200)
  })
})
