import { deflateRawSync } from 'node:zlib'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { deflate } from '../../../shared/recording/deflate.ts'

const words = fc
  .array(fc.constantFrom('SELECT ', 'FROM ', 'hospital.patients ', 'WHERE id = 7 ', 'x', '\n'), {
    maxLength: 4_000,
    size: 'max',
  })
  .map((some) => Buffer.from(some.join('')))
const noise = fc.uint8Array({ maxLength: 40_000, size: 'max' })

test('the same bytes as by the defaults of zlib', () => {
  fc.assert(
    fc.property(fc.oneof(words, noise), (bytes) => {
      expect(deflate(bytes).equals(deflateRawSync(bytes))).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test.each([0, 1, 249, 250, 251, 762, 763, 16_384, 32_506, 32_507, 200_000])(
  'also of %i bytes',
  (length) => {
    const bytes = Buffer.from('a few words, again and again; '.repeat(8_000)).subarray(0, length)
    expect(deflate(bytes).equals(deflateRawSync(bytes))).toBe(true)
  },
)
