import { deflateRawSync } from 'node:zlib'

/**
 * What `deflateRawSync` makes of bytes by its defaults, with as much memory as they need: the window of 32 KiB that it
 * clears for a few words costs more than to compress and to sign them.
 */
export function deflate(bytes: Uint8Array): Buffer {
  const windowBits = Math.ceil(Math.log2(bytes.length + MIN_LOOKAHEAD))
  return deflateRawSync(bytes, {
    windowBits: Math.min(Math.max(windowBits, LEAST_BITS), MOST_BITS),
    chunkSize: Math.min(bytes.length + 128, MOST_CHUNK_BYTES),
  })
}

/** So much of a window zlib keeps for what comes: nothing is found further back than the rest. */
const MIN_LOOKAHEAD = 262
const LEAST_BITS = 9
const MOST_BITS = 15
const MOST_CHUNK_BYTES = 16 * 1024
