import type { NoteSignature } from '../../tlog/note.ts'
import type { VerifierKey } from '../../tlog/verifier-key.ts'

/**
 * Port. Those whom policy names to vouch that the log only ever grows. C2SP tlog-witness.
 */
export interface Witnesses {
  readonly keys: readonly VerifierKey<'ed25519-cosignature'>[]
  /** How many of them have to cosign. */
  readonly quorum: number
  /**
   * Cosignatures of a checkpoint that its log has signed, by all witnesses who gave one in time. It resolves
   * within the time that the witnesses have, and leaves those out who fail.
   */
  cosign(note: Buffer, proofFrom: ProofFrom): Promise<readonly NoteSignature[]>
}

/** Consistency proof from an earlier size, at least 1, to the size of the checkpoint. Rejects when there is none. */
export type ProofFrom = (size: number) => Promise<readonly Uint8Array[]>
