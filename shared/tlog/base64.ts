import { HASH_BYTES } from './hash.ts'

/** The base64 of bytes. RFC 4648 §4, padded. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** The bytes of a base64 text; undefined unless it is the one base64 text those bytes have. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  // Fail closed: two texts of one signature would be two notes that say the same.
  return bytes.toString('base64') === text ? bytes : undefined
}

/** The 32 bytes of a hash in base64; undefined for anything else. */
export function decodeHash(text: string): Buffer | undefined {
  const bytes = decodeBase64(text)
  return bytes?.length === HASH_BYTES ? bytes : undefined
}
