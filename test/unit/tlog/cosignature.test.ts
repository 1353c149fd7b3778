import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  cosignatureMessage,
  decodeTimestamped,
  encodeTimestamped,
} from '../../../shared/tlog/cosignature.ts'

// C2SP tlog-cosignature, “Ed25519 signed message”.
test('a cosignature is over the time and the checkpoint', () => {
  const text =
    'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
  expect(cosignatureMessage(text, 1_679_315_147).toString()).toBe(
    `cosignature/v1\ntime 1679315147\n${text}`,
  )
})

test('a cosignature is a time and 64 bytes', () => {
  const seconds = fc.integer({ min: 0, max: 9_007_199_254_740 })
  const bytes = fc.uint8Array({ minLength: 64, maxLength: 64 })
  fc.assert(
    fc.property(seconds, bytes, (time, signature) => {
      const encoded = encodeTimestamped({ seconds: time, signature })
      expect(encoded.readBigUInt64BE(0)).toBe(BigInt(time))
      expect(decodeTimestamped(encoded)).toEqual({
        seconds: time,
        signature: Buffer.from(signature),
      })
    }),
  )
  expect(decodeTimestamped(Buffer.alloc(71))).toBeUndefined()
  expect(decodeTimestamped(Buffer.alloc(73))).toBeUndefined()
  expect(() => encodeTimestamped({ seconds: 0, signature: Buffer.alloc(63) })).toThrow(RangeError)
})

test('a cosignature of a time beyond what milliseconds can count is refused', () => {
  expect(decodeTimestamped(timed(9_007_199_254_740n))).toBeDefined()
  for (const seconds of [9_007_199_254_741n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])
    expect(decodeTimestamped(timed(seconds))).toBeUndefined()
  for (const seconds of [9_007_199_254_741, -1, 0.5, Number.NaN])
    expect(() => encodeTimestamped({ seconds, signature: Buffer.alloc(64) })).toThrow(RangeError)
})

const timed = (seconds: bigint): Buffer => {
  const bytes = Buffer.alloc(72)
  bytes.writeBigUInt64BE(seconds)
  return bytes
}
