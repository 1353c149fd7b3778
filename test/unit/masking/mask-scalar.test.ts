import { createHash } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import type { SqlType } from '../../../shared/bigquery/sql-type.ts'
import type { TimestampFormat } from '../../../shared/masking/default-value.ts'
import { maskScalar } from '../../../shared/masking/mask-scalar.ts'
import type { MaskingExpression } from '../../../shared/policy/mask.ts'

const key = Buffer.alloc(32, 1)

/** What a mask makes of a cell. */
function masked(
  expression: MaskingExpression,
  type: SqlType,
  text: string | null,
  timestamps: TimestampFormat = 'number',
) {
  const mask = maskScalar(expression, type, { timestamps, tokenKey: key })
  return 'constant' in mask ? mask.constant : mask(text)
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('base64')
const STRING: SqlType = { kind: 'STRING' }
const BYTES: SqlType = { kind: 'BYTES' }
const scalar = (kind: 'DATE' | 'DATETIME' | 'TIMESTAMP'): SqlType => ({ kind })

// https://cloud.google.com/bigquery/docs/column-data-masking-intro#masking_options
describe('the default masking value', () => {
  const cases: readonly (readonly [SqlType, unknown])[] = [
    [STRING, ''],
    [BYTES, ''],
    [{ kind: 'INT64' }, '0'],
    [{ kind: 'FLOAT64' }, '0.0'],
    [{ kind: 'NUMERIC' }, '0'],
    [{ kind: 'BIGNUMERIC' }, '0'],
    [{ kind: 'BOOL' }, 'false'],
    [{ kind: 'TIMESTAMP' }, '0'],
    [{ kind: 'DATE' }, '1970-01-01'],
    [{ kind: 'TIME' }, '00:00:00'],
    [{ kind: 'DATETIME' }, '1970-01-01T00:00:00'],
    [{ kind: 'GEOGRAPHY' }, 'POINT(0 0)'],
    [{ kind: 'JSON' }, null],
    [{ kind: 'INTERVAL' }, null],
    [{ kind: 'RANGE', element: { kind: 'DATE' } }, null],
    [{ kind: 'ARRAY', element: STRING }, []],
    [{ kind: 'STRUCT', fields: [{ name: 'a', type: STRING }] }, null],
  ]
  test.each(cases)('of %j', (type, expected) => {
    expect(masked('DEFAULT_MASKING_VALUE', type, 'secret')).toEqual(expected)
    expect(masked('DEFAULT_MASKING_VALUE', type, null), 'NULL is hidden too').toEqual(expected)
    const nothing = type.kind === 'ARRAY' ? [] : null
    expect(masked('ALWAYS_NULL', type, 'secret')).toEqual(nothing)
  })

  test('of a timestamp in text', () => {
    const type: SqlType = { kind: 'TIMESTAMP' }
    expect(masked('DEFAULT_MASKING_VALUE', type, '2026-01-01T00:00:00Z', 'ISO8601_STRING')).toBe(
      '1970-01-01T00:00:00Z',
    )
  })

  const offered: Readonly<Record<string, readonly string[]>> = {
    SHA256: ['STRING', 'BYTES'],
    RANDOM_HASH: ['STRING', 'BYTES'],
    TOKEN: ['STRING', 'BYTES'],
    EMAIL_MASK: ['STRING'],
    FIRST_FOUR_CHARACTERS: ['STRING'],
    LAST_FOUR_CHARACTERS: ['STRING'],
    DATE_YEAR_MASK: ['DATE', 'DATETIME', 'TIMESTAMP'],
  }
  test.each(
    Object.entries(offered).flatMap(([expression, types]) =>
      cases
        .filter(([type]) => !types.includes(type.kind))
        .map(([type, expected]) => [expression as MaskingExpression, type, expected] as const),
    ),
  )('stands for %s of %j, which BigQuery does not offer', (expression, type, expected) => {
    expect(masked(expression, type, 'secret')).toEqual(expected)
  })
})

test.each<[MaskingExpression, SqlType, string | null, string | null]>([
  ['SHA256', STRING, '123-45-6789', sha256('123-45-6789')],
  ['SHA256', STRING, '', sha256('')],
  ['SHA256', STRING, null, null],
  ['SHA256', BYTES, Buffer.from([1, 2]).toString('base64'), sha256(Buffer.from([1, 2]))],
  ['LAST_FOUR_CHARACTERS', STRING, '123-45-6789', 'XXXXX6789'],
  ['LAST_FOUR_CHARACTERS', STRING, '56789', 'XXXXX6789'],
  ['LAST_FOUR_CHARACTERS', STRING, '6789', sha256('6789')],
  ['LAST_FOUR_CHARACTERS', STRING, '', sha256('')],
  ['LAST_FOUR_CHARACTERS', STRING, 'ab😀cd', 'XXXXXb😀cd'],
  ['LAST_FOUR_CHARACTERS', STRING, null, null],
  ['FIRST_FOUR_CHARACTERS', STRING, '123-45-6789', '123-XXXXX'],
  ['FIRST_FOUR_CHARACTERS', STRING, '1234', sha256('1234')],
  ['EMAIL_MASK', STRING, 'cloudysanfrancisco@gmail.com', 'XXXXX@gmail.com'],
  ['EMAIL_MASK', STRING, 'no address', sha256('no address')],
  ['EMAIL_MASK', STRING, 'a@b@c.example', sha256('a@b@c.example')],
  ['EMAIL_MASK', STRING, 'a@localhost', sha256('a@localhost')],
  ['EMAIL_MASK', STRING, null, null],
  ['DATE_YEAR_MASK', scalar('DATE'), '2076-05-17', '2076-01-01'],
  ['DATE_YEAR_MASK', scalar('DATE'), null, null],
  ['DATE_YEAR_MASK', scalar('DATETIME'), '2076-05-17T10:11:12.5', '2076-01-01T00:00:00'],
  ['DATE_YEAR_MASK', scalar('TIMESTAMP'), '1.7424219E9', '1735689600.0'],
  ['DATE_YEAR_MASK', scalar('TIMESTAMP'), '1742421900000000', '1735689600000000'],
  ['DATE_YEAR_MASK', scalar('TIMESTAMP'), '-1.0', '-31536000.0'],
])('%s of %j: %j becomes %j', (expression, type, text, expected) => {
  expect(masked(expression, type, text)).toBe(expected)
})

test('the year of a timestamp in text', () => {
  const type = scalar('TIMESTAMP')
  expect(masked('DATE_YEAR_MASK', type, '2076-05-17T10:11:12.123456Z', 'ISO8601_STRING')).toBe(
    '2076-01-01T00:00:00Z',
  )
})

const cellOf = (expression: MaskingExpression, tokenKey: Uint8Array) => {
  const mask = maskScalar(expression, STRING, { timestamps: 'number', tokenKey })
  if ('constant' in mask) throw new Error('a constant')
  return mask
}

test('a token is the same for equal values of one key, and of one key only', () => {
  const token = cellOf('TOKEN', key)
  expect(token('ana')).toBe(cellOf('TOKEN', key)('ana'))
  expect(token('ana')).toMatch(/^tok_[\w-]{43}$/)
  expect(token('ana')).not.toBe(token('bob'))
  expect(token('ana')).not.toBe(cellOf('TOKEN', Buffer.alloc(32, 2))('ana'))
  expect(token('ana')).not.toContain(sha256('ana').slice(0, 10))
})

test('a random hash is the same within a reply, and another in the next', () => {
  const [one, two] = [cellOf('RANDOM_HASH', key), cellOf('RANDOM_HASH', key)]
  expect(one('a')).toBe(one('a'))
  expect(one('a')).not.toBe(two('a'))
  expect(one(null)).toBeNull()
})
