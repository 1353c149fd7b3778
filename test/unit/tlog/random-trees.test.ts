import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { rootOf } from '../../../shared/tlog/compact-range.ts'
import { growTree } from '../../../shared/tlog/grow-tree.ts'
import { leafHash } from '../../../shared/tlog/hash.ts'
import { hashesFromTiles } from '../../../shared/tlog/hashes-from-tiles.ts'
import { proveConsistency, proveInclusion } from '../../../shared/tlog/prove.ts'
import { tilePath } from '../../../shared/tlog/tile-path.ts'
import { emptyEdge, rangeOfEdge } from '../../../shared/tlog/tree-edge.ts'
import { verifyConsistency } from '../../../shared/tlog/verify-consistency.ts'
import { verifyInclusion } from '../../../shared/tlog/verify-inclusion.ts'

const LARGEST = 1500
const RUNS = { numRuns: 100 }

/** A tree of random leaves, one of them, and which bits to flip. */
const trees = fc
  .tuple(fc.integer({ min: 1, max: LARGEST }), fc.uint8Array({ minLength: 1, maxLength: 8 }))
  .chain(([size, seed]) => fc.tuple(fc.constant(size), fc.constant(seed), fc.nat(size - 1)))
const flips = fc.array(fc.nat(), { minLength: 20, maxLength: 20 })

function grow(size: number, seed: Uint8Array) {
  const entries = Array.from({ length: size }, (_, index) =>
    Buffer.from([...seed, index >> 8, index]),
  )
  const { edge, tiles } = growTree(emptyEdge, entries)
  const stored = new Map(tiles.map(({ tile, bytes }) => [tilePath(tile), bytes]))
  return {
    root: rootOf(rangeOfEdge(edge)),
    leafAt: (index: number) => leafHash(entries[index] ?? Buffer.of()),
    rootAt: (earlier: number) =>
      rootOf(rangeOfEdge(growTree(emptyEdge, entries.slice(0, earlier)).edge)),
    read: hashesFromTiles(size, (tile) =>
      Promise.resolve(stored.get(tilePath(tile)) ?? Buffer.of()),
    ),
  }
}

describe('in a random tree', () => {
  test('a leaf is proved, and with any bit flipped it is not', async () => {
    await fc.assert(
      fc.asyncProperty(trees, flips, async ([size, seed, index], bits) => {
        const { root, leafAt, read } = grow(size, seed)
        const proof = await proveInclusion(index, size, read)
        if (!proof.ok) throw new Error(proof.error.problem)
        const claim = { index, size, leafHash: leafAt(index), root }
        expect(verifyInclusion(claim, proof.value)).toEqual({ ok: true, value: undefined })
        for (const bit of bits) {
          const [leaf = root, other = root, ...hashes] = flip(
            [claim.leafHash, root, ...proof.value],
            bit,
          )
          const changed = { ...claim, leafHash: leaf, root: other }
          expect(verifyInclusion(changed, hashes).ok).toBe(false)
          const moved = { ...claim, index: flipNumber(index, bit) }
          expect(verifyInclusion(moved, proof.value).ok).toBe(false)
        }
      }),
      RUNS,
    )
  })

  test('an earlier tree is proved, and with any bit flipped it is not', async () => {
    await fc.assert(
      fc.asyncProperty(trees, flips, async ([size, seed, place], bits) => {
        const { root, rootAt, read } = grow(size, seed)
        const earlier = { size: place + 1, root: rootAt(place + 1) }
        const later = { size, root }
        const proof = await proveConsistency(earlier.size, size, read)
        if (!proof.ok) throw new Error(proof.error.problem)
        expect(verifyConsistency(earlier, later, proof.value).ok).toBe(true)
        for (const bit of bits) {
          const [before = root, after = root, ...hashes] = flip(
            [earlier.root, root, ...proof.value],
            bit,
          )
          expect(
            verifyConsistency({ ...earlier, root: before }, { ...later, root: after }, hashes).ok,
          ).toBe(false)
          const shrunk = { ...earlier, size: flipNumber(earlier.size, bit) }
          expect(verifyConsistency(shrunk, later, proof.value).ok).toBe(false)
        }
      }),
      RUNS,
    )
  })
})

/** The same hashes with one bit changed: which one, counted through all of them. */
function flip(hashes: readonly Uint8Array[], bit: number): readonly Buffer[] {
  const all = Buffer.concat(hashes)
  const place = bit % (all.length * 8)
  all.writeUInt8(all.readUInt8(place >> 3) ^ (1 << (place & 7)), place >> 3)
  return hashes.map((_, index) => all.subarray(index * 32, (index + 1) * 32))
}

/** The same number with one of its 53 bits changed. */
const flipNumber = (value: number, bit: number): number =>
  Number(BigInt(value) ^ (1n << BigInt(bit % 53)))
