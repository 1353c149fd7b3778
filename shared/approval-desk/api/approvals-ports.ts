import type { Context } from 'hono'

import type { Grants } from '../../approval/grants.ts'
import type { Publish } from '../../approval/messages.ts'
import type { PeopleSeen } from '../../approval/people-seen.ts'
import type { Identify, IdentityProblem } from '../../identity/principal.ts'
import type { Result } from '../../kernel/result.ts'
import type { Policy } from '../../policy/policy.ts'
import type { KnownRecorded, RecordedGrant } from '../../recording/record-grant.ts'
import type { Recorder } from '../../recording/recorder.ts'
import type { RefusalBudget } from '../../recording/refusal-budget.ts'

/** What the approvals API asks of the world. */
export interface ApprovalsPorts extends Recorder {
  /** The policy in force, or why there is none. */
  readonly policy: () => Result<Policy, readonly string[]>
  readonly identify: Identify
  readonly grants: Grants
  readonly peopleSeen: PeopleSeen
  readonly publish: Publish
  /** Which events of which grant this instance knows to be on the record. */
  readonly known: KnownRecorded
  /**
   * Port. Does what follows from a grant that was revoked, taken back or reviewed: what runs is stopped, whoever was
   * asked sees it. May reject: the sweep does what is left.
   */
  readonly settled: (grant: RecordedGrant) => Promise<unknown>
  /** Hears of what went wrong without anybody's request failing for it. */
  readonly onTrouble: (cause: unknown) => void
}

/** What its HTTP surface knows of the world around it. */
export interface ApprovalsSurface {
  /** Where it is mounted, as the record names it. */
  readonly mountedAt?: string
  /** The caller's address; from a header only where a trusted proxy sets it. */
  readonly sourceAddress: (c: Context) => string | undefined
  /** Value of `WWW-Authenticate` for a refusal that is a 401. */
  readonly challenge: (problem: IdentityProblem) => string | undefined
  /** How many refusals of callers nobody knows are recorded. */
  readonly refusalBudget: RefusalBudget
  /** Hears of what nobody expected. */
  readonly onFailure: (cause: unknown) => void
}
