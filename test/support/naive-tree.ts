import { emptyRoot, leafHash, nodeHash } from '../../shared/tlog/hash.ts'
import type { ReadHashes } from '../../shared/tlog/prove.ts'

/** RFC 6962 §2.1 as it stands: the Merkle tree hash of leaf hashes, by recursion. */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first, second] = leaves
  if (first === undefined) return emptyRoot()
  if (second === undefined) return first
  const k = splitOf(leaves.length)
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}

/** RFC 6962 §2.1.1 as it stands: PATH(m, D[n]). */
export function naivePath(m: number, leaves: readonly Uint8Array[]): readonly Uint8Array[] {
  if (leaves.length === 1) return []
  const k = splitOf(leaves.length)
  return m < k
    ? [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))]
}

/** RFC 6962 §2.1.2 as it stands: SUBPROOF(m, D[n], b). */
export function naiveSubproof(
  m: number,
  leaves: readonly Uint8Array[],
  b: boolean,
): readonly Uint8Array[] {
  if (m === leaves.length) return b ? [] : [naiveRoot(leaves)]
  const k = splitOf(leaves.length)
  return m <= k
    ? [...naiveSubproof(m, leaves.slice(0, k), b), naiveRoot(leaves.slice(k))]
    : [...naiveSubproof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))]
}

/** The hashes of leaves that are told apart by their place. */
export function numberedLeaves(count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)))
}

/** Reads the hashes of perfect subtrees out of all leaf hashes. */
export function hashesFromLeaves(leaves: readonly Uint8Array[]): ReadHashes<never> {
  return (nodes) =>
    Promise.resolve({
      ok: true,
      value: nodes.map(({ level, index }) =>
        naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
      ),
    })
}

const splitOf = (count: number): number => {
  let k = 1
  while (k * 2 < count) k *= 2
  return k
}
