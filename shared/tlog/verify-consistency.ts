import { type Result, err, ok } from '../kernel/result.ts'
import { HASH_BYTES, nodeHash } from './hash.ts'
import type { ProofProblem } from './proof-problem.ts'

/** A tree by its size, a safe integer, and its root, 32 bytes. */
export interface TreeHead {
  readonly size: number
  readonly root: Uint8Array
}

/**
 * Whether the proof proves that the later tree starts with all leaves of the earlier one.
 * RFC 9162 §2.1.4.2. Of the empty tree nothing can be proved, so as the earlier one it is refused:
 * whoever accepts it says so in his own code. Size and root of a tree have to come from one
 * checkpoint: some proofs hold for the later root at other sizes too.
 */
export function verifyConsistency(
  earlier: TreeHead,
  later: TreeHead,
  proof: readonly Uint8Array[],
): Result<void, ProofProblem> {
  if (
    !Number.isSafeInteger(earlier.size) ||
    !Number.isSafeInteger(later.size) ||
    earlier.size < 1 ||
    earlier.size > later.size
  )
    return err({ problem: 'out-of-range' })
  if ([earlier.root, later.root, ...proof].some(({ length }) => length !== HASH_BYTES))
    return err({ problem: 'hash-length' })
  if (earlier.size === later.size) {
    if (proof.length > 0) return err({ problem: 'proof-length' })
    return same(earlier.root, later.root) ? ok(undefined) : err({ problem: 'wrong-root' })
  }
  let own = earlier.size - 1
  let last = later.size - 1
  while (own % 2 === 1) {
    own = Math.floor(own / 2)
    last = Math.floor(last / 2)
  }
  // An earlier tree that is a perfect subtree of the later one is where the path starts.
  const [seed, ...rest] = own === 0 ? [earlier.root, ...proof] : proof
  if (seed === undefined) return err({ problem: 'proof-length' })
  let earlierHash = seed
  let laterHash = seed
  for (const sibling of rest) {
    if (last === 0) return err({ problem: 'proof-length' })
    if (own % 2 === 1 || own === last) {
      earlierHash = nodeHash(sibling, earlierHash)
      laterHash = nodeHash(sibling, laterHash)
      while (own % 2 === 0 && own !== 0) {
        own /= 2
        last = Math.floor(last / 2)
      }
    } else {
      laterHash = nodeHash(laterHash, sibling)
    }
    own = Math.floor(own / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) return err({ problem: 'proof-length' })
  return same(earlierHash, earlier.root) && same(laterHash, later.root)
    ? ok(undefined)
    : err({ problem: 'wrong-root' })
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
