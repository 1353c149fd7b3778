import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import {
  firstIssue,
  wireBoolean,
  wireCount,
  wireInt64,
  wireOff,
  withoutNulls,
} from '../../../shared/bigquery/wire-types.ts'

describe.each<
  readonly [string, z.ZodType, readonly (readonly [unknown, unknown])[], readonly unknown[]]
>([
  [
    'a count',
    wireCount,
    [
      [1, 1],
      ['1', 1],
      [0, 0],
      ['007', 7],
    ],
    [-1, '-1', 1.5, '1.5', '', ' 1', '1e3', null, true, '9'.repeat(16)],
  ],
  [
    'an int64',
    wireInt64,
    [
      [1, '1'],
      ['9223372036854775807', '9223372036854775807'],
      [0, '0'],
    ],
    [-1, '-1', '1.5', '', '1e3', '0x1', 2 ** 53, '9'.repeat(20), null],
  ],
  [
    'a boolean',
    wireBoolean,
    [
      [true, true],
      [false, false],
      ['true', true],
      ['False', false],
      ['True', true],
    ],
    ['TRUE', 'yes', '', 0, 1, null],
  ],
  [
    'a flag that is off',
    wireOff('it'),
    [
      [false, false],
      ['False', false],
    ],
    [true, 'true', 'True', 1],
  ],
])('%s', (_what, schema, good, bad) => {
  test.each(good)('%j is %j', (written, value) => {
    expect(schema.parse(written)).toBe(value)
  })
  test.each(bad.map((value) => [value]))('not %j', (value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })
})

test('null means absent, wherever it is; in a list it is a value', () => {
  expect(withoutNulls({ a: null, b: { c: null, d: [null, { e: null }] } })).toEqual({
    b: { d: [null, {}] },
  })
  expect(withoutNulls(null)).toBeNull()
})

const schema = z.strictObject({
  a: z.strictObject({ b: z.array(z.strictObject({ c: z.string().optional() })) }).optional(),
  labels: z.record(z.string().regex(/^[a-z]+$/, 'is no key'), z.string()).optional(),
})

test.each([
  [{ x: 1 }, 'unknown or unsupported field `x`'],
  [{ x: 1, y: 2 }, 'unknown or unsupported field `x`'],
  [{ a: { b: [{ c: 'd' }, { x: 1 }] } }, 'unknown or unsupported field `a.b.1.x`'],
  [{ a: { b: [{ c: 1 }] } }, '`a.b.0.c`: Invalid input: expected string, received number'],
  [{ labels: { A: 'x' } }, '`labels.A`: is no key'],
  [7, 'Invalid input: expected object, received number'],
  [{ ['k'.repeat(300)]: 1 }, `unknown or unsupported field \`${'k'.repeat(200)}\``],
])('%j', (body, words) => {
  const parsed = schema.safeParse(body)
  expect(parsed.error && firstIssue(parsed.error)).toBe(words)
})
