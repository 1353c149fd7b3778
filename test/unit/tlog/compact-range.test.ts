import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { encodeRange, parseRange } from '../../../shared/tlog/compact-range-text.ts'
import { emptyRange, extendRange, rootOf } from '../../../shared/tlog/compact-range.ts'
import { leafHash, nodeHash } from '../../../shared/tlog/hash.ts'
import { subtreeHash } from '../../../shared/tlog/subtree-hash.ts'
import { naiveRoot, numberedLeaves } from '../../support/naive-tree.ts'

const leaves = numberedLeaves(300)

test('leaves appended one by one give the root of the naive tree at every size', () => {
  let range = emptyRange
  for (const size of leaves.keys()) {
    expect(rootOf(range)).toEqual(naiveRoot(leaves.slice(0, size)))
    expect(range.size).toBe(size)
    range = extendRange(range, leaves.slice(size, size + 1))
    expect(range.hashes.length).toBe(bitsOf(size + 1))
  }
})

test('it does not matter in how many steps a tree grows, and what grew stays as it was', () => {
  fc.assert(
    fc.property(fc.nat(150), fc.nat(149), (first, second) => {
      const early = extendRange(emptyRange, leaves.slice(0, first))
      const before = encodeRange(early)
      const late = extendRange(early, leaves.slice(first, first + second))
      expect(late).toEqual(extendRange(emptyRange, leaves.slice(0, first + second)))
      expect(encodeRange(early)).toBe(before)
    }),
  )
})

test('a range survives being stored, and only what was stored is read', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.nat(1000), fc.integer({ min: 32, max: 126 }), (size, at, code) => {
      const range = extendRange(emptyRange, leaves.slice(0, size))
      const text = encodeRange(range)
      expect(parseRange(text)).toEqual({ ok: true, value: range })
      const place = at % text.length
      const changed = text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1)
      const read = parseRange(changed)
      expect(read.ok ? encodeRange(read.value) : changed).toBe(changed)
    }),
  )
})

const hash = Buffer.alloc(32).toString('base64')

test.each([
  ['nothing', ''],
  ['no end of line', '0'],
  ['a size with a zero before it', '00\n'],
  ['a sign', '+0\n'],
  ['a hash too few', '1\n'],
  ['a hash too many', `0\n${hash}\n`],
  ['one hash for two subtrees', `3\n${hash}\n`],
  ['a hash that is too short', `1\n${Buffer.alloc(31).toString('base64')}\n`],
  ['base64 with loose bits', `1\n${hash.slice(0, -2)}B=\n`],
  ['base64url', `1\n${Buffer.alloc(32, 0xff).toString('base64url')}=\n`],
  ['something after it', `1\n${hash}\n\n`],
  ['a size beyond 2^53', `9007199254740992\n${hash}\n`],
])('%s is no range', (_what, text) => {
  expect(parseRange(text)).toEqual({
    ok: false,
    error: { problem: 'compact-range-malformed' },
  })
})

test('a hash of another length than 32 bytes is refused wherever it comes in', () => {
  const short = Buffer.alloc(31)
  expect(() => extendRange(emptyRange, [short])).toThrow(RangeError)
  expect(() => nodeHash(short, Buffer.alloc(32))).toThrow(RangeError)
  expect(() => nodeHash(Buffer.alloc(32), short)).toThrow(RangeError)
  expect(() => nodeHash(Buffer.alloc(32), Buffer.alloc(33))).toThrow(RangeError)
  expect(() => extendRange({ size: 1, hashes: [] }, leaves.slice(0, 1))).toThrow(RangeError)
})

test('a subtree is never taken from fewer hashes than it has', () => {
  const four = leaves.slice(0, 4)
  expect(subtreeHash(four, { level: 1, index: 1 })).toEqual(naiveRoot(leaves.slice(2, 4)))
  expect(() => subtreeHash(four, { level: 3, index: 0 })).toThrow(RangeError)
  expect(() => subtreeHash(four.slice(0, 3), { level: 1, index: 1 })).toThrow(RangeError)
  expect(() => subtreeHash(four, { level: 0, index: 4 })).toThrow(RangeError)
})

test('a leaf never hashes like two subtrees', () => {
  const [left = Buffer.of(), right = Buffer.of()] = leaves
  expect(leafHash(Buffer.concat([left, right]))).not.toEqual(nodeHash(left, right))
})

const bitsOf = (size: number): number => size.toString(2).replaceAll('0', '').length
