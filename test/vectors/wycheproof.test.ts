import { expect, test } from 'vitest'
import { z } from 'zod'

import { p256PublicKey, verifyP256 } from '../../shared/tlog/ecdsa-p256.ts'
import { ed25519PublicKey, verifyEd25519 } from '../../shared/tlog/ed25519.ts'
import { describeVectors } from '../support/vectors.ts'

const hex = z.string().transform((text) => Buffer.from(text, 'hex'))
const tests = z.array(
  z.object({
    tcId: z.number(),
    comment: z.string(),
    flags: z.array(z.string()),
    msg: hex,
    sig: hex,
    result: z.enum(['valid', 'invalid']),
  }),
)
const ed25519Groups = z.object({
  numberOfTests: z.number(),
  testGroups: z.array(z.object({ publicKey: z.object({ pk: hex }), tests })),
})
const p256Groups = z.object({
  numberOfTests: z.number(),
  testGroups: z.array(z.object({ publicKeyDer: hex, tests })),
})

// Not one case is left out, and on none do we differ.
describeVectors('wycheproof', (vectors) => {
  const ed25519 = ed25519Groups.parse(vectors.json('ed25519_test.json'))
  const ed25519Cases = ed25519.testGroups.flatMap((group) =>
    group.tests.map((vector) => ({ ...vector, key: ed25519PublicKey(group.publicKey.pk) })),
  )
  const p256 = p256Groups.parse(vectors.json('ecdsa_secp256r1_sha256_test.json'))
  const p256Cases = p256.testGroups.flatMap((group) =>
    group.tests.map((vector) => ({ ...vector, key: p256PublicKey(group.publicKeyDer) })),
  )

  test('there are 151 and 484 cases, 88 and 174 of them valid', () => {
    expect([ed25519.numberOfTests, ed25519Cases.length]).toEqual([151, 151])
    expect([p256.numberOfTests, p256Cases.length]).toEqual([484, 484])
    const valid = [ed25519Cases, p256Cases].map((cases) =>
      cases.filter(({ result }) => result === 'valid'),
    )
    expect(valid.map(({ length }) => length)).toEqual([88, 174])
  })

  test.each(ed25519Cases)('Ed25519 $tcId: $result $flags $comment', ({ key, msg, sig, result }) => {
    if (key === undefined) throw new Error('a key that is refused')
    expect(verifyEd25519(key, msg, sig)).toBe(result === 'valid')
  })

  test.each(p256Cases)('P-256 $tcId: $result $flags $comment', ({ key, msg, sig, result }) => {
    if (key === undefined) throw new Error('a key that is refused')
    expect(verifyP256(key, msg, sig)).toBe(result === 'valid')
  })
})
