import { createHash } from 'node:crypto'

import { canonicalJson } from '../kernel/canonical-json.ts'
import { preAuthenticationEncoding } from '../tlog/pre-authentication-encoding.ts'
import type { StoredEntry } from './entry-store.ts'
import type { Entry } from './entry.ts'

/** The media type that separates an entry's hash from every other hash. */
export const ENTRY_TYPE = 'application/vnd.sluice.entry.v1+json'

/** The one form in which an entry is stored and hashed. Throws `TypeError` if it has none. */
export function encodeEntry(entry: Entry): StoredEntry {
  const bytes = Buffer.from(canonicalJson(entry))
  return { entry, bytes, hash: entryHash(bytes) }
}

/** SHA-256, hex, over the DSSE pre-authentication encoding of an entry's bytes. */
export function entryHash(bytes: Uint8Array): string {
  return createHash('sha256').update(preAuthenticationEncoding(ENTRY_TYPE, bytes)).digest('hex')
}
