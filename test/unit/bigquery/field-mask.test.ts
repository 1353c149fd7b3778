import { expect, test } from 'vitest'

import { applyFieldMask, parseFieldMask } from '../../../shared/bigquery/field-mask.ts'
import { cpuClock } from '../../support/cpu-clock.ts'

const value = {
  kind: 'k',
  rows: [{ f: [{ v: '1' }, { v: '2' }] }],
  schema: { fields: [{ name: 'a', type: 'STRING', fields: [{ name: 'b', type: 'INT64' }] }] },
  statistics: { query: { statementType: 'SELECT', cacheHit: false } },
  nothing: null,
}

test.each([
  ['kind', { kind: 'k' }],
  ['kind,rows', { kind: 'k', rows: value.rows }],
  [' kind , rows ', { kind: 'k', rows: value.rows }],
  ['schema/fields/name', { schema: { fields: [{ name: 'a' }] } }],
  ['schema(fields(name,type))', { schema: { fields: [{ name: 'a', type: 'STRING' }] } }],
  ['schema/fields(name)', { schema: { fields: [{ name: 'a' }] } }],
  ['schema(fields/fields/name)', { schema: { fields: [{ fields: [{ name: 'b' }] }] } }],
  [
    'schema/fields/name,schema/fields/type',
    { schema: { fields: [{ name: 'a', type: 'STRING' }] } },
  ],
  ['schema/fields/name,schema', { schema: value.schema }],
  ['schema,schema/fields/name', { schema: value.schema }],
  [
    'schema(fields(name)),schema(fields(type))',
    { schema: { fields: [{ name: 'a', type: 'STRING' }] } },
  ],
  ['schema,schema(fields(name))', { schema: value.schema }],
  ['schema(fields(name)),schema', { schema: value.schema }],
  ['statistics/*/cacheHit', { statistics: { query: { cacheHit: false } } }],
  ['statistics(*)', { statistics: value.statistics }],
  ['*', value],
  ['kind/deeper', { kind: 'k' }],
  ['nothing/deeper', { nothing: null }],
  ['absent', {}],
  ['constructor,__proto__,toString', {}],
])('%s', (text, selected) => {
  const mask = parseFieldMask(text)
  expect(mask.ok && applyFieldMask(value, mask.value)).toEqual(selected)
})

test.each([
  '',
  ',',
  'a,',
  ',a',
  'a b',
  'a(',
  'a(b',
  'a)',
  'a()',
  '()',
  'a/',
  '/a',
  'a//b',
  'a(b))',
  'a;b',
])('`%s` is no selection', (text) => {
  expect(parseFieldMask(text)).toEqual({
    ok: false,
    error: `invalid field selection \`${text}\``,
  })
})

test.each([
  ['nested too deep', 'a('.repeat(20) + 'b' + ')'.repeat(20)],
  ['a path too long', 'a/'.repeat(20) + 'b'],
  ['very much too deep', 'a('.repeat(30_000)],
])('%s', (_what, text) => {
  const mask = parseFieldMask(text)
  expect(mask.ok).toBe(false)
  expect(mask.ok ? '' : mask.error).toHaveLength(Math.min(text.length, 200) + 26)
})

test('selections of one member took time by the square of their number', () => {
  const cpuMs = cpuClock()
  const many = Array.from({ length: 4_900 }, (_, i) => `a(b${i})`).join(',')
  const mask = parseFieldMask(many)
  expect(mask.ok).toBe(true)
  expect(cpuMs()).toBeLessThan(500)
})

test('a selection is bounded', () => {
  expect(parseFieldMask(Array.from({ length: 10_000 }, () => 'a').join(','))).toMatchObject({
    ok: true,
  })
  expect(parseFieldMask(Array.from({ length: 10_001 }, () => 'a').join(','))).toMatchObject({
    ok: false,
  })
  expect(parseFieldMask('a'.repeat(64 * 1024 + 1))).toEqual({
    ok: false,
    error: 'a field selection has at most 65536 characters',
  })
})
