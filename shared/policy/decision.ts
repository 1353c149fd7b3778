/** What a rule adds to a decision, or the connection demands (XACML's *obligation*). */
export interface Obligations {
  /** BigQuery's `maximumBytesBilled`; the strictest of connection and rules. */
  readonly maximumBytesBilled: number | undefined
  /** BigQuery's `jobTimeoutMs`, likewise. */
  readonly jobTimeoutMs: number | undefined
}

/** The policy decision point's answer (AuthZEN's *decision*). */
export type Decision =
  | {
      readonly effect: 'permit'
      /** Ids of every rule that matched, sorted. */
      readonly rules: readonly string[]
      readonly obligations: Obligations
      /** SHA-256 of the policy text, hex. */
      readonly policyDigest: string
    }
  | {
      readonly effect: 'deny'
      readonly rules: readonly string[]
      readonly reason: DenyReason
      readonly policyDigest: string
    }

export type DenyReason =
  /** The project belongs to no connection of the policy. */
  | 'no-connection'
  /** No rule permits it. */
  | 'no-matching-rule'
  /** A deny rule matched. */
  | 'denied-by-rule'
  /** A rule's condition could not be evaluated for this request: it might have been a deny. */
  | 'condition-failed'
