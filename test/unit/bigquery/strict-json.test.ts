import { assert, jsonValue, property } from 'fast-check'
import { describe, expect, test } from 'vitest'

import { parseStrictJson } from '../../../shared/bigquery/strict-json.ts'
import { canonicalJson } from '../../../shared/kernel/canonical-json.ts'

const parse = (text: string) => parseStrictJson(Buffer.from(text))

test.each([
  ['{"a":[1,"x",true,null,{"b":-1.5e3}]}', { a: [1, 'x', true, null, { b: -1500 }] }],
  [' \r\n\t{ } ', {}],
  ['"\\u00e4\\ud83d\\ude00"', 'ä😀'],
  [
    '{"a":{"k":1},"b":{"k":2},"c":[{"k":3},{"k":4}]}',
    { a: { k: 1 }, b: { k: 2 }, c: [{ k: 3 }, { k: 4 }] },
  ],
  ['{"a":"{\\"a\\":1,\\"a\\":2}"}', { a: '{"a":1,"a":2}' }],
  ['{"constructor":1,"toString":2}', { constructor: 1, toString: 2 }],
  ['9007199254740991', 9_007_199_254_740_991],
  ['[-1,0.5,1e3,1E-2,-0.0]', [-1, 0.5, 1000, 0.01, -0]],
  ['"9007199254740993"', '9007199254740993'],
])('%s is read', (text, value) => {
  expect(parse(text)).toEqual({ ok: true, value })
})

describe('two readers might not agree on', () => {
  test.each([
    ['a duplicate key', '{"a":1,"a":2}', 'duplicate key `a`'],
    ['one with spaces around it', '{ "a" : 1 , "a" : 2 }', 'duplicate key `a`'],
    ['one that is spelled in two ways', '{"a":1,"\\u0061":2}', 'duplicate key `a`'],
    ['one deep inside', '[{"x":[{"a":1,"b":{},"a":2}]}]', 'duplicate key `a`'],
    ['one after an object', '{"a":{"a":1},"a":2}', 'duplicate key `a`'],
    ['an empty one', '{"":1,"":2}', 'duplicate key ``'],
    ['__proto__', '{"__proto__":{"query":"x"}}', 'the key `__proto__` is not allowed'],
    ['__proto__ in disguise', '{"\\u005f_proto__":1}', 'the key `__proto__` is not allowed'],
    ['__proto__ inside', '{"a":[{"__proto__":1}]}', 'the key `__proto__` is not allowed'],
    ['a number that is rounded', '{"n":9007199254740993}', 'number too large at `n`'],
    ['a negative one', '[-9007199254740993]', 'number too large'],
    ['one with an exponent', '{"n":1e400}', 'number too large at `n`'],
    ['a whole one with an exponent', '{"n":1e30}', 'number too large at `n`'],
    ['half a surrogate pair', '{"a":"\\ud800"}', 'half of a surrogate pair'],
    ['half a pair as a key', '{"\\udc00":1}', 'half of a surrogate pair'],
    ['a byte order mark', '\u{FEFF}{}', 'a byte order mark'],
    ['two documents', '{}{}', 'not valid JSON'],
    ['a comment', '{/**/}', 'not valid JSON'],
    ['a comma too many', '[1,]', 'not valid JSON'],
    ['single quotes', "{'a':1}", 'not valid JSON'],
    ['NaN', '[NaN]', 'not valid JSON'],
    ['a control character', '"\u0001"', 'not valid JSON'],
    ['nothing', '', 'not valid JSON'],
    ['65 levels', '['.repeat(65) + ']'.repeat(65), 'deeper than 64 levels'],
    ['a million levels', '['.repeat(1e6) + ']'.repeat(1e6), 'deeper than 64 levels'],
    ['a million levels that do not end', '[{"a":'.repeat(1e6), 'deeper than 64 levels'],
  ])('%s', (_what, text, problem) => {
    const parsed = parse(text)
    expect(parsed).toEqual({
      ok: false,
      error: expect.stringContaining(problem),
    })
  })

  test.each([
    ['UTF-16', Buffer.from('\u{FEFF}{"a":1}', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('{"a":1}', 'utf16le')],
    ['Latin-1', Buffer.from('{"a":"ä"}', 'latin1')],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
    ['half a pair in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a cut character', Buffer.from([0x22, 0xe2, 0x82, 0x22])],
  ])('%s', (_what, bytes) => {
    expect(parseStrictJson(bytes).ok).toBe(false)
  })
})

test('what is quoted is cut: the record must be able to hold it', () => {
  for (const text of [
    `{"${'k'.repeat(1e6)}":1,"${'k'.repeat(1e6)}":2}`,
    `{"${'k'.repeat(1e6)}":9007199254740993}`,
  ]) {
    const parsed = parse(text)
    expect(parsed.ok ? '' : parsed.error).toMatch(/^.{20,300}$/)
  }
})

test('whatever JSON.stringify writes is read as it was meant', () => {
  const value = jsonValue({ maxDepth: 8, stringUnit: 'grapheme', noUnicodeString: false })
  assert(
    property(value, (written) => {
      const text = JSON.stringify(written)
      const hasOddKey = text.includes('"__proto__":')
      const parsed = parse(text)
      if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text))
      else expect(hasOddKey || /number too large/.test(parsed.error)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test.each(['[', '{"a":'])('nests of %s that can be read can be recorded', (open) => {
  const close = open === '[' ? ']' : '}'
  for (let depth = 1; depth <= 70; depth++) {
    const parsed = parse(`${open.repeat(depth)}1${close.repeat(depth)}`)
    expect(parsed.ok).toBe(depth <= 64)
    if (parsed.ok) expect(() => canonicalJson({ body: parsed.value })).not.toThrow()
  }
})
