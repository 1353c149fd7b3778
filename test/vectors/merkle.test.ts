import { hash } from 'node:crypto'

import { expect, test } from 'vitest'
import { z } from 'zod'

import { emptyRange, extendRange, rootOf } from '../../shared/tlog/compact-range.ts'
import { HASH_BYTES, leafHash } from '../../shared/tlog/hash.ts'
import { verifyConsistency } from '../../shared/tlog/verify-consistency.ts'
import { verifyInclusion } from '../../shared/tlog/verify-inclusion.ts'
import { describeVectors } from '../support/vectors.ts'

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'))
// Go writes an empty slice as null. Sizes go up to 2^64 - 1 and are not rounded to safe integers.
const digest = base64.nullish().transform((bytes) => bytes ?? Buffer.of())
const proof = z
  .array(base64)
  .nullish()
  .transform((hashes) => hashes ?? [])
const inclusion = z.object({
  leafIdx: z.number(),
  treeSize: z.number(),
  root: digest,
  leafHash: digest,
  proof,
  wantErr: z.boolean(),
})
const consistency = z.object({
  size1: z.number(),
  size2: z.number(),
  root1: digest,
  root2: digest,
  proof,
  wantErr: z.boolean(),
})

describeVectors('merkle', (vectors) => {
  const inclusions = vectors.list('testdata/inclusion')
  const consistencies = vectors.list('testdata/consistency')

  test('there are 98 of each', () => {
    expect(inclusions).toHaveLength(98)
    expect(consistencies).toHaveLength(98)
  })

  test.each(inclusions)('%s', (file) => {
    const { leafIdx, treeSize, wantErr, ...vector } = inclusion.parse(vectors.json(file))
    const claim = { ...vector, index: leafIdx, size: treeSize }
    expect(verifyInclusion(claim, vector.proof).ok).toBe(!wantErr)
  })

  test.each(consistencies)('%s', (file) => {
    const { wantErr, ...vector } = consistency.parse(vectors.json(file))
    const holds = ({ root1, root2 }: Roots) =>
      verifyConsistency(
        { size: vector.size1, root: root1 },
        { size: vector.size2, root: root2 },
        vector.proof,
      ).ok
    // Some roots are the words “don’t care”, which we refuse by their length: they stand for a root.
    const [root1, root2] = [standIn(vector.root1), standIn(vector.root2)]
    expect(holds({ root1, root2 })).toBe(!wantErr)
    expect(holds(vector)).toBe(!wantErr && root1 === vector.root1)
  })

  test('the eight leaves of Certificate Transparency have its hashes and roots', () => {
    const hexes = z.array(z.string())
    const { leafInputs, leafHashes, roots } = z
      .object({ leafInputs: hexes, leafHashes: hexes, roots: hexes })
      .parse(vectors.json('rfc6962-constants.json'))
    const leaves = leafInputs.map((hex) => leafHash(Buffer.from(hex, 'hex')))
    expect(leaves.map((leaf) => leaf.toString('hex'))).toEqual(leafHashes)
    expect(roots).toHaveLength(9)
    for (const [size, root] of roots.entries())
      expect(rootOf(extendRange(emptyRange, leaves.slice(0, size)))).toEqual(
        Buffer.from(root, 'hex'),
      )
  })
})

interface Roots {
  readonly root1: Buffer
  readonly root2: Buffer
}

const standIn = (root: Buffer): Buffer =>
  root.length === HASH_BYTES ? root : hash('sha256', root, 'buffer')
