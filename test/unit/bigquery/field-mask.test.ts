import { expect, test } from 'vitest'

import { applyFieldMask, parseFieldMask } from '../../../shared/bigquery/field-mask.ts'

const VALUE = {
  kind: 'k',
  job: { id: '1', status: { state: 'DONE', errors: [] }, other: 2 },
  rows: [
    { f: [{ v: 'a' }], x: 1 },
    { f: [], x: 2 },
  ],
}

function reduced(fields: string): unknown {
  const mask = parseFieldMask(fields)
  if (!mask.ok) throw new Error(mask.error)
  return applyFieldMask(VALUE, mask.value)
}

test.each([
  ['kind', { kind: 'k' }],
  ['nothing', {}],
  ['kind,job(id)', { kind: 'k', job: { id: '1' } }],
  ['job/id,job/status/state', { job: { id: '1', status: { state: 'DONE' } } }],
  [
    'job(id),job(status(state)),job/other',
    { job: { id: '1', status: { state: 'DONE' }, other: 2 } },
  ],
  ['job/status(state)', { job: { status: { state: 'DONE' } } }],
  ['job/status(state),job/status', { job: { status: { state: 'DONE', errors: [] } } }],
  ['job/status,job/status(state)', { job: { status: { state: 'DONE', errors: [] } } }],
  ['job,job(id(x))', { job: VALUE.job }],
  ['rows(x)', { rows: [{ x: 1 }, { x: 2 }] }],
  ['rows/f/v', { rows: [{ f: [{ v: 'a' }] }, { f: [] }] }],
  ['*', VALUE],
  ['*(id)', { kind: 'k', job: { id: '1' }, rows: [{}, {}] }],
  [' kind , job( id )', { kind: 'k', job: { id: '1' } }],
])('%s', (fields, expected) => {
  expect(reduced(fields)).toEqual(expected)
})

test.each([
  ',',
  'a,',
  'a(',
  'a()',
  'a)',
  'a(b',
  'a(b))',
  'a//b',
  '/a',
  'a/',
  'a b',
  'a(b)c',
  'a(b)/c',
  'ä',
  'a$',
  'a('.repeat(17) + 'a' + ')'.repeat(17),
  Array.from({ length: 17 }, () => 'a').join('/'),
])('%s is no selection', (fields) => {
  expect(parseFieldMask(fields)).toMatchObject({ ok: false })
})

test('selections of one member took time by the square of their number', () => {
  const started = performance.now()
  const many = Array.from({ length: 4_900 }, (_, i) => `a(b${i})`).join(',')
  const mask = parseFieldMask(many)
  expect(mask.ok).toBe(true)
  expect(performance.now() - started).toBeLessThan(500)
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
