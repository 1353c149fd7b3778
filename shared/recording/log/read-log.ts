import { decodeEntryBundle } from '../../tlog/entry-bundle.ts'
import type { TileProblem } from '../../tlog/hash-tile.ts'
import { HASH_BYTES } from '../../tlog/hash.ts'
import { type ReadTile, hashesFromTiles } from '../../tlog/hashes-from-tiles.ts'
import { type ReadHashes } from '../../tlog/prove.ts'
import { tilePath } from '../../tlog/tile-path.ts'
import { TILE_WIDTH, type Tile } from '../../tlog/tile.ts'
import type { LogObjects } from '../log-objects.ts'

/** Where a log is read: `LogObjects`, or anything else that has its tiles. */
export type ReadObjects = Pick<LogObjects, 'read'>

/** A leaf in its place. */
export interface LeafAt {
  readonly index: number
  /** As it is in its bundle. */
  readonly bytes: Uint8Array
}

/**
 * The leaves `from` up to, not including, `to` of the tree of `size` leaves, in their order. Throws when the
 * log is not there, or its bundles are none; whether they are what is signed is for the reader to verify.
 */
export async function* leavesBetween(
  objects: ReadObjects,
  { from, to, size }: { readonly from: number; readonly to: number; readonly size: number },
): AsyncGenerator<LeafAt> {
  const bundles = Math.ceil(to / TILE_WIDTH)
  for (let next = Math.floor(from / TILE_WIDTH); next < bundles; next += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, bundles - next) }, (_, i) => next + i)
    // oxlint-disable-next-line no-await-in-loop -- a few at once, however long the log is
    const read = await Promise.all(numbers.map((bundle) => bundleOf(objects, bundle, size)))
    for (const [place, bytes] of read.flat().entries()) {
      const index = next * TILE_WIDTH + place
      if (index >= from && index < to) yield { index, bytes }
    }
  }
}

/** How many bundles are read at once. */
const AT_ONCE = 8

/** The leaves of one bundle of the tree of `size` leaves. Throws as `leavesBetween` does. */
export async function bundleOf(
  objects: ReadObjects,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH)
  const tile: Tile = { level: 'entries', index, width }
  const { tile: found, bytes } = await storedTile(objects, tile)
  const leaves = decodeEntryBundle(found, bytes)
  if (!leaves.ok) throw new Error(`what is stored is no bundle: \`${tilePath(found)}\``)
  return leaves.value.slice(0, width)
}

/** Reads hashes of the tree of `size` leaves, for proofs. Rejects where the log is not there. */
export function hashesOf(objects: ReadObjects, size: number): ReadHashes<TileProblem> {
  const readTile: ReadTile = async (tile) => {
    const { bytes } = await storedTile(objects, tile)
    return bytes.subarray(0, tile.width * HASH_BYTES)
  }
  return hashesFromTiles(size, readTile)
}

/** The tile, or the full one where nobody keeps the partial one any more. C2SP tlog-tiles, “Partial Tiles”. */
async function storedTile(objects: ReadObjects, tile: Tile) {
  const bytes = await objects.read(tilePath(tile))
  if (bytes !== undefined) return { tile, bytes }
  const full = { ...tile, width: TILE_WIDTH }
  const whole = tile.width < TILE_WIDTH ? await objects.read(tilePath(full)) : undefined
  if (whole === undefined) throw new Error(`the log has no \`${tilePath(tile)}\``)
  return { tile: full, bytes: whole }
}
