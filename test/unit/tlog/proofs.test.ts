import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { proveConsistency, proveInclusion } from '../../../shared/tlog/prove.ts'
import { verifyConsistency } from '../../../shared/tlog/verify-consistency.ts'
import { verifyInclusion } from '../../../shared/tlog/verify-inclusion.ts'
import {
  hashesFromLeaves,
  naivePath,
  naiveRoot,
  naiveSubproof,
  numberedLeaves,
} from '../../support/naive-tree.ts'

const LARGEST = 40
const leaves = numberedLeaves(LARGEST)
const read = hashesFromLeaves(leaves)
const roots = Array.from({ length: LARGEST + 1 }, (_, size) => naiveRoot(leaves.slice(0, size)))
const rootAt = (size: number): Uint8Array => roots[size] ?? Buffer.of()
const leafAt = (index: number): Uint8Array => leaves[index] ?? Buffer.of()
const good = { ok: true, value: undefined }

async function inclusion(index: number, size: number): Promise<readonly Uint8Array[]> {
  const proof = await proveInclusion(index, size, read)
  if (!proof.ok) throw new Error(proof.error.problem)
  return proof.value
}

async function consistency(earlier: number, size: number): Promise<readonly Uint8Array[]> {
  const proof = await proveConsistency(earlier, size, read)
  if (!proof.ok) throw new Error(proof.error.problem)
  return proof.value
}

const claimOf = (index: number, size: number) => ({
  index,
  size,
  leafHash: leafAt(index),
  root: rootAt(size),
})
const headOf = (size: number) => ({ size, root: rootAt(size) })

describe('inclusion', () => {
  test('every leaf of every small tree has the proof of RFC 6962, and it holds', async () => {
    for (let size = 1; size <= LARGEST; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusion(index, size)
        expect(proof).toEqual(naivePath(index, leaves.slice(0, size)))
        expect(verifyInclusion(claimOf(index, size), proof)).toEqual(good)
      }
    }
  })

  test('a proof holds for no other leaf, place or size', async () => {
    for (let size = 1; size <= 20; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusion(index, size)
        for (let other = 0; other <= 40; other += 1) {
          const claim = claimOf(index, size)
          if (other !== index) {
            expect(verifyInclusion({ ...claim, index: other }, proof).ok).toBe(false)
            expect(verifyInclusion({ ...claim, leafHash: leafAt(other) }, proof).ok).toBe(false)
          }
          if (other !== size)
            expect(verifyInclusion({ ...claim, root: rootAt(other) }, proof).ok).toBe(false)
        }
      }
    }
  })

  test('a proof of another length is refused', async () => {
    for (let size = 1; size <= 20; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusion(index, size)
        const claim = claimOf(index, size)
        const lengthProblem = { ok: false, error: { problem: 'proof-length' } }
        expect(verifyInclusion(claim, [...proof, leafAt(0)])).toEqual(lengthProblem)
        if (proof.length > 0)
          expect(verifyInclusion(claim, proof.slice(0, -1))).toEqual(lengthProblem)
      }
    }
  })

  test.each([
    [0, 0],
    [1, 1],
    [-1, 1],
    [0.5, 1],
    [Number.NaN, 1],
    [0, 2 ** 53],
    [2 ** 53, 2 ** 53 + 2],
    [0, -1],
  ])('there is no leaf %d of %d', async (index, size) => {
    const problem = { ok: false, error: { problem: 'out-of-range' } }
    expect(await proveInclusion(index, size, read)).toEqual(problem)
    expect(verifyInclusion({ ...claimOf(0, 1), index, size }, [])).toEqual(problem)
  })
})

