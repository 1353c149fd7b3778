import { deflateSync, inflateSync } from 'node:zlib'

import type { Grant } from '../../approval/grant.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { grantSchema } from '../grant-schema.ts'

/** SQL may have a million characters, and a document holds 1 MiB. */
const MAX_PLAIN_BYTES = 16 * 1024
const MAX_PACKED_BYTES = 1_000_000
const MAX_BYTES = 16 * 1024 * 1024

/** The one form in which a grant is stored. Throws for one that no store can hold. */
export function encodeGrant(grant: Grant): Buffer {
  const bytes = Buffer.from(canonicalJson(grant))
  if (bytes.length <= MAX_PLAIN_BYTES) return bytes
  const packed = deflateSync(bytes)
  // The same limits on every store: what works here works there, and what was written can be read.
  if (bytes.length > MAX_BYTES || packed.length > MAX_PACKED_BYTES)
    throw new RangeError(`a grant too large to store \`${grant.id}\``)
  return packed
}

/** The grant that `encodeGrant` was given. Throws when the bytes are something else. */
export function decodeGrant(stored: Uint8Array): Grant {
  const bytes = Buffer.from(stored)
  const plain = bytes[0] === 0x7b ? bytes : inflateSync(bytes, { maxOutputLength: MAX_BYTES })
  return grantSchema.parse(JSON.parse(plain.toString('utf8')))
}
