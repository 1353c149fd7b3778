import { describe, expect, test } from 'vitest'

import {
  formatTable,
  parseDatasetId,
  parseJobId,
  parseProjectId,
  parseRoutineId,
  tableReference,
} from '../../../shared/bigquery/reference.ts'

/** Tables are only ever read off three ids. */
const parseTableId = (text: string) => tableReference('acme', 'hospital', text)?.tableId

const long = 'a'.repeat(1024)

describe.each<
  readonly [string, (text: string) => string | undefined, readonly string[], readonly string[]]
>([
  [
    'a project',
    parseProjectId,
    ['acme', 'acme-2', 'example.com:acme', 'a'.repeat(62)],
    ['', 'Acme', '2acme', 'ac_me', 'acme.x', 'a'.repeat(63), 'x:y:z', 'acme/x', 'acme\n', 'аcme'],
  ],
  [
    'a dataset',
    parseDatasetId,
    ['hospital', 'H_1', '_anon', 'a-b', long],
    ['', 'a.b', 'a b', `${long}a`, '..', 'a/b', 'ä', 'a\n', 'a%2e'],
  ],
  [
    'a table',
    parseTableId,
    ['patients', 'a b', 'Ämter', '表', 'a-b_c', 'INFORMATION_SCHEMA.TABLES', long],
    [
      '',
      't$20260101',
      't@-3600',
      'events_*',
      'a.b',
      'a/b',
      '..',
      'INFORMATION_SCHEMA.tables',
      'information_schema.TABLES',
      'INFORMATION_SCHEMA.A.B',
      'a\u200bb',
      'a\tb',
      'a`b',
      'a\0b',
      `${long}a`,
    ],
  ],
  ['a routine', parseRoutineId, ['age', 'A_1'], ['', 'a-b', 'a.b', 'a'.repeat(257), 'ä']],
  [
    'a job',
    parseJobId,
    ['job_1', 'A-b_3', long],
    ['', 'a.b', 'a/b', '..', 'a:b', 'a b', `${long}a`],
  ],
])('%s', (_what, parse, good, bad) => {
  test.each(good)('%.20s', (text) => {
    expect(parse(text)).toBe(text)
  })
  test.each(bad)('not `%.20s`', (text) => {
    expect(parse(text)).toBeUndefined()
  })
})

test('a table is three ids', () => {
  const table = tableReference('acme', 'hospital', 'patients')
  expect(table && formatTable(table)).toBe('acme.hospital.patients')
  expect(tableReference('Acme', 'hospital', 'patients')).toBeUndefined()
  expect(tableReference('acme', 'hos.pital', 'patients')).toBeUndefined()
  expect(tableReference('acme', 'hospital', 'patients$1')).toBeUndefined()
})
