import { type Result, err, ok } from '../kernel/result.ts'
import { HASH_BYTES } from './hash.ts'
import type { Tile } from './tile.ts'

/** Bytes that are not what this tile holds. */
export interface TileProblem {
  readonly problem: 'tile-malformed'
  readonly tile: Tile
}

/** The bytes of a tile of these hashes. Throws `RangeError` for a hash that is not 32 bytes long. */
export function encodeHashTile(hashes: readonly Uint8Array[]): Buffer {
  if (hashes.some(({ length }) => length !== HASH_BYTES))
    throw new RangeError(`a hash has ${HASH_BYTES} bytes`)
  return Buffer.concat(hashes)
}

/** The hashes in a tile's bytes: exactly as many as the tile is wide. They share the memory of the bytes. */
export function decodeHashTile(
  tile: Tile,
  bytes: Uint8Array,
): Result<readonly Uint8Array[], TileProblem> {
  if (tile.level === 'entries' || bytes.length !== tile.width * HASH_BYTES)
    return err({ problem: 'tile-malformed', tile })
  return ok(
    Array.from({ length: tile.width }, (_, place) =>
      bytes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES),
    ),
  )
}
