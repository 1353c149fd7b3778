import { type Result, err, ok } from '../kernel/result.ts'
import { nodeHash } from './hash.ts'
import { type TreeNode, largestSubtree, perfectSubtrees } from './tree-node.ts'

/**
 * Port. The hashes of these perfect subtrees, of 32 bytes each, in the order asked for. Its problem
 * says what was wrong with what is stored; it rejects when the store cannot be read.
 */
export type ReadHashes<P> = (
  nodes: readonly TreeNode[],
) => Promise<Result<readonly Uint8Array[], P>>

/** There is no such leaf, or no such earlier tree. */
export interface OutOfRange {
  readonly problem: 'out-of-range'
}

/**
 * Proof that the tree of `size` leaves has the leaf `index`: hashes of 32 bytes from the leaf's
 * sibling up to the root's child. RFC 6962 §2.1.1.
 */
export async function proveInclusion<P>(
  index: number,
  size: number,
  read: ReadHashes<P>,
): Promise<Result<readonly Uint8Array[], P | OutOfRange>> {
  if (!isSize(index) || !isSize(size) || index >= size) return err({ problem: 'out-of-range' })
  const path: Leaves[] = []
  let leaves: Leaves = { from: 0, to: size }
  while (leaves.to - leaves.from > 1) {
    const { left, right } = split(leaves)
    path.push(index < left.to ? right : left)
    leaves = index < left.to ? left : right
  }
  return hashesOf(path.toReversed(), read)
}

/**
 * Proof that the tree of `size` leaves starts with the tree of its first `earlier` leaves: hashes of
 * 32 bytes. Every tree starts with the empty one, which has no proof: `earlier` is at least 1.
 * RFC 6962 §2.1.2.
 */
export async function proveConsistency<P>(
  earlier: number,
  size: number,
  read: ReadHashes<P>,
): Promise<Result<readonly Uint8Array[], P | OutOfRange>> {
  if (!isSize(earlier) || !isSize(size) || earlier < 1 || earlier > size)
    return err({ problem: 'out-of-range' })
  const path: Leaves[] = []
  let leaves: Leaves = { from: 0, to: size }
  while (leaves.to !== earlier) {
    const { left, right } = split(leaves)
    path.push(earlier <= left.to ? right : left)
    leaves = earlier <= left.to ? left : right
  }
  // What is left is the earlier tree itself, which the verifier knows, or the end of it.
  if (leaves.from > 0) path.push(leaves)
  return hashesOf(path.toReversed(), read)
}

/** The leaves `from` up to, not including, `to`. */
interface Leaves {
  readonly from: number
  readonly to: number
}

/** RFC 6962 §2.1: to the left goes the largest power of two smaller than their number. */
function split({ from, to }: Leaves): { readonly left: Leaves; readonly right: Leaves } {
  const middle = from + largestSubtree(to - from - 1).leaves
  return { left: { from, to: middle }, right: { from: middle, to } }
}

async function hashesOf<P>(
  path: readonly Leaves[],
  read: ReadHashes<P>,
): Promise<Result<readonly Uint8Array[], P>> {
  const subtrees = path.map(({ from, to }) => perfectSubtrees(from, to))
  const answer = await read(subtrees.flat())
  if (!answer.ok) return answer
  let next = 0
  return ok(
    subtrees.map(({ length }) => {
      const hashes = answer.value.slice(next, next + length)
      next += length
      return hashes.reduceRight((right, left) => nodeHash(left, right))
    }),
  )
}

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
