import { expect, test } from 'vitest'
import { z } from 'zod'

import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { extendRange, emptyRange, rootOf } from '../../shared/tlog/compact-range.ts'
import { decodeHashTile } from '../../shared/tlog/hash-tile.ts'
import { hashesFromTiles } from '../../shared/tlog/hashes-from-tiles.ts'
import { openCheckpoint } from '../../shared/tlog/open-checkpoint.ts'
import { parseNote } from '../../shared/tlog/parse-note.ts'
import { proveConsistency, proveInclusion } from '../../shared/tlog/prove.ts'
import { subtreeHash } from '../../shared/tlog/subtree-hash.ts'
import { tilePath } from '../../shared/tlog/tile-path.ts'
import type { Tile } from '../../shared/tlog/tile.ts'
import { parseVerifierKey } from '../../shared/tlog/verifier-key-text.ts'
import { isOfType } from '../../shared/tlog/verifier-key.ts'
import { verifyConsistency } from '../../shared/tlog/verify-consistency.ts'
import { verifyInclusion } from '../../shared/tlog/verify-inclusion.ts'
import { verifyNote } from '../../shared/tlog/verify-note.ts'
import { type Vectors, describeVectors } from '../support/vectors.ts'

const ROME = '000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706'
const MILAN = '88ad7a28caeb0b2aa890fdf0304c2fcaf59fca2ee140134ff8c1300bac493482'
const SEEN_AT = Date.UTC(2025, 11, 31)

describeVectors('sunlight-mirror', (vectors) => {
  const mirrored = `witness/mirror/${ROME}`
  const hashesIn = (tile: Tile): readonly Uint8Array[] => {
    const hashes = decodeHashTile(tile, vectors.bytes(`${mirrored}/${tilePath(tile)}`))
    if (!hashes.ok) throw new Error(hashes.error.problem)
    return hashes.value
  }
  const leaves = [
    ...hashesIn({ level: 0, index: 0, width: 256 }),
    ...hashesIn({ level: 0, index: 1, width: 44 }),
  ]

  test.each([
    ['witness/witness.v0.json', `witness/${ROME}`, 'rome2026h1.example.org', 2],
    ['witness2/witness.v0.json', `witness2/${MILAN}`, 'milan2026h1.example.org', 1],
    ['witness/mirror/mirror.v0.json', mirrored, 'rome2026h1.example.org', 1],
  ])('%s cosigned what it saw', (description, folder, origin, signatures) => {
    const key = witnessIn(vectors, description)
    const bytes = vectors.bytes(`${folder}/checkpoint`)
    const note = parseNote(bytes)
    if (!note.ok) throw new Error(note.error.problem)
    expect(note.value.signatures).toHaveLength(signatures)
    expect(verifyNote(note.value, [key])).toMatchObject({
      ok: true,
      value: { signatures: [{ key, at: expect.any(Number) }] },
    })
    expect(parseCheckpoint(note.value.text)).toMatchObject({
      ok: true,
      value: { origin, size: 300 },
    })
    // A witness saw it: that is no word of the log's own.
    expect(openCheckpoint(bytes, { origin, keys: [], witnesses: [key] })).toEqual({
      ok: false,
      error: { problem: 'checkpoint-not-signed-by-log' },
    })
    expect(openCheckpoint(bytes, { origin, keys: [key], witnesses: [] }).ok).toBe(true)
  })

  test('what is no checkpoint is none', () => {
    for (const folder of ['witness', 'witness/mirror'])
      expect(parseNote(vectors.bytes(`${folder}/checkpoint`))).toEqual({
        ok: false,
        error: { problem: 'note-malformed' },
      })
  })

  test('the mirrored tiles give the root that the mirror signed', () => {
    const key = witnessIn(vectors, 'witness/mirror/mirror.v0.json')
    const trust = { origin: 'rome2026h1.example.org', keys: [key], witnesses: [] }
    const opened = openCheckpoint(vectors.bytes(`${mirrored}/checkpoint`), trust)
    if (!opened.ok) throw new Error(opened.error.problem)
    expect(opened.value.signatures).toEqual([{ key, at: SEEN_AT }])
    expect(leaves).toHaveLength(300)
    expect(rootOf(extendRange(emptyRange, leaves))).toEqual(opened.value.root)
    const [top] = hashesIn({ level: 1, index: 0, width: 1 })
    expect(subtreeHash(leaves, { level: 8, index: 0 })).toEqual(top)
  })

  test('every leaf and every earlier size is proved from the mirrored tiles', async () => {
    const root = rootOf(extendRange(emptyRange, leaves))
    const read = hashesFromTiles(300, (tile) =>
      Promise.resolve(vectors.bytes(`${mirrored}/${tilePath(tile)}`)),
    )
    for (const [index, hash] of leaves.entries()) {
      const inclusion = await proveInclusion(index, 300, read)
      const claim = { index, size: 300, leafHash: hash, root }
      expect(inclusion.ok && verifyInclusion(claim, inclusion.value).ok).toBe(true)
      const size = index + 1
      const consistency = await proveConsistency(size, 300, read)
      const earlier = { size, root: rootOf(extendRange(emptyRange, leaves.slice(0, size))) }
      const later = { size: 300, root }
      expect(consistency.ok && verifyConsistency(earlier, later, consistency.value).ok).toBe(true)
    }
  })
})

/** The one key a witness publishes about itself. */
function witnessIn(vectors: Vectors, file: string) {
  const { name, verifier_keys: keys } = z
    .object({ name: z.string(), verifier_keys: z.tuple([z.string()]) })
    .parse(vectors.json(file))
  const key = parseVerifierKey(keys[0])
  if (!key.ok) throw new Error(key.error.problem)
  if (!isOfType('ed25519-cosignature', key.value)) throw new Error('no key of a witness')
  expect(key.value.name).toBe(name)
  return key.value
}
