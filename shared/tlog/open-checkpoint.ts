import { type Brand, mint } from '../kernel/brand.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { type Checkpoint, type CheckpointProblem, parseCheckpoint } from './checkpoint.ts'
import { type NoteProblem, parseNote } from './parse-note.ts'
import type { VerifierKey } from './verifier-key.ts'
import { type NoteVerificationProblem, verifyNote } from './verify-note.ts'
import type { VerifiedSignature } from './verify-signature.ts'

/** Whom somebody believes about one log. */
export interface LogTrust {
  readonly origin: string
  /** The log's own keys. */
  readonly keys: readonly VerifierKey[]
  /** Keys of witnesses; how many of them have to sign is for the reader to say. */
  readonly witnesses: readonly VerifierKey<'ed25519-cosignature'>[]
}

/** A checkpoint that its log has signed. Minted only by `openCheckpoint`. */
export type VerifiedCheckpoint = Brand<
  Checkpoint & {
    /** By keys of the log, each key once; at least one. */
    readonly signatures: readonly VerifiedSignature[]
    /** By witnesses, each key once. */
    readonly cosignatures: readonly VerifiedSignature[]
  },
  'VerifiedCheckpoint'
>

/**
 * Why a note is no checkpoint of that log: beside all else, only witnesses signed it, or it is
 * another log's.
 */
export type OpenCheckpointProblem =
  | NoteProblem
  | NoteVerificationProblem
  | CheckpointProblem
  | { readonly problem: 'checkpoint-not-signed-by-log' }
  | { readonly problem: 'checkpoint-of-another-log'; readonly origin: string }

/** The checkpoint in a signed note. C2SP tlog-checkpoint and signed-note. */
export function openCheckpoint(
  note: Uint8Array,
  trust: LogTrust,
): Result<VerifiedCheckpoint, OpenCheckpointProblem> {
  const parsed = parseNote(note)
  if (!parsed.ok) return parsed
  const verified = verifyNote(parsed.value, [...trust.keys, ...trust.witnesses])
  if (!verified.ok) return verified
  const signatures = verified.value.signatures.filter(({ key }) => trust.keys.includes(key))
  if (signatures.length === 0) return err({ problem: 'checkpoint-not-signed-by-log' })
  const checkpoint = parseCheckpoint(verified.value.text)
  if (!checkpoint.ok) return checkpoint
  const { origin } = checkpoint.value
  // A key may sign for several logs: a checkpoint of one is none of another.
  if (origin !== trust.origin) return err({ problem: 'checkpoint-of-another-log', origin })
  const cosignatures = verified.value.signatures.filter(({ key }) => !trust.keys.includes(key))
  return ok(mint<VerifiedCheckpoint>({ ...checkpoint.value, signatures, cosignatures }))
}
