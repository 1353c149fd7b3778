import { hash as hashOf } from 'node:crypto'

import { canonicalJson } from '../kernel/canonical-json.ts'
import { preAuthenticationEncoding } from '../tlog/pre-authentication-encoding.ts'
import type { StoredEntry } from './entry-store.ts'
import type { Entry } from './entry.ts'
import type { Writer } from './writer.ts'

/** The media type that separates an entry's hash from every other hash. */
export const ENTRY_TYPE = 'application/vnd.sluice.entry.v1+json'

/** The one form in which an entry is stored and hashed. */
export type EncodedEntry = Pick<StoredEntry, 'entry' | 'bytes' | 'hash'>

/** The bytes of an entry and their hash. Throws `TypeError` if it has no canonical JSON. */
export function encodeEntry(entry: Entry): EncodedEntry {
  const bytes = Buffer.from(canonicalJson(entry))
  return { entry, bytes, hash: entryHash(bytes) }
}

/** An entry as one writer writes it, under its next number. */
export function stampEntry(
  writer: Pick<Writer, 'stamp'>,
  encoded: EncodedEntry,
  ciphertext?: Buffer,
): StoredEntry {
  const { entry, hash } = encoded
  return { ...encoded, stamp: writer.stamp({ id: entry.id, hash }), ciphertext }
}

/** SHA-256, hex, over the DSSE pre-authentication encoding of an entry's bytes. */
export function entryHash(bytes: Uint8Array): string {
  return hashOf('sha256', preAuthenticationEncoding(ENTRY_TYPE, bytes), 'hex')
}
