import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { base32 } from '../../../shared/kernel/base32.ts'

// RFC 4648 §10, in lower case and without padding.
test.each([
  ['', ''],
  ['f', 'my'],
  ['fo', 'mzxq'],
  ['foo', 'mzxw6'],
  ['foob', 'mzxw6yq'],
  ['fooba', 'mzxw6ytb'],
  ['foobar', 'mzxw6ytboi'],
])('%s is %s', (text, encoded) => {
  expect(base32(Buffer.from(text))).toBe(encoded)
})

test('a hash has 52 characters and an id of 128 bits has 26', () => {
  expect(base32(Buffer.alloc(32, 0xff))).toHaveLength(52)
  expect(base32(Buffer.alloc(16, 0xff))).toHaveLength(26)
})

test('different bytes, different text, in the alphabet of labels and job ids', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      expect(base32(a)).toMatch(/^[a-z2-7]*$/)
      expect(base32(a) === base32(b)).toBe(Buffer.from(a).equals(b))
    }),
  )
})
