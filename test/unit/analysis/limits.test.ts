import { expect, test } from 'vitest'

import { exceededLimit } from '../../../shared/analysis/limits.ts'
import { cpuClock } from '../../support/cpu-clock.ts'

test.each<[string, string]>([
  ['nothing', ''],
  ['a query', 'SELECT a, -1 FROM t WHERE b = (SELECT MAX(c) FROM u)'],
  ['200 levels', `SELECT ${'('.repeat(200)}1${')'.repeat(200)}`],
  ['many brackets side by side', `SELECT ${'(1),'.repeat(5_000)} 1`],
  ['a list of 100,000 numbers', `SELECT a IN (${'1,'.repeat(100_000)}1)`],
  ['a list of negative numbers', `SELECT a IN (${'-1,'.repeat(50_000)}-1)`],
  ['brackets in a literal', `SELECT '${'('.repeat(10_000)}'`],
  ['brackets in a comment', `SELECT 1 /* ${'('.repeat(10_000)} */ -- ${'['.repeat(10_000)}`],
  ['1 MiB', `SELECT '${'x'.repeat(1024 * 1024 - 9)}'`],
])('%s is within the limits', (_what, sql) => {
  expect(exceededLimit(sql)).toBeUndefined()
})

test.each<[string, string, string]>([
  ['1 MiB and a byte', 'x'.repeat(1024 * 1024 + 1), '1048576 bytes'],
  ['1 MiB of characters of two bytes', 'é'.repeat(600_000), '1048576 bytes'],
  ['201 levels of brackets', '('.repeat(201), '200 levels'],
  ['201 levels of CASE', 'CASE WHEN 1 THEN '.repeat(201), '200 levels'],
  ['201 levels of types', 'CAST(a AS ARRAY<STRUCT<x '.repeat(101), '200 levels'],
  ['a closing bracket for each comment', '( -- )\n'.repeat(201), '200 levels'],
  ['a closing bracket in each literal', `(')' || `.repeat(201), '200 levels'],
  ['NOT 100,000 times', `SELECT ${'NOT '.repeat(100_000)}TRUE`, 'operators'],
  ['minus 100,000 times', `SELECT ${'- '.repeat(100_000)}1`, 'operators'],
  ['a sum of 100,000', `SELECT 1${'+1'.repeat(100_000)}`, 'operators'],
  ['100,000 fields', `SELECT f()${'.a'.repeat(100_000)}`, 'operators'],
  ['100,000 indexes', `SELECT a${'[0]'.repeat(100_000)}`, 'operators'],
  ['a cross join of 100,000', `SELECT * FROM t${',t'.repeat(100_000)}`, 'names and keywords'],
  ['NUL', 'SELECT 1\0', 'NUL'],
  ['a lone surrogate', 'SELECT "\ud800"', 'surrogate'],
])('%s is not', (_what, sql, hint) => {
  expect(exceededLimit(sql)).toContain(hint)
})

test.each<[string, string]>([
  ['unclosed comments', '/* '.repeat(340_000)],
  ['unclosed quotes', `"a'`.repeat(300_000)],
  ['unclosed triple quotes', `'''a`.repeat(260_000)],
  ['backslashes', `'${'\\'.repeat(1_000_000)}`],
  ['back-quotes', '`'.repeat(1_000_000)],
])('%s are counted in linear time', (_what, sql) => {
  const cpuMs = cpuClock()
  exceededLimit(sql)
  expect(cpuMs()).toBeLessThan(3_000)
})
