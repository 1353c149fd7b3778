import { expect, test } from 'vitest'
import { z } from 'zod'

import { parseTilePath, tilePath } from '../../shared/tlog/tile-path.ts'
import type { Tile } from '../../shared/tlog/tile.ts'
import { writtenTiles } from '../../shared/tlog/written-tiles.ts'
import { describeVectors } from '../support/vectors.ts'

const n = z.number()
const format = z.object({
  tilePath: z.array(z.tuple([n, n, n, z.string()])),
  nEncoding: z.array(z.tuple([n, z.string()])),
  entries: z.array(z.tuple([n, n, z.string()])),
  tree70000: z.record(z.string(), n),
  tree256: z.record(z.string(), n),
})

describeVectors('c2sp', (vectors) => {
  const paths = format.parse(vectors.json('tile-paths.json'))

  test('there are eleven paths', () => {
    const { tilePath: tiles, nEncoding, entries } = paths
    expect([tiles.length, nEncoding.length, entries.length]).toEqual([5, 1, 5])
  })

  test.each(paths.tilePath)('tile %d %d, partial %d: %s', (level, index, partial, path) => {
    expect(both({ level, index, width: partial === 0 ? 256 : partial })).toBe(path)
  })

  test.each(paths.nEncoding)('tile %d: %s', (index, path) => {
    expect(both({ level: 0, index, width: 256 })).toBe(`tile/0/${path}`)
  })

  test.each(paths.entries)('the bundle of entry %d in a log of %d: %s', (entry, size, path) => {
    const index = Math.floor(entry / 256)
    expect(both({ level: 'entries', index, width: Math.min(256, size - index * 256) })).toBe(path)
  })

  test.each([70_000, 256])('a log of %d has the tiles of C2SP’s example', (size) => {
    const counts = new Map<string, number>()
    for (const { level, width } of writtenTiles(0, size)) {
      if (level === 'entries') continue
      const kind = `l${level}${width === 256 ? 'full' : 'partial'}`
      // The example counts tiles, and of a partial one its hashes.
      counts.set(kind, width === 256 ? (counts.get(kind) ?? 0) + 1 : width)
    }
    const expected = size === 256 ? paths.tree256 : paths.tree70000
    expect(Object.fromEntries(counts)).toEqual(expected)
  })
})

/** The path of a tile, which is read back as that tile. */
function both(tile: Tile): string {
  const path = tilePath(tile)
  expect(parseTilePath(path)).toEqual({ ok: true, value: tile })
  return path
}
