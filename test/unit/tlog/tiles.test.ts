import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { emptyRange, extendRange, rootOf } from '../../../shared/tlog/compact-range.ts'
import { decodeEntryBundle, encodeEntryBundle } from '../../../shared/tlog/entry-bundle.ts'
import { growTree } from '../../../shared/tlog/grow-tree.ts'
import { decodeHashTile, encodeHashTile } from '../../../shared/tlog/hash-tile.ts'
import { leafHash } from '../../../shared/tlog/hash.ts'
import { hashesFromTiles } from '../../../shared/tlog/hashes-from-tiles.ts'
import { proveConsistency, proveInclusion } from '../../../shared/tlog/prove.ts'
import { tilePath } from '../../../shared/tlog/tile-path.ts'
import type { Tile } from '../../../shared/tlog/tile.ts'
import { type TreeEdge, emptyEdge, parseEdge, rangeOfEdge } from '../../../shared/tlog/tree-edge.ts'
import { verifyConsistency } from '../../../shared/tlog/verify-consistency.ts'
import { verifyInclusion } from '../../../shared/tlog/verify-inclusion.ts'
import { edgeTiles, writtenTiles } from '../../../shared/tlog/written-tiles.ts'
import { naiveRoot } from '../../support/naive-tree.ts'

const LARGEST = 66_000
const entries = Array.from({ length: LARGEST }, (_, index) => Buffer.from(`entry ${index}`))
const leaves = entries.map(leafHash)
const sizes = fc.oneof(
  fc.nat(1100),
  fc.nat(LARGEST),
  fc.constantFrom(0, 1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 65_792),
)

/** Everything a log has written, by path, and its edge. */
function grown(...steps: readonly number[]): {
  readonly stored: Map<string, Buffer>
  readonly edge: TreeEdge
} {
  const stored = new Map<string, Buffer>()
  let edge = emptyEdge
  for (const size of steps) {
    const growth = growTree(edge, entries.slice(edge.size, size))
    for (const { tile, bytes } of growth.tiles) stored.set(tilePath(tile), bytes)
    edge = growth.edge
  }
  return { stored, edge }
}

function readFrom(stored: ReadonlyMap<string, Buffer>) {
  return (tile: Tile): Promise<Buffer> => {
    const bytes = stored.get(tilePath(tile))
    return bytes === undefined ? Promise.reject(new Error(tilePath(tile))) : Promise.resolve(bytes)
  }
}

const tileOf = (width: number): Tile => ({ level: 'entries', index: 0, width })

const rootAt = (size: number): Uint8Array => rootOf(extendRange(emptyRange, leaves.slice(0, size)))

describe('a growing tree', () => {
  test('writes exactly the tiles that C2SP says the larger tree has and the smaller one has not', () => {
    fc.assert(
      fc.property(sizes, sizes, (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const { edge } = grown(from)
        const paths = growTree(edge, entries.slice(from, to)).tiles.map(({ tile }) =>
          tilePath(tile),
        )
        expect(paths.toSorted()).toEqual(writtenTiles(from, to).map(tilePath).toSorted())
        const before = new Set(writtenTiles(0, from).map(tilePath))
        const news = writtenTiles(0, to)
          .map(tilePath)
          .filter((path) => !before.has(path))
        expect(paths.toSorted()).toEqual(news.toSorted())
      }),
      { numRuns: 8 },
    )
  })

  test('has the bytes of the specification at every path, in however many steps it grew', () => {
    fc.assert(
      fc.property(fc.nat(700), fc.nat(700), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        const { stored } = grown(from, to)
        for (const tile of writtenTiles(0, to)) {
          const start = tile.index * 256
          const span = tile.level === 1 ? 256 : 1
          const hashes = Array.from({ length: tile.width }, (_, place) =>
            naiveRoot(leaves.slice((start + place) * span, (start + place + 1) * span)),
          )
          const expected =
            tile.level === 'entries'
              ? encodeEntryBundle(entries.slice(start, start + tile.width))
              : Buffer.concat(hashes)
          expect(stored.get(tilePath(tile)), tilePath(tile)).toEqual(expected)
        }
      }),
      { numRuns: 8 },
    )
  })

  test('can be picked up from what is stored, with the root of a compact range', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { stored, edge } = grown(size)
        const bytes = edgeTiles(size).map((tile) => stored.get(tilePath(tile)) ?? Buffer.of())
        const read = parseEdge(size, bytes)
        if (!read.ok) throw new Error(tilePath(read.error.tile))
        expect(rangeOfEdge(read.value)).toEqual(rangeOfEdge(edge))
        expect(rootOf(rangeOfEdge(read.value))).toEqual(rootAt(size))
        const more = [Buffer.from('more')]
        expect(growTree(read.value, more).tiles).toEqual(growTree(edge, more).tiles)
        for (const [place, tile] of edgeTiles(size).entries()) {
          const refusal = { ok: false, error: { problem: 'tile-malformed', tile } }
          expect(parseEdge(size, bytes.with(place, Buffer.of(0)))).toEqual(refusal)
          expect(parseEdge(size, bytes.slice(0, place))).toEqual(refusal)
        }
      }),
      { numRuns: 8 },
    )
  })

  test('does not touch the edge it grew from, and growth by nothing writes nothing', () => {
    const { edge } = grown(300)
    growTree(edge, entries.slice(300, 600))
    expect(edge).toEqual(grown(300).edge)
    expect(growTree(edge, [])).toEqual({ edge, tiles: [] })
  })
})

