import type { Context } from 'hono'

import type { Identify, IdentityProblem } from '../identity/principal.ts'
import type { Result } from '../kernel/result.ts'
import type { Policy } from '../policy/policy.ts'
import type { Recorder } from '../recording/recorder.ts'
import type { RefusalBudget } from '../recording/refusal-budget.ts'

/** What every part of the audit API asks of the world. */
export interface AuditPorts extends Recorder {
  /** The policy in force, or why there is none. */
  readonly policy: () => Result<Policy, readonly string[]>
  readonly identify: Identify
}

/** What its HTTP surface knows of the world around it. */
export interface AuditSurface {
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
