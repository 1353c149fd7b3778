import type { ColumnUse, Use } from '../analysis/lineage.ts'
import type { OutputMask } from './mask.ts'

/** What a rule adds to a decision, or the connection demands (XACML's *obligation*). */
export interface Obligations {
  /** BigQuery's `maximumBytesBilled`; the strictest of connection and rules. */
  readonly maximumBytesBilled: number | undefined
  /** BigQuery's `jobTimeoutMs`, likewise. */
  readonly jobTimeoutMs: number | undefined
  /** Rows one query may hand out, over all pages. */
  readonly maximumRows: number | undefined
  /** In the order of the output. */
  readonly masks: readonly OutputMask[]
  /** Whether a masked column has part in it: errors and statistics then say less. */
  readonly governed: boolean
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
      readonly effect: 'require-approval'
      readonly rules: readonly string[]
      /** What it would run under. */
      readonly obligations: Obligations
      /** Ids of the entries of `approvals` that have to be met, all of them; sorted. */
      readonly approvals: readonly string[]
      readonly policyDigest: string
    }
  | {
      readonly effect: 'deny'
      readonly rules: readonly string[]
      readonly reason: DenyReason
      /** For `oracle` and `unmasked-target`: what the caller has to change. */
      readonly uses?: readonly DeniedUse[] | undefined
      readonly policyDigest: string
    }

/** What a statement may not do with a masked column; `write` for `unmasked-target`. */
export interface DeniedUse extends Omit<ColumnUse, 'use'> {
  readonly use: Use | 'write'
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
  /** A masked column would decide what is answered: `uses` says where. */
  | 'oracle'
  /** A masked column would be written where no mask at least as strict is in force. */
  | 'unmasked-target'
  /** A rule asks for a justification and there is none. */
  | 'justification-missing'
