import { randomBytes } from 'node:crypto'

import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  ciphertextDigest,
  commitmentOf,
  deliveryDigest,
  openPart,
  sealPart,
} from '../../../shared/recording/private-part.ts'

const secret = { id: 'session.1', secret: randomBytes(32) }
const ID = 'aaaaaaaaaaaaaaaaaaaaaaaaaa~request'
const facts = (sql: string) => ({ sql, parameters: [null, true, 'ü'], justification: undefined })

test('what was sealed is opened, with the salt that its commitment is made of', () => {
  assert(
    property(string({ unit: 'grapheme' }), (sql) => {
      const sealed = sealPart(ID, facts(sql), secret)
      const opened = openPart(ID, sealed, secret.secret)
      expect(JSON.parse(opened?.facts ?? '')).toEqual({ sql, parameters: [null, true, 'ü'] })
      const text = Buffer.from(opened?.facts ?? '')
      expect(commitmentOf(opened?.salt ?? Buffer.of(), text)).toBe(sealed.part.commitment)
      expect(sealed.part.length).toBe(text.length)
      expect(sealed.part.ciphertext).toBe(ciphertextDigest(sealed.ciphertext))
    }),
  )
})

test('the same again gives the same bytes; anything else gives others, from the salt on', () => {
  const sealed = sealPart(ID, facts('SELECT 1'), secret)
  expect(sealPart(ID, facts('SELECT 1'), secret)).toEqual(sealed)
  const others = [
    sealPart(ID, facts('SELECT 2'), secret),
    sealPart(`${ID}x`, facts('SELECT 1'), secret),
    sealPart(ID, facts('SELECT 1'), { ...secret, secret: randomBytes(32) }),
  ]
  const nonces = [sealed, ...others].map(({ ciphertext }) => ciphertext.toString('hex', 1, 13))
  expect(new Set(nonces).size).toBe(4)
  expect(new Set([sealed, ...others].map(({ part }) => part.commitment)).size).toBe(4)
})

test('nobody reads it without the secret, under another id, or after a change of any byte', () => {
  const sealed = sealPart(ID, facts('SELECT 1'), secret)
  const { ciphertext } = sealed
  expect(openPart(ID, sealed, randomBytes(32))).toBeUndefined()
  expect(openPart('another', sealed, secret.secret)).toBeUndefined()
  for (let at = 0; at < ciphertext.length; at += 1) {
    const changed = Buffer.from(ciphertext)
    changed.writeUInt8((changed[at] ?? 0) ^ 1, at)
    expect(openPart(ID, { ...sealed, ciphertext: changed }, secret.secret)).toBeUndefined()
  }
  for (let length = 0; length < ciphertext.length; length += 1)
    expect(
      openPart(ID, { ...sealed, ciphertext: ciphertext.subarray(0, length) }, secret.secret),
    ).toBeUndefined()
  const part = { ...sealed.part, commitment: '0'.repeat(64) }
  expect(openPart(ID, { ...sealed, part }, secret.secret)).toBeUndefined()
})

test('a text that repeats itself for megabytes takes little room, and comes back', () => {
  const sql = 'SELECT 1 UNION ALL '.repeat(100_000)
  const sealed = sealPart(ID, facts(sql), secret)
  expect(sealed.ciphertext.length).toBeLessThan(20_000)
  expect(openPart(ID, sealed, secret.secret)?.facts).toContain(sql)
})

describe('the digest of what left', () => {
  test('is of the bytes and of its salt: nobody finds out a count by trying', () => {
    const body = Buffer.from('{"totalRows":"5"}')
    const [one, another] = [randomBytes(32), randomBytes(32)]
    expect(deliveryDigest(one, body)).toBe(deliveryDigest(one, Buffer.from(body)))
    expect(deliveryDigest(one, body)).not.toBe(deliveryDigest(another, body))
    expect(deliveryDigest(one, body)).not.toBe(deliveryDigest(one, Buffer.from('{}')))
  })
})
