import { hash } from 'node:crypto'

/** The length of every hash of a log, in bytes: SHA-256. */
export const HASH_BYTES = 32

/** The hash of a leaf's bytes, 32 bytes. RFC 6962 §2.1: `SHA-256(0x00 || leaf)`. */
export function leafHash(leaf: Uint8Array): Buffer {
  if (leaf.length > MOST_LEAF_BYTES) return hashOf(Buffer.concat([LEAF_PREFIX, leaf]))
  prefixed.set(leaf, LEAF_PREFIX.length)
  return hashOf(prefixed.subarray(0, LEAF_PREFIX.length + leaf.length))
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
  return hashOf(node)
}

/** The root of the tree without leaves, 32 bytes. RFC 6962 §2.1: `SHA-256()`. */
export function emptyRoot(): Buffer {
  return hash('sha256', '', 'buffer')
}

const LEAF_PREFIX = Buffer.of(0)

// Filled and read without an await in between: one buffer each serves every call.
const MOST_LEAF_BYTES = 4_096
const prefixed = Buffer.alloc(LEAF_PREFIX.length + MOST_LEAF_BYTES)
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1)

/** In memory that hashes share: of its own each would cost as much again as to compute it. */
function hashOf(bytes: Uint8Array): Buffer {
  if (taken === shelf.length) {
    shelf = Buffer.allocUnsafeSlow(HASHES_OF_SHELF * HASH_BYTES)
    taken = 0
  }
  const own = shelf.subarray(taken, taken + HASH_BYTES)
  taken += own.write(hash('sha256', bytes), 'hex')
  return own
}

const HASHES_OF_SHELF = 128
let shelf = Buffer.alloc(0)
let taken = 0
