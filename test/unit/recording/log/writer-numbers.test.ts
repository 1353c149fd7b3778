import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  type WriterNumbers,
  missingNumbers,
  withNumber,
  withoutMissing,
} from '../../../../shared/recording/log/writer-numbers.ts'

const step = fc.oneof(fc.record({ came: fc.nat(60) }), fc.record({ excused: fc.nat(60) }))

test('numbers that come in any order, or not at all, are told apart from those that are missing', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.array(step, { maxLength: 80 }), (first, steps) => {
      let numbers: WriterNumbers = withNumber(undefined, first, `stamp ${first}`)
      const known = new Set([first])
      let highest = first
      for (const each of steps) {
        if ('came' in each) {
          numbers = withNumber(numbers, each.came, `stamp ${each.came}`)
          highest = Math.max(highest, each.came)
          known.add(each.came)
        } else {
          numbers = withoutMissing(numbers, each.excused)
          // What a gap names lies before it; what is not known yet cannot be excused.
          if (each.excused < highest) known.add(each.excused)
        }
      }
      const missing = Array.from({ length: highest }, (_, n) => n).filter((n) => !known.has(n))
      expect(missingNumbers(numbers, 100)).toEqual(missing)
      expect(missingNumbers(numbers, 2)).toEqual(missing.slice(0, 2))
      expect(numbers).toMatchObject({ number: highest, stamp: `stamp ${highest}` })
    }),
  )
})

test('a writer that leaves more gaps than anybody can remember costs no more than that', () => {
  let numbers = withNumber(undefined, 0, '')
  for (let n = 2; n < 4_000; n += 2) numbers = withNumber(numbers, n, '')
  expect(numbers.missing).toHaveLength(256)
  expect(numbers.number).toBe(3_998)
  const far = withNumber(numbers, Number.MAX_SAFE_INTEGER, '')
  expect(missingNumbers(far, 1_000)).toHaveLength(256)
  expect(missingNumbers(withNumber(undefined, Number.MAX_SAFE_INTEGER, ''), 1_000)).toHaveLength(
    1_000,
  )
})
