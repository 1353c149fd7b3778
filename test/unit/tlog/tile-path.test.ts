import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { parseTilePath, tilePath } from '../../../shared/tlog/tile-path.ts'
import type { Tile } from '../../../shared/tlog/tile.ts'

test.each<[Tile, string]>([
  [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
  [{ level: 0, index: 0, width: 1 }, 'tile/0/000.p/1'],
  [{ level: 1, index: 999, width: 255 }, 'tile/1/999.p/255'],
  [{ level: 'entries', index: 1000, width: 256 }, 'tile/entries/x001/000'],
  [{ level: 63, index: 1234067, width: 256 }, 'tile/63/x001/x234/067'],
  [{ level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }, 'tile/0/x009/x007/x199/x254/x740/991'],
])('%j lies at %s', (tile, path) => {
  expect(tilePath(tile)).toBe(path)
  expect(parseTilePath(path)).toEqual({ ok: true, value: tile })
})

test.each([
  '',
  'tile/0/0',
  'tile/0/0000',
  'tile/0/x000/000',
  'tile/0/001/000',
  'tile/0/x001/x000',
  'tile/00/000',
  'tile/64/000',
  'tile/-1/000',
  'tile/data/000',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/000.p/01',
  'tile/0/000.p',
  'tile/0/000/',
  '/tile/0/000',
  'tile/0/000\n',
  'tile/0/٠٠٠',
  'tile/0/../000',
  'tile/0/x009/x007/x199/x254/x740/992',
  'tile/0/x999/x999/x999/x999/x999/x999/999',
])('there is no tile at %j', (path) => {
  expect(parseTilePath(path)).toEqual({ ok: false, error: { problem: 'tile-path-malformed' } })
})

test.each<[string, Tile]>([
  ['of level 64', { level: 64, index: 0, width: 256 }],
  ['of level 0.5', { level: 0.5, index: 0, width: 256 }],
  ['before the first', { level: 0, index: -1, width: 256 }],
  ['beyond 2^53', { level: 0, index: 2 ** 53, width: 256 }],
  ['that is empty', { level: 0, index: 0, width: 0 }],
  ['that is too wide', { level: 0, index: 0, width: 257 }],
])('a tile %s has no path', (_what, tile) => {
  expect(() => tilePath(tile)).toThrow(RangeError)
})

test('every tile has a path of its own', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constant('entries' as const), fc.nat(63)),
      fc.maxSafeNat(),
      fc.integer({ min: 1, max: 256 }),
      (level, index, width) => {
        const tile: Tile = { level, index, width }
        expect(parseTilePath(tilePath(tile))).toEqual({ ok: true, value: tile })
      },
    ),
  )
})
