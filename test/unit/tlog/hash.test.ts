import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { leafHash, nodeHash } from '../../../shared/tlog/hash.ts'

const sha256 = (...parts: readonly Uint8Array[]): string => {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(part)
  return digest.digest('hex')
}

test.each([0, 1, 4_095, 4_096, 4_097, 70_000])('a leaf of %i bytes', (length) => {
  const leaf = Buffer.alloc(length, length)
  expect(leafHash(leaf).toString('hex')).toBe(sha256(Buffer.of(0), leaf))
})

test('a hash stays what it is, however many follow', () => {
  const leaves = Array.from({ length: 1_000 }, (_, number) => Buffer.from(`leaf ${number}`))
  const hashes = leaves.map((leaf) => leafHash(leaf))
  const above = hashes.map((hash) => nodeHash(hash, hash))
  for (const [number, leaf] of leaves.entries()) {
    const own = Buffer.from(sha256(Buffer.of(0), leaf), 'hex')
    expect(hashes[number]).toStrictEqual(own)
    expect(above[number]?.toString('hex')).toBe(sha256(Buffer.of(1), own, own))
  }
})
