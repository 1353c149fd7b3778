/** The perfect subtree over the leaves from `index * 2^level` up to `(index + 1) * 2^level`. */
export interface TreeNode {
  /** Its height; a leaf is at level 0. */
  readonly level: number
  /** Which one of its level it is, from the left, from 0. */
  readonly index: number
}

/**
 * The perfect subtrees that the leaves `from` up to (not including) `to` make, the largest and
 * leftmost first; folded from the right they give the RFC 6962 §2.1 hash of those leaves. `from` is
 * a multiple of the smallest power of two that is at least `to - from`.
 */
export function perfectSubtrees(from: number, to: number): readonly TreeNode[] {
  const nodes: TreeNode[] = []
  for (let start = from; start < to;) {
    const { level, leaves } = largestSubtree(to - start)
    nodes.push({ level, index: start / leaves })
    start += leaves
  }
  return nodes
}

/** The largest perfect subtree that this many leaves fill. At least one leaf. */
export function largestSubtree(count: number): { readonly level: number; readonly leaves: number } {
  let level = 0
  let leaves = 1
  while (leaves * 2 <= count) {
    level += 1
    leaves *= 2
  }
  return { level, leaves }
}
