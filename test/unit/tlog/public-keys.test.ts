import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { p256PublicKey, p256Spki } from '../../../shared/tlog/ecdsa-p256.ts'
import { ed25519PublicKey, rawEd25519, verifyEd25519 } from '../../../shared/tlog/ed25519.ts'

describe('Ed25519 keys', () => {
  test('that were generated are read', () => {
    for (let round = 0; round < 50; round += 1) {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519')
      const read = ed25519PublicKey(rawEd25519(publicKey))
      const message = Buffer.from('x')
      expect(read?.equals(publicKey)).toBe(true)
      expect(verifyEd25519(publicKey, message, sign(null, message, privateKey))).toBe(true)
    }
  })

  test.each([
    ['too short', '01'.repeat(31)],
    ['too long', '01'.repeat(33)],
    ['no point of the curve', `02${'00'.repeat(31)}`],
    ['order 1', `01${'00'.repeat(31)}`],
    ['order 1, with a sign', `01${'00'.repeat(30)}80`],
    ['order 2', `ec${'ff'.repeat(30)}7f`],
    ['order 2, with a sign', `ec${'ff'.repeat(31)}`],
    ['order 4', '00'.repeat(32)],
    ['order 4, with a sign', `${'00'.repeat(31)}80`],
    ['order 8', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['order 8, with a sign', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
    ['order 8, too', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    [
      'order 8, too, with a sign',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    ],
    ['the prime', `ed${'ff'.repeat(30)}7f`],
    ['a second encoding of y = 3', `f0${'ff'.repeat(30)}7f`],
  ])('%s: refused', (_what, hex) => {
    expect(ed25519PublicKey(Buffer.from(hex, 'hex'))).toBeUndefined()
  })

  test('y = 3 itself is a key', () => {
    expect(ed25519PublicKey(Buffer.from(`03${'00'.repeat(31)}`, 'hex'))).toBeDefined()
  })
})

describe('P-256 keys', () => {
  const spki = p256Spki(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey)

  test('have one encoding', () => {
    expect(p256PublicKey(spki)).toBeDefined()
    const jwk = createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({
      format: 'jwk',
    })
    const even = (Buffer.from(jwk.y ?? '', 'base64url').at(-1) ?? 0) % 2 === 0
    const compressed = Buffer.concat([
      Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
      Buffer.of(even ? 2 : 3),
      spki.subarray(27, 59),
    ])
    // Node reads this and the next: the same key would have more than one key id.
    expect(
      createPublicKey({ key: compressed, format: 'der', type: 'spki' }).asymmetricKeyType,
    ).toBe('ec')
    expect(p256PublicKey(compressed)).toBeUndefined()
    const hybrid = Buffer.from(spki)
    hybrid.writeUInt8(even ? 6 : 7, 26)
    expect(createPublicKey({ key: hybrid, format: 'der', type: 'spki' }).asymmetricKeyType).toBe(
      'ec',
    )
    expect(p256PublicKey(hybrid)).toBeUndefined()
    expect(p256PublicKey(Buffer.concat([spki, Buffer.of(0)]))).toBeUndefined()
    expect(p256PublicKey(spki.subarray(1))).toBeUndefined()
  })

  test('lie on the curve', () => {
    const moved = Buffer.from(spki)
    moved.writeUInt8(moved.readUInt8(90) ^ 1, 90)
    expect(p256PublicKey(moved)).toBeUndefined()
    expect(p256PublicKey(Buffer.concat([spki.subarray(0, 27), Buffer.alloc(64)]))).toBeUndefined()
  })
})
