import { nodeHash } from './hash.ts'
import type { TreeNode } from './tree-node.ts'

/**
 * The hash of a perfect subtree over some of these hashes, with the hashes as its leaves.
 * Throws `RangeError` when they do not reach that far.
 */
export function subtreeHash(hashes: readonly Uint8Array[], { level, index }: TreeNode): Uint8Array {
  const width = 2 ** level
  let row = hashes.slice(index * width, (index + 1) * width)
  if (row.length !== width) throw new RangeError('a subtree lacks a hash')
  while (row.length > 1) row = pairs(row)
  const [root] = row
  if (root === undefined) throw new RangeError('a subtree lacks a hash')
  return root
}

function pairs(row: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = []
  let left: Uint8Array | undefined
  for (const hash of row) {
    if (left === undefined) {
      left = hash
    } else {
      above.push(nodeHash(left, hash))
      left = undefined
    }
  }
  return above
}
