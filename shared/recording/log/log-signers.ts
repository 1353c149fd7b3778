import type { Sign } from '../../tlog/sign-note.ts'
import type { VerifierKey } from '../../tlog/verifier-key.ts'

/**
 * Port. The keys of the log, both named after it, whose names are its origin. They sign nothing but checkpoints:
 * Ed25519 for witnesses and everybody's tools, P-256 because hardware keeps such keys.
 */
export interface LogSigners {
  readonly ed25519: LogSigner<'ed25519'>
  readonly p256: LogSigner<'ecdsa-p256'>
}

/** One key of the log, with what signs with it. */
export interface LogSigner<Type extends 'ed25519' | 'ecdsa-p256'> {
  readonly key: VerifierKey<Type>
  readonly sign: Sign
}
