import type { ReviewTerms } from './review-terms.ts'

/** What the record keeps, for how long, and who else vouches for it; `record` in the policy. */
export interface RecordTerms {
  /**
   * What is kept of the bytes that leave: only how much it was, a digest to hold a copy against, or besides that the
   * masked body, encrypted.
   */
  readonly results: 'none' | 'digest' | 'masked'
  readonly retention: RetentionTerms
  /** Who cosigns the log. */
  readonly witnesses: readonly WitnessTerms[]
  /** How many of them have to. */
  readonly quorum: number
  /** A session in which nothing was done for so long is closed, in milliseconds. */
  readonly sessionIdleMs: number
  /** Which calls are flagged. */
  readonly review: ReviewTerms
}

/** For how long entries stay, in milliseconds from when they were made. */
export interface RetentionTerms {
  /** What is in no class. */
  readonly defaultMs: number
  /** In the order of the file. Of several that an entry is in, the one that keeps longest counts. */
  readonly classes: readonly RetentionClass[]
}

/** An entry of `record.retention.classes`. A call is in it when everything given here fits. */
export interface RetentionClass {
  readonly id: string
  readonly keepMs: number
  /** Patterns as in `data`, lower case: of tables it reads or writes one fits. */
  readonly tables: readonly string[] | undefined
  /** What was decided; `deny` is every call that was refused, for whatever reason. */
  readonly decisions: readonly ('permit' | 'require-approval' | 'deny')[] | undefined
}

/** A C2SP tlog-witness. */
export interface WitnessTerms {
  /** Submission prefix, without a slash at the end. */
  readonly url: string
  /** C2SP verifier key of type cosignature/v1. */
  readonly key: string
}
