/**
 * Why a proof proves nothing: it is about no leaf or tree there could be, it holds a hash that is not
 * 32 bytes long, it has too many or too few hashes, or it leads to another root.
 */
export interface ProofProblem {
  readonly problem: 'out-of-range' | 'hash-length' | 'proof-length' | 'wrong-root'
}