describe('proofs from tiles', () => {
  const size = 65_800
  const { stored } = grown(300, 65_536, size)
  const read = hashesFromTiles(size, readFrom(stored))

  test('of leaves and earlier trees hold', async () => {
    const root = rootAt(size)
    for (const index of [0, 255, 256, 300, 4711, 65_535, 65_536, 65_799]) {
      const proof = await proveInclusion(index, size, read)
      const claim = { index, size, leafHash: leaves[index] ?? Buffer.of(), root }
      expect(proof.ok && verifyInclusion(claim, proof.value).ok, String(index)).toBe(true)
      const earlier = index + 1
      const growth = await proveConsistency(earlier, size, read)
      const head = { size: earlier, root: rootAt(earlier) }
      expect(growth.ok && verifyConsistency(head, { size, root }, growth.value).ok).toBe(true)
    }
  })

  test('read every tile once, and only tiles the tree has', async () => {
    const seen: string[] = []
    const counting = hashesFromTiles(size, (tile) => {
      seen.push(tilePath(tile))
      return readFrom(stored)(tile)
    })
    await proveInclusion(4711, size, counting)
    expect(seen.toSorted()).toEqual([
      'tile/0/018',
      'tile/0/257.p/8',
      'tile/1/000',
      'tile/1/001.p/1',
    ])
  })

  test('name the tile that is not as long as it should be', async () => {
    const broken = new Map([...stored, ['tile/1/000', Buffer.alloc(8191)]])
    expect(await proveInclusion(0, size, hashesFromTiles(size, readFrom(broken)))).toEqual({
      ok: false,
      error: { problem: 'tile-malformed', tile: { level: 1, index: 0, width: 256 } },
    })
  })
})

describe('entry bundles', () => {
  test('hold what was put in, and nothing else is read', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }),
        fc.nat(5000),
        (list, cut) => {
          const bytes = encodeEntryBundle(list)
          expect(decodeEntryBundle(tileOf(list.length), bytes)).toMatchObject({
            ok: true,
            value: list.map((entry) => Buffer.from(entry)),
          })
          const tile = tileOf(list.length)
          const refusal = { ok: false, error: { problem: 'tile-malformed', tile } }
          expect(decodeEntryBundle(tile, bytes.subarray(0, cut % bytes.length))).toEqual(refusal)
          expect(decodeEntryBundle(tile, Buffer.concat([bytes, Buffer.of(0)]))).toEqual(refusal)
          expect(decodeEntryBundle(tileOf(list.length + 1), bytes).ok).toBe(false)
        },
      ),
    )
  })

  test('hold entries of up to 65,535 bytes', () => {
    const longest = Buffer.alloc(65_535, 7)
    expect(decodeEntryBundle(tileOf(1), encodeEntryBundle([longest]))).toEqual({
      ok: true,
      value: [longest],
    })
    expect(() => encodeEntryBundle([Buffer.alloc(65_536)])).toThrow(RangeError)
  })

  test('are not tiles of hashes, nor the other way round', () => {
    const hashTile: Tile = { level: 0, index: 0, width: 1 }
    expect(decodeEntryBundle(hashTile, encodeEntryBundle([Buffer.alloc(1)])).ok).toBe(false)
    expect(decodeHashTile(tileOf(1), Buffer.alloc(32)).ok).toBe(false)
    expect(decodeHashTile(hashTile, Buffer.alloc(32)).ok).toBe(true)
    expect(decodeHashTile(hashTile, Buffer.alloc(64)).ok).toBe(false)
    expect(() => encodeHashTile([Buffer.alloc(31)])).toThrow(RangeError)
  })
})
