import { promisify } from 'node:util'
import { gunzip, gunzipSync, type ZlibOptions } from 'node:zlib'

/** Below this many compressed bytes a trip to the thread pool costs more than the work. */
const SMALL = 16_384

const gunzipInPool = promisify<Buffer, ZlibOptions, Buffer>(gunzip)

/**
 * `bytes` without their `content-encoding`. Undefined when that is neither gzip nor nothing, when
 * the gzip stream is damaged or cut off, or when it holds more than `maxBytes`.
 */
export async function decodeBody(
  bytes: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (contentEncoding === undefined || contentEncoding === 'identity') return bytes
  // RFC 9110 §8.4.1.3: `x-gzip` is the same.
  if (!/^(?:x-)?gzip$/i.test(contentEncoding)) return undefined
  const size = claimedSize(bytes)
  if (size > maxBytes) return undefined
  // One output chunk of the right size, so that nothing is copied. The cap holds whatever is claimed,
  // and so does the floor: a lie must not cost a million tiny chunks.
  const options = { maxOutputLength: maxBytes, chunkSize: Math.max(4096, size + 1) }
  try {
    return bytes.length < SMALL ? gunzipSync(bytes, options) : await gunzipInPool(bytes, options)
  } catch {
    return undefined
  }
}

/** RFC 1952 §2.3.1: the last four bytes are the size of the input, modulo 2³². */
function claimedSize(bytes: Buffer): number {
  return bytes.length < 18 ? 0 : bytes.readUInt32LE(bytes.length - 4)
}
