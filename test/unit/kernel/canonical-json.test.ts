import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { canonicalJson } from '../../../shared/kernel/canonical-json.ts'

test.each([
  [{}, '{}'],
  [[], '[]'],
  [null, 'null'],
  [true, 'true'],
  [0, '0'],
  [-7, '-7'],
  [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ['', '""'],
  [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
  [{ a: undefined, b: null }, '{"b":null}'],
  [{ a: { d: 1, c: [{ z: 1, y: 2 }] } }, '{"a":{"c":[{"y":2,"z":1}],"d":1}}'],
  ['\u{0}\b\t\n\f\r"\\/é\u{20AC}\u{1F600}', '"\\u0000\\b\\t\\n\\f\\r\\"\\\\/é€😀"'],
  ['\u{2028}\u{FEFF}', '"\u{2028}\u{FEFF}"'],
  [Object.create(null), '{}'],
])('%j', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

// RFC 8785 §3.2.3: by UTF-16 code units, so an emoji comes before U+FB33.
test('keys are sorted as the RFC’s own example is', () => {
  const keys = ['\u{20AC}', '\r', '\u{FB33}', '1', '\u{1F600}', '\u{80}', '\u{F6}']
  const sorted = ['\r', '1', '\u{80}', '\u{F6}', '\u{20AC}', '\u{1F600}', '\u{FB33}']
  const object = Object.fromEntries(keys.map((key) => [key, 1]))
  expect(canonicalJson(object)).toBe(
    `{${sorted.map((key) => `${JSON.stringify(key)}:1`).join(',')}}`,
  )
})

class Point {
  readonly x = 1
}

describe('what two readers might not agree on has no form', () => {
  test.each([
    ['a float', 1.5],
    ['a large integer', 2 ** 53],
    ['minus zero', -0],
    ['NaN', Number.NaN],
    ['infinity', Infinity],
    ['half a surrogate pair', '\u{D800}'],
    ['half a pair as a key', { '\u{DC00}': 1 }],
    ['a big integer', 1n],
    ['a date', new Date(0)],
    ['an instance', new Point()],
    ['a map', new Map()],
    ['bytes', Buffer.from('x')],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a nested one', { a: [{ b: 1.5 }] }],
  ])('%s', (_what, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })

  test('more than 96 levels, and itself', () => {
    const nest = (depth: number): unknown => (depth === 0 ? 1 : [nest(depth - 1)])
    expect(() => canonicalJson(nest(96))).not.toThrow()
    expect(() => canonicalJson(nest(97))).toThrow(TypeError)
    const circle: unknown[] = []
    circle.push(circle)
    expect(() => canonicalJson(circle)).toThrow(TypeError)
  })
})

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).value

test('it is JSON, says the same, and does not depend on the order of members', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, member]) => [key, reversed(member)]),
    )
  }
  fc.assert(
    fc.property(json, (value) => {
      const text = canonicalJson(Object.is(value, -0) ? 0 : value)
      expect(JSON.parse(text)).toEqual(value)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
      expect(canonicalJson(reversed(value))).toBe(text)
    }),
    { numRuns: 200 },
  )
})
