import { expect, test } from 'vitest'
import { z } from 'zod'

import { ed25519PublicKey, verifyEd25519 } from '../../shared/tlog/ed25519.ts'
import { describeVectors } from '../support/vectors.ts'

const hex = z.string().transform((text) => Buffer.from(text, 'hex'))
const format = z.array(
  z.object({
    number: z.number(),
    key: hex,
    sig: hex,
    msg: z.string(),
    flags: z
      .array(z.string())
      .nullable()
      .transform((flags) => flags ?? []),
  }),
)

/**
 * CCTV's cases are those on which implementations differ, so it says of each what is odd about it
 * and not whether it is valid. For these oddities a signature does not hold here, and it was
 * OpenSSL 3.0 that would have let it hold for those marked so.
 */
const REFUSED = new Map([
  // OpenSSL. Under such a key one signature holds for many texts.
  ['low_order_A', 526],
  // OpenSSL. The key has a second encoding, and so a second key id.
  ['non_canonical_A', 226],
  // OpenSSL. Later releases refuse it, so we do.
  ['low_order_R', 586],
  // RFC 8032 §5.1.7 without the cofactor, R compared as bytes.
  ['non_canonical_R', 316],
  ['low_order_residue', 583],
  ['reencoded_k', 146],
])

describeVectors('cctv-ed25519', (vectors) => {
  const cases = format.parse(vectors.json('ed25519vectors.json')).map((vector) => ({
    ...vector,
    holds: !vector.flags.some((flag) => REFUSED.has(flag)),
  }))

  test('there are 914 cases, and 43 of them hold', () => {
    expect(cases).toHaveLength(914)
    expect(cases.filter(({ holds }) => holds)).toHaveLength(43)
    for (const [flag, count] of REFUSED)
      expect(cases.filter(({ flags }) => flags.includes(flag)).length, flag).toBe(count)
  })

  test.each(cases)('$number $flags: $holds', ({ key, sig, msg, holds, flags }) => {
    const publicKey = ed25519PublicKey(key)
    const unsound = flags.some((flag) => flag === 'low_order_A' || flag === 'non_canonical_A')
    expect(publicKey === undefined).toBe(unsound)
    expect(publicKey !== undefined && verifyEd25519(publicKey, Buffer.from(msg), sig)).toBe(holds)
  })
})
