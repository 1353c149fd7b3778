import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { type Mask, infoTypes, maskingExpressions } from '../../../shared/policy/mask.ts'
import { constantMask, isAsStrict, strictestMask } from '../../../shared/policy/strictest-mask.ts'

const mask: fc.Arbitrary<Mask> = fc.oneof(
  fc.record({
    kind: fc.constant('expression' as const),
    expression: fc.constantFrom(...maskingExpressions),
  }),
  fc.record({
    kind: fc.constant('detect' as const),
    infoTypes: fc.subarray([...infoTypes], { minLength: 1 }),
  }),
)
const masks = fc.array(mask, { minLength: 1, maxLength: 5 })

test('the strictest hides what each of them hides, in whatever order they are', () => {
  fc.assert(
    fc.property(masks, fc.integer({ min: 0, max: 4 }), (list, by) => {
      const strictest = strictestMask(list)
      if (strictest === undefined) throw new Error('nothing')
      for (const one of list) expect(isAsStrict(strictest, one)).toBe(true)
      expect(strictestMask(list.toReversed())).toEqual(strictest)
      expect(strictestMask([...list.slice(by), ...list.slice(0, by)])).toEqual(strictest)
    }),
  )
})

test('as strict as is an order', () => {
  fc.assert(
    fc.property(mask, mask, mask, (a, b, c) => {
      expect(isAsStrict(a, a)).toBe(true)
      if (isAsStrict(a, b) && isAsStrict(b, c)) expect(isAsStrict(a, c)).toBe(true)
      if (isAsStrict(a, b) && isAsStrict(b, a)) expect(a).toEqual(b)
      expect(isAsStrict(constantMask(a), a)).toBe(true)
    }),
  )
})

test('no mask is none, not one that hides nothing', () => {
  expect(strictestMask([])).toBeUndefined()
})
