import { hash } from 'node:crypto'

/** The length of every hash of a log, in bytes: SHA-256. */
export const HASH_BYTES = 32

/** The hash of a leaf's bytes, 32 bytes. RFC 6962 §2.1: `SHA-256(0x00 || leaf)`. */
export function leafHash(leaf: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF_PREFIX, leaf]), 'buffer')
}

/**
 * The hash over two subtrees, 32 bytes. RFC 6962 §2.1: `SHA-256(0x01 || left || right)`.
 * Throws `RangeError` when either is not 32 bytes long.
 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES)
    throw new RangeError(`a hash has ${HASH_BYTES} bytes`)
  node.set(left, 1)
  node.set(right, 1 + HASH_BYTES)
  return hash('sha256', node, 'buffer')
}

/** The root of the tree without leaves, 32 bytes. RFC 6962 §2.1: `SHA-256()`. */
export function emptyRoot(): Buffer {
  return hash('sha256', '', 'buffer')
}

const LEAF_PREFIX = Buffer.of(0)

// Filled and read without an await in between: one buffer serves every call.
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1)
