import { HASH_BYTES, emptyRoot, nodeHash } from './hash.ts'

/**
 * What one has to know of a tree to append to it and to tell its root: the perfect subtrees its
 * leaves make, one per bit of the size that is set.
 */
export interface CompactRange {
  /** How many leaves the tree has; a safe integer. */
  readonly size: number
  /** The roots of the perfect subtrees, the largest and leftmost first, of 32 bytes each. */
  readonly hashes: readonly Uint8Array[]
}

export const emptyRange: CompactRange = { size: 0, hashes: [] }

/**
 * The tree with these leaf hashes after its own leaves. It leaves the range it is given as it is.
 * Throws `RangeError` for a leaf hash that is not 32 bytes long and for a range that is none.
 */
export function extendRange(range: CompactRange, leafHashes: Iterable<Uint8Array>): CompactRange {
  const hashes = [...range.hashes]
  let size = range.size
  for (const leaf of leafHashes) {
    if (leaf.length !== HASH_BYTES) throw new RangeError(`a leaf hash has ${HASH_BYTES} bytes`)
    let hash = leaf
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = hashes.pop()
      if (left === undefined) throw new RangeError('a compact range lacks a subtree')
      hash = nodeHash(left, hash)
    }
    hashes.push(hash)
    size += 1
  }
  return { size, hashes }
}

/** The root hash of the tree, 32 bytes, at whatever size it has. */
export function rootOf({ hashes }: CompactRange): Uint8Array {
  const smallest = hashes.at(-1)
  if (smallest === undefined) return emptyRoot()
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), smallest)
}
