import { type Result, err, ok } from '../kernel/result.ts'
import type { TileProblem } from './hash-tile.ts'
import type { Tile } from './tile.ts'

/** The longest entry a bundle can hold, in bytes. */
const MAX_ENTRY_BYTES = 65_535

/**
 * The bytes of a bundle of these entries: each after its length, a big-endian uint16.
 * C2SP tlog-tiles, “Log entries”. Throws `RangeError` for an entry of more than 65,535 bytes.
 */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.length > MAX_ENTRY_BYTES)
        throw new RangeError(`an entry has at most ${MAX_ENTRY_BYTES} bytes`)
      return [Buffer.of(entry.length >> 8, entry.length & 0xff), entry]
    }),
  )
}

/**
 * The entries in a bundle's bytes: exactly as many as the bundle is wide, and nothing after them. They
 * share the memory of the bytes.
 */
export function decodeEntryBundle(
  tile: Tile,
  bytes: Uint8Array,
): Result<readonly Uint8Array[], TileProblem> {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bytes.length && entries.length < tile.width) {
    const [high, low] = bytes.subarray(at, at + 2)
    if (high === undefined || low === undefined) break
    const end = at + 2 + high * 256 + low
    entries.push(bytes.subarray(at + 2, end))
    // Past the end when the last entry is cut short, which is refused below.
    at = end
  }
  return tile.level === 'entries' && entries.length === tile.width && at === bytes.length
    ? ok(entries)
    : err({ problem: 'tile-malformed', tile })
}
