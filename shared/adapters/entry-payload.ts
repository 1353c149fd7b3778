import { deflateSync, inflateSync } from 'node:zlib'

import type { StoredEntry } from '../recording/entry-store.ts'

/** An entry's bytes as a document holds them. */
export interface Payload {
  readonly encoding: 'plain' | 'deflate'
  readonly bytes: Buffer
}

/** A Firestore document is at most 1 MiB, names and other fields included. */
const MAX_PAYLOAD_BYTES = 1_000_000
const MAX_ENTRY_BYTES = 8 * 1024 * 1024

/** Below this an entry stays readable in Google's console, and costs no CPU. */
const MAX_PLAIN_BYTES = 64 * 1024

/** Whether every store can hold an entry: packed, with its ciphertext, it fits a document. */
export function isKeepable({ bytes, ciphertext }: StoredEntry): boolean {
  const packed = packPayload(bytes)
  return (
    packed !== undefined && packed.bytes.length + (ciphertext?.length ?? 0) <= MAX_PAYLOAD_BYTES
  )
}

/** An entry's bytes in the form that fits a document, or undefined when there is none. */
export function packPayload(bytes: Buffer): Payload | undefined {
  if (bytes.length <= MAX_PLAIN_BYTES) return { encoding: 'plain', bytes }
  if (bytes.length > MAX_ENTRY_BYTES) return undefined
  const packed = deflateSync(bytes)
  return packed.length > MAX_PAYLOAD_BYTES ? undefined : { encoding: 'deflate', bytes: packed }
}

/** The bytes that `packPayload` was given. Throws for anything else, and for a bomb. */
export function unpackPayload(payload: Payload): Buffer {
  return payload.encoding === 'plain'
    ? payload.bytes
    : inflateSync(payload.bytes, { maxOutputLength: MAX_ENTRY_BYTES })
}
