import { type Result, err, ok } from '../kernel/result.ts'
import { HASH_BYTES, nodeHash } from './hash.ts'
import type { ProofProblem } from './proof-problem.ts'

/** What an inclusion proof says: the tree of `size` leaves and this root has this leaf at `index`. */
export interface Inclusion {
  readonly index: number
  readonly size: number
  /** The leaf's hash, not its bytes. */
  readonly leafHash: Uint8Array
  readonly root: Uint8Array
}

/**
 * Whether the proof proves it. RFC 9162 §2.1.3.2; indices and sizes are safe integers. Size and root
 * have to come from one checkpoint: some proofs hold for the same root at other sizes too.
 */
export function verifyInclusion(
  { index, size, leafHash, root }: Inclusion,
  proof: readonly Uint8Array[],
): Result<void, ProofProblem> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    return err({ problem: 'out-of-range' })
  if ([leafHash, root, ...proof].some(({ length }) => length !== HASH_BYTES))
    return err({ problem: 'hash-length' })
  let own = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0) return err({ problem: 'proof-length' })
    if (own % 2 === 1 || own === last) {
      hash = nodeHash(sibling, hash)
      while (own % 2 === 0 && own !== 0) {
        own /= 2
        last = Math.floor(last / 2)
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    own = Math.floor(own / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) return err({ problem: 'proof-length' })
  return Buffer.compare(hash, root) === 0 ? ok(undefined) : err({ problem: 'wrong-root' })
}
