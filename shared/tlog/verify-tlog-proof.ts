import { type Result, ok } from '../kernel/result.ts'
import {
  type LogTrust,
  type OpenCheckpointProblem,
  type VerifiedCheckpoint,
  openCheckpoint,
} from './open-checkpoint.ts'
import type { ProofProblem } from './proof-problem.ts'
import type { TlogProof } from './tlog-proof.ts'
import { verifyInclusion } from './verify-inclusion.ts'

/**
 * The checkpoint by which the log is bound to the leaf of this hash. C2SP tlog-proof, “Verifying a
 * tlog proof”. How many of its cosignatures are enough, and how old they may be, is for the reader
 * to say.
 */
export function verifyTlogProof(
  { index, hashes, checkpoint }: TlogProof,
  leafHash: Uint8Array,
  trust: LogTrust,
): Result<VerifiedCheckpoint, OpenCheckpointProblem | ProofProblem> {
  const opened = openCheckpoint(checkpoint, trust)
  if (!opened.ok) return opened
  const { size, root } = opened.value
  const included = verifyInclusion({ index, size, leafHash, root }, hashes)
  return included.ok ? ok(opened.value) : included
}