describe('consistency', () => {
  test('every two small trees have the proof of RFC 6962, and it holds', async () => {
    for (let size = 1; size <= LARGEST; size += 1) {
      for (let earlier = 1; earlier <= size; earlier += 1) {
        const proof = await consistency(earlier, size)
        expect(proof).toEqual(naiveSubproof(earlier, leaves.slice(0, size), true))
        expect(verifyConsistency(headOf(earlier), headOf(size), proof)).toEqual(good)
      }
    }
  })

  test('a proof holds for no other tree and no other length', async () => {
    for (let size = 1; size <= 20; size += 1) {
      for (let earlier = 1; earlier <= size; earlier += 1) {
        const proof = await consistency(earlier, size)
        const holds = (from: number, to: number) =>
          verifyConsistency(headOf(from), headOf(to), proof).ok
        for (let other = 0; other <= 40; other += 1) {
          if (other !== earlier && !(proof.length === 0 && other === size))
            expect(holds(other, size), `${other} of ${earlier}→${size}`).toBe(false)
          if (other !== size && !(proof.length === 0 && other === earlier))
            expect(holds(earlier, other), `${other} of ${earlier}→${size}`).toBe(false)
        }
        for (const other of [[...proof, leafAt(0)], proof.slice(0, -1)])
          if (other.length !== proof.length)
            expect(verifyConsistency(headOf(earlier), headOf(size), other)).toEqual({
              ok: false,
              error: { problem: 'proof-length' },
            })
      }
    }
  })

  test.each([
    [0, 0],
    [0, 5],
    [6, 5],
    [-1, 5],
    [1.5, 5],
    [1, 2 ** 53],
  ])('there is no proof from %d to %d', async (earlier, size) => {
    const problem = { ok: false, error: { problem: 'out-of-range' } }
    expect(await proveConsistency(earlier, size, read)).toEqual(problem)
    expect(
      verifyConsistency({ size: earlier, root: rootAt(0) }, { size, root: rootAt(5) }, []),
    ).toEqual(problem)
  })
})

describe('one flipped bit anywhere', () => {
  const sizes = fc
    .integer({ min: 1, max: LARGEST })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size })))

  test('of an inclusion proof, the leaf or the root', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(1e6), async ([size, place], bit) => {
        const [leafHash = Buffer.of(), root = Buffer.of(), ...proof] = flip(
          [leafAt(place - 1), rootAt(size), ...(await inclusion(place - 1, size))],
          bit,
        )
        expect(verifyInclusion({ index: place - 1, size, leafHash, root }, proof)).toEqual({
          ok: false,
          error: { problem: 'wrong-root' },
        })
      }),
      { numRuns: 1000 },
    )
  })

  test('of a consistency proof or a root', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(1e6), async ([size, earlier], bit) => {
        const [before = Buffer.of(), after = Buffer.of(), ...proof] = flip(
          [rootAt(earlier), rootAt(size), ...(await consistency(earlier, size))],
          bit,
        )
        expect(
          verifyConsistency({ size: earlier, root: before }, { size, root: after }, proof),
        ).toEqual({ ok: false, error: { problem: 'wrong-root' } })
      }),
      { numRuns: 1000 },
    )
  })

  test('a hash of another length is refused by its length', async () => {
    const proof = await inclusion(3, 9)
    const problem = { ok: false, error: { problem: 'hash-length' } }
    expect(verifyInclusion(claimOf(3, 9), [Buffer.alloc(31), ...proof.slice(1)])).toEqual(problem)
    expect(verifyInclusion({ ...claimOf(3, 9), leafHash: Buffer.of() }, proof)).toEqual(problem)
    expect(
      verifyConsistency(headOf(3), { size: 9, root: Buffer.alloc(33) }, await consistency(3, 9)),
    ).toEqual(problem)
  })
})

/** The same hashes with one bit changed: which one, counted through all of them. */
function flip(hashes: readonly Uint8Array[], bit: number): readonly Buffer[] {
  const all = Buffer.concat(hashes)
  const place = bit % (all.length * 8)
  all.writeUInt8(all.readUInt8(place >> 3) ^ (1 << (place & 7)), place >> 3)
  return hashes.map((_, index) => all.subarray(index * 32, (index + 1) * 32))
}
