import { expect, test } from 'vitest'

import { emptyRange, extendRange, rootOf } from '../../shared/tlog/compact-range.ts'
import { decodeEntryBundle } from '../../shared/tlog/entry-bundle.ts'
import { growTree } from '../../shared/tlog/grow-tree.ts'
import { leafHash } from '../../shared/tlog/hash.ts'
import { hashesFromTiles } from '../../shared/tlog/hashes-from-tiles.ts'
import { openCheckpoint } from '../../shared/tlog/open-checkpoint.ts'
import { proveConsistency, proveInclusion } from '../../shared/tlog/prove.ts'
import { tilePath } from '../../shared/tlog/tile-path.ts'
import { emptyEdge } from '../../shared/tlog/tree-edge.ts'
import { parseVerifierKey } from '../../shared/tlog/verifier-key-text.ts'
import { verifyConsistency } from '../../shared/tlog/verify-consistency.ts'
import { verifyInclusion } from '../../shared/tlog/verify-inclusion.ts'
import { describeVectors } from '../support/vectors.ts'

// The key of Tessera's own test log, from its README.
const KEY = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx'
const LARGEST = 15

describeVectors('tessera-log/testdata/log', (vectors) => {
  const key = parseVerifierKey(KEY)
  if (!key.ok) throw new Error(key.error.problem)
  const trust = { origin: 'example.com/log/testdata', keys: [key.value], witnesses: [] }
  const sizes = Array.from({ length: LARGEST + 1 }, (_, size) => size)

  const entriesAt = (size: number): readonly Uint8Array[] => {
    const tile = { level: 'entries', index: 0, width: size } as const
    const entries = decodeEntryBundle(tile, vectors.bytes(tilePath(tile)))
    if (!entries.ok) throw new Error(entries.error.problem)
    return entries.value
  }
  const all = entriesAt(LARGEST)
  const headAt = (size: number) => {
    const opened = openCheckpoint(vectors.bytes(`checkpoint.${size}`), trust)
    if (!opened.ok) throw new Error(opened.error.problem)
    return opened.value
  }

  test('it has a checkpoint of every size and one that is the latest', () => {
    const checkpoints = vectors.list().filter((file) => file.startsWith('checkpoint'))
    expect(checkpoints).toHaveLength(LARGEST + 2)
    expect(vectors.bytes('checkpoint')).toEqual(vectors.bytes(`checkpoint.${LARGEST}`))
  })

  test.each(sizes)('its checkpoint of size %d is signed and has the root of its leaves', (size) => {
    const { root, signatures, ...rest } = headAt(size)
    expect(rest).toEqual({ origin: trust.origin, size, extensions: [], cosignatures: [] })
    expect(signatures).toEqual([{ key: key.value, at: undefined }])
    expect(rootOf(extendRange(emptyRange, all.slice(0, size).map(leafHash)))).toEqual(root)
  })

  test.each(sizes.slice(1))('its tiles and bundles of size %d are those we write', (size) => {
    expect(entriesAt(size)).toEqual(all.slice(0, size))
    const { tiles } = growTree(emptyEdge, all.slice(0, size))
    expect(tiles.map(({ tile }) => tilePath(tile))).toEqual([
      `tile/entries/000.p/${size}`,
      `tile/0/000.p/${size}`,
    ])
    for (const { tile, bytes } of tiles) expect(bytes).toEqual(vectors.bytes(tilePath(tile)))
  })

  test('all its leaves are proved to be in it, and all its sizes to be of one log', async () => {
    for (const size of sizes.slice(1)) {
      const later = headAt(size)
      const read = hashesFromTiles(size, (tile) => Promise.resolve(vectors.bytes(tilePath(tile))))
      for (let index = 0; index < size; index += 1) {
        const inclusion = await proveInclusion(index, size, read)
        const claim = { index, leafHash: leafHash(all[index] ?? Buffer.of()), ...later }
        expect(inclusion.ok && verifyInclusion(claim, inclusion.value).ok).toBe(true)
        const consistency = await proveConsistency(index + 1, size, read)
        const earlier = headAt(index + 1)
        expect(
          consistency.ok && verifyConsistency(earlier, later, consistency.value).ok,
          `${index + 1} to ${size}`,
        ).toBe(true)
      }
    }
  })
})
