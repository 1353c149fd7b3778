// RFC 3720 §12.1: the Castagnoli polynomial, reflected.
const POLYNOMIAL = 0x82f63b78

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0)
  return value >>> 0
})

/** CRC-32C of `bytes` as an unsigned 32-bit number: the checksum that Google's services send. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  // By index: an iterator takes eight times as long, and a batch of the log is many megabytes.
  for (let at = 0; at < bytes.length; at += 1)
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}
