import { createPublicKey, generateKeyPairSync, hash } from 'node:crypto'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { p256Spki } from '../../../shared/tlog/ecdsa-p256.ts'
import { rawEd25519 } from '../../../shared/tlog/ed25519.ts'
import { isKeyName } from '../../../shared/tlog/key-name.ts'
import { encodeVerifierKey, parseVerifierKey } from '../../../shared/tlog/verifier-key-text.ts'
import { type KeyType, isOfType, verifierKey } from '../../../shared/tlog/verifier-key.ts'
import { noteSigner } from '../../support/note-keys.ts'

const TYPES: readonly KeyType[] = ['ed25519', 'ecdsa-p256', 'ed25519-cosignature']
const FOO = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'

describe('a verifier key as text', () => {
  const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter(isKeyName)

  test('is read as what was written, and no other text is', () => {
    const type = fc.constantFrom(...TYPES)
    fc.assert(
      fc.property(type, names, fc.nat(), fc.integer({ min: 33, max: 126 }), (...drawn) => {
        const [of, name, place, code] = drawn
        const { key } = noteSigner(of, name)
        const text = encodeVerifierKey(key)
        const read = parseVerifierKey(text)
        if (!read.ok) throw new Error(read.error.problem)
        expect({ ...read.value, publicKey: undefined }).toEqual({ ...key, publicKey: undefined })
        expect(read.value.publicKey.equals(key.publicKey)).toBe(true)
        const at = name.length + (place % (text.length - name.length))
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1)
        expect(parseVerifierKey(changed).ok, changed).toBe(changed === text)
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['nothing', '', 'vkey-malformed'],
    ['no name', FOO.replace('example.com/foo', ''), 'vkey-malformed'],
    ['a name with a space', FOO.replace('/foo', ' foo'), 'vkey-malformed'],
    ['a name with a newline', FOO.replace('/foo', '\nfoo'), 'vkey-malformed'],
    ['a newline after it', `${FOO}\n`, 'vkey-malformed'],
    ['a key id in capitals', FOO.replace('530d903a', '530D903A'), 'vkey-malformed'],
    ['a short key id', FOO.replace('530d903a', '530d903'), 'vkey-malformed'],
    ['no key', 'example.com/foo+530d903a+', 'vkey-malformed'],
    ['base64url', 'example.com/foo+530d903a+AQ-_', 'vkey-malformed'],
    ['base64 with loose bits', 'example.com/foo+530d903a+AQB=', 'vkey-malformed'],
    ['base64 without padding', 'example.com/foo+530d903a+AQ', 'vkey-malformed'],
    ['a type that is not verified here', 'example.com/foo+530d903a+BgAA', 'vkey-type'],
    ['too short a key', 'example.com/foo+530d903a+AekyeRrm', 'vkey-public-key'],
    ['another name', FOO.replace('foo', 'bar'), 'vkey-key-id'],
    ['another key id', FOO.replace('530d903a', '530d903b'), 'vkey-key-id'],
  ])('%s is none', (_what, text, problem) => {
    expect(parseVerifierKey(text)).toEqual({ ok: false, error: { problem } })
  })

  test('its key id tells the uses of one key apart, and the names of Ed25519 keys', () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const ids = [
      verifierKey('ed25519', 'a', publicKey).keyId,
      verifierKey('ed25519', 'b', publicKey).keyId,
      verifierKey('ed25519-cosignature', 'a', publicKey).keyId,
    ]
    expect(new Set(ids).size).toBe(3)
  })
})

describe('a verifier key', () => {
  test.each(['', 'a b', 'a+b', 'a\u{a0}b', 'a\u{85}b', 'a\u{3000}b', 'a\u{7f}', '\u{d800}'])(
    'is not named %j',
    (name) => {
      const { publicKey } = generateKeyPairSync('ed25519')
      expect(() => verifierKey('ed25519', name, publicKey)).toThrow(TypeError)
    },
  )

  test('is of the kind its type says', () => {
    const ed25519 = generateKeyPairSync('ed25519')
    const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey
    const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    for (const key of [ed25519.privateKey, p256, rsa])
      expect(() => verifierKey('ed25519', 'a', key)).toThrow(TypeError)
    for (const key of [ed25519.publicKey, p384, rsa])
      expect(() => verifierKey('ecdsa-p256', 'a', key)).toThrow(TypeError)
    for (const key of [ed25519.privateKey, p256, rsa])
      expect(() => rawEd25519(key)).toThrow(TypeError)
    for (const key of [ed25519.publicKey, p384, rsa]) expect(() => p256Spki(key)).toThrow(TypeError)
  })

  test('is one to rely on', () => {
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.alloc(32)])
    const lowOrder = createPublicKey({ key: der, format: 'der', type: 'spki' })
    expect(() => verifierKey('ed25519', 'a', lowOrder)).toThrow(TypeError)
    expect(() => verifierKey('ed25519-cosignature', 'a', lowOrder)).toThrow(TypeError)
  })

  test('of ECDSA has an id of the key alone', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const digest = hash('sha256', publicKey.export({ format: 'der', type: 'spki' }), 'hex')
    for (const name of ['a', 'b'])
      expect(verifierKey('ecdsa-p256', name, publicKey).keyId).toBe(digest.slice(0, 8))
  })

  test('tells whether it is a witness’s', () => {
    expect(isOfType('ed25519-cosignature', noteSigner('ed25519', 'a').key)).toBe(false)
    expect(isOfType('ed25519-cosignature', noteSigner('ed25519-cosignature', 'a').key)).toBe(true)
  })
})
