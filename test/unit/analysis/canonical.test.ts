import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'

import { googleSqlAnalyzer } from '../../../shared/adapters/googlesql/analyzer.ts'
import type { Analysis } from '../../../shared/analysis/analysis.ts'
import { nameDefaults } from '../../support/analyzer-world.ts'

const { analyze, close } = googleSqlAnalyzer()
afterAll(close)

const defaults = nameDefaults('acme-prod', 'hospital')

async function analysis(sql: string): Promise<Analysis> {
  const outcome = await analyze(sql, defaults)
  if (!outcome.ok) throw new Error(`${sql}: ${JSON.stringify(outcome.error)}`)
  return outcome.value
}

/** Line breaks and indentation are the formatter's business. */
const flat = (sql: string): string => sql.replaceAll(/\s+/g, ' ')

test.each([
  ['select 1;', 'SELECT 1'],
  ['SELECT 1 -- ; DROP TABLE t', 'SELECT 1'],
  ['#legacySQL\nSELECT * FROM patients', 'SELECT * FROM `acme-prod`.hospital.patients'],
  ['SELECT * FROM `hospital.select`', 'SELECT * FROM `acme-prod`.hospital.`select`'],
  ['SELECT `s\\x73n` FROM patients', 'SELECT ssn FROM `acme-prod`.hospital.patients'],
  [
    'SELECT patients.id FROM `acme.hospital.patients`',
    'SELECT patients.id FROM acme.hospital.patients',
  ],
  [
    'SELECT * FROM acme /* a */ . hospital -- b\n . patients',
    'SELECT * FROM acme.hospital.patients',
  ],
  ["SELECT ';'", "SELECT ';'"],
  [
    'SELECT "é", `ü` FROM patients p, p.`ß` -- ;',
    'SELECT "é", `ü` FROM `acme-prod`.hospital.patients AS p, p.`ß`',
  ],
])('the canonical text of %s', async (sql, canonical) => {
  expect(flat((await analysis(sql)).canonicalSql)).toBe(canonical)
})

test('the canonical text is its own canonical text', async () => {
  const { canonicalSql, ...rest } = await analysis('select r"\\d", b FROM patients p, p.visits;')
  expect(await analysis(canonicalSql)).toEqual({ canonicalSql, ...rest })
})

test('what the default dataset is does not show any more', async () => {
  const bare = await analysis('SELECT * FROM patients')
  const full = await analyze('SELECT * FROM `acme-prod.hospital.patients`', nameDefaults('other'))
  expect(full).toEqual({ ok: true, value: bare })
})

test.each([
  ['SELECT 1, -1.5e3, 0xFF, .5', 'SELECT ?, -?, ?, ?'],
  [`SELECT 'a', "b", '''c''', r"\\d", b'x', rb"""y"""`, 'SELECT ?, ?, ?, ?, ?, ?'],
  [
    "SELECT DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00+00', NUMERIC '1', JSON '{}'",
    'SELECT ?, ?, ?, ?',
  ],
  [
    "SELECT RANGE<DATE> '[2024-01-01, 2024-02-01)', INTERVAL 3 DAY, INTERVAL '1-2' YEAR TO MONTH",
    'SELECT ?, INTERVAL ? DAY, INTERVAL ? YEAR TO MONTH',
  ],
  ['SELECT @ssn, ?, TRUE, NULL', 'SELECT @ssn, ?, TRUE, NULL'],
  [
    'SELECT 1 FROM t WHERE ssn = "111-22-3333" LIMIT 10 OFFSET 5',
    'SELECT ? FROM `acme-prod`.hospital.t WHERE ssn = ? LIMIT ? OFFSET ?',
  ],
  ['SELECT a[OFFSET(0)], a[1] FROM t', 'SELECT a[OFFSET(?)], a[?] FROM `acme-prod`.hospital.t'],
  [
    'SELECT * FROM t PIVOT (SUM(x) FOR q IN ("Q1" AS a))',
    'SELECT * FROM `acme-prod`.hospital.t PIVOT(SUM(x) FOR q IN (? AS a))',
  ],
  [
    'SELECT * FROM t TABLESAMPLE SYSTEM (10 PERCENT)',
    'SELECT * FROM `acme-prod`.hospital.t TABLESAMPLE SYSTEM(? PERCENT)',
  ],
  [`INSERT t (a) VALUES ('é'), ("ü")`, 'INSERT INTO `acme-prod`.hospital.t(a) VALUES (?), (?)'],
  [
    'CREATE TABLE t (a STRING(3)) OPTIONS (description = "secret")',
    'CREATE TABLE `acme-prod`.hospital.t ( a STRING(?) ) OPTIONS(description = ?)',
  ],
])('literals are stripped from %s', async (sql, stripped) => {
  expect(flat((await analysis(sql)).strippedSql)).toBe(stripped)
})

test('the fingerprint is that of the query, not of its values', async () => {
  const one = await analysis('SELECT a FROM t WHERE ssn = "111-22-3333" AND n > 5')
  const two = await analysis(
    "select a\nfrom acme-prod.hospital.t where ssn = '9' and n > 1000 -- x",
  )
  const three = await analysis('SELECT b FROM t WHERE ssn = "111-22-3333" AND n > 5')
  expect(one.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  expect(two.fingerprint).toBe(one.fingerprint)
  expect(three.fingerprint).not.toBe(one.fingerprint)
})

/** The three smuggling attempts that other parsers fall for: they see `city` where `ssn` is read. */
test.each([
  [
    `SELECT r"\\\\" AS a, ssn AS v, " AS a, city AS v, 'z' AS b FROM t -- " AS b FROM t`,
    'ssn AS v',
    'city AS v,',
  ],
  ['SELECT /* /* */ ssn AS v /* */ -- */ city AS v\n FROM t', 'ssn AS v', 'city'],
  ['SELECT id -- x\r, ssn\nFROM t', 'ssn', '--'],
])('quotes and comments hide nothing: %s', async (sql, shown, hidden) => {
  const { strippedSql } = await analysis(sql)
  expect(strippedSql).toContain(shown)
  expect(strippedSql).not.toContain(hidden)
})

const noise = fc.constantFrom(
  ' ',
  '\n',
  '\r\n',
  '\t',
  ' /* , */ ',
  ' -- (\n',
  ' # `\n',
  '\u00a0',
  ' /* /* */ ',
)

test('spaces, comments and the case of keywords change nothing', async () => {
  const words = [
    'select',
    'a',
    ',',
    "'x'",
    'from',
    '`hospital`',
    '.',
    't',
    'where',
    'b',
    'in',
    '(',
    '1',
    ')',
  ]
  const plain = await analysis(words.join(' '))
  await fc.assert(
    fc.asyncProperty(
      fc.array(noise, { minLength: words.length, maxLength: words.length }),
      fc.array(fc.boolean(), { minLength: words.length, maxLength: words.length }),
      async (spaces, upper) => {
        const noisy = words.map((word, index) => {
          const keyword = /^[a-z]{2,}$/.test(word) && upper[index] === true
          return `${keyword ? word.toUpperCase() : word}${spaces[index]}`
        })
        expect(await analysis(noisy.join(''))).toEqual(plain)
      },
    ),
    { numRuns: 60 },
  )
})
