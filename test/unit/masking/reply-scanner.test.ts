import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { FieldMask } from '../../../shared/bigquery/field-mask.ts'
import { parseFieldMask } from '../../../shared/bigquery/field-mask.ts'
import { maskRows } from '../../../shared/masking/mask-reply.ts'
import { type ScannedReply, scanReply } from '../../../shared/masking/reply-scanner.ts'

const scan = (text: string) => scanReply(Buffer.from(text))

/** A reply rebuilt under no masks. */
async function unmasked(reply: ScannedReply, fields: FieldMask | 'all') {
  const terms = { masks: [], outputs: undefined, timestampOutputFormat: undefined }
  const masking = {
    tokenKey: Buffer.alloc(32),
    detect: () => Promise.reject(new Error('no texts')),
  }
  const masked = await maskRows(reply, { fields, kind: 'k', terms, masking })
  if (!masked.ok) throw new Error('refused')
  return masked.value
}

/** Members as text, and the number of rows. */
function found(text: string) {
  const scanned = scan(text)
  if (!scanned.ok) return scanned.error
  const { members, rows } = scanned.value
  const texts = Object.fromEntries([...members].map(([name, bytes]) => [name, bytes.toString()]))
  return { members: texts, rows }
}

test.each([
  ['{}', {}, 0],
  [' \n{ } \t', {}, 0],
  ['{"a":1}', { a: '1' }, 0],
  ['{"a" : -1.5e+3 , "b":true,"c": null }', { a: '-1.5e+3', b: 'true', c: 'null' }, 0],
  ['{"a":"x,}]{[\\""}', { a: '"x,}]{[\\""' }, 0],
  ['{"a":"\\\\"}', { a: '"\\\\"' }, 0],
  ['{"a":{"b":[{"c":"}"}]}}', { a: '{"b":[{"c":"}"}]}' }, 0],
  ['{"ä😀":"ä😀"}', { 'ä😀': '"ä😀"' }, 0],
  ['{"rows":[]}', { rows: '[]' }, 0],
  ['{"rows":[ ]}', { rows: '[ ]' }, 0],
  ['{"rows":[1]}', { rows: '[1]' }, 1],
  [
    '{"rows":[{"f":[{"v":"1"},{"v":"2"}]},{"f":[]}]}',
    { rows: '[{"f":[{"v":"1"},{"v":"2"}]},{"f":[]}]' },
    2,
  ],
  ['{"rows":["a,b",[1,2],null]}', { rows: '["a,b",[1,2],null]' }, 3],
  ['{"rows":"[1,2]"}', { rows: '"[1,2]"' }, 0],
  ['{"x":{"rows":[1,2]}}', { x: '{"rows":[1,2]}' }, 0],
])('%s', (text, members, rows) => {
  expect(found(text)).toEqual({ members, rows })
})

describe('what is not one object with distinct keys is refused', () => {
  test.each([
    '',
    ' ',
    '[]',
    '"x"',
    'null',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{,}',
    '{"a" 1}',
    '{"a"::1}',
    '{"a":}',
    '{"a":,"b":1}',
    '{a:1}',
    "{'a':1}",
    '{"a":"x}',
    '{"a":[1}',
    '{"a":{"b":1}',
    '{"a":1}{',
    '{"a":1}}',
    '{"a":1} x',
    '{}{}',
    '\u{FEFF}{}',
    '{"a":1,"a":2}',
    '{"rows":[],"rows":[1]}',
    '{"\\u0072ows":[1]}',
    '{"a":@}',
    '{/**/"a":1}',
  ])('%s', (text) => {
    expect(found(text)).toBe('unexpected-shape')
  })
})

const MEMBERS = ['kind', 'schema', 'jobReference', 'totalRows', 'rows', 'pageToken', 'jobComplete']

/** A reply as BigQuery might send it: members Sluice knows, in any order, among some it does not. */
const reply = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...MEMBERS, 'queryInfo', 'sessionInfo', 'x', 'Rows', 'rowS'), {
      minLength: 1,
    }),
    fc.array(fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' }), { minLength: 12 }),
    fc.constantFrom(undefined, 1, 2, '\t'),
  )
  .map(([names, values, indent]) => {
    const object = Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]))
    return { object, text: JSON.stringify(object, undefined, indent) }
  })

const mask = (text: string): FieldMask | 'all' => {
  const parsed = parseFieldMask(text)
  return parsed.ok ? parsed.value : 'all'
}

test('scanned and rebuilt, a reply is what parsing and picking would have made of it', async () => {
  await fc.assert(
    fc.asyncProperty(reply, async ({ object, text }) => {
      const scanned = scan(text)
      if (!scanned.ok) throw new Error('refused')
      const { body } = await unmasked(scanned.value, 'all')
      const known = Object.entries(object).filter(([name]) => MEMBERS.includes(name))
      expect(JSON.parse(body.toString())).toEqual({
        ...JSON.parse(JSON.stringify(Object.fromEntries(known))),
        kind: 'k',
      })
      const { rows } = JSON.parse(text) as { rows?: unknown }
      expect(scanned.value.rows).toBe(Array.isArray(rows) ? rows.length : 0)
    }),
    { numRuns: 300 },
  )
})

test('cut anywhere, a reply is refused', () => {
  fc.assert(
    fc.property(reply, fc.nat(), ({ text }, at) => {
      const bytes = Buffer.from(text.trimEnd())
      expect(scanReply(bytes.subarray(0, at % bytes.length)).ok).toBe(false)
    }),
    { numRuns: 300 },
  )
})

test('whatever it is given, it ends, and finds no more than JSON.parse does', () => {
  const noise = fc.oneof(fc.string(), fc.stringMatching(/^[{}[\]",:\\\s0-9a-f]*$/))
  fc.assert(
    fc.property(noise, (text) => {
      const scanned = scan(text)
      if (!scanned.ok) return
      let parsed: unknown
      try {
        parsed = JSON.parse(text)
      } catch {
        return
      }
      expect([...scanned.value.members.keys()]).toEqual(Object.keys(parsed as object))
    }),
    { numRuns: 500 },
  )
})

describe('fields', () => {
  const text = JSON.stringify({
    kind: 'x',
    schema: { fields: [{ name: 'a', type: 'STRING' }] },
    totalRows: '2',
    rows: [{ f: [{ v: '1' }] }, { f: [{ v: '2' }] }],
    unknown: 1,
  })
  test.each([
    ['rows', { rows: [{ f: [{ v: '1' }] }, { f: [{ v: '2' }] }] }],
    ['totalRows,kind', { kind: 'k', totalRows: '2' }],
    ['schema/fields/name', { schema: { fields: [{ name: 'a' }] } }],
    ['rows(f(v)),unknown', { rows: [{ f: [{ v: '1' }] }, { f: [{ v: '2' }] }] }],
    ['unknown', {}],
  ])('%s', async (fields, expected) => {
    const scanned = scan(text)
    if (!scanned.ok) throw new Error('refused')
    const { body, status } = await unmasked(scanned.value, mask(fields))
    expect(JSON.parse(body.toString())).toEqual(expected)
    expect(status).toBe(200)
  })
})
