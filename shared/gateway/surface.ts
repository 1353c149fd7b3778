import type { Context } from 'hono'

import type { IdentityProblem } from '../identity/principal.ts'
import type { RefusalBudget } from '../recording/refusal-budget.ts'
import type { AnsweredCall } from './answered-call.ts'

/** What the HTTP surface knows of the world around it. */
export interface Surface {
  /** The gateway's address as callers see it, without a trailing slash. */
  readonly publicUrl: string
  /** The caller's address; from a header only where a trusted proxy sets it. */
  readonly sourceAddress: (c: Context) => string | undefined
  /** Value of `WWW-Authenticate` for a refusal that is a 401 (RFC 6750 §3, RFC 9728 §5.1). */
  readonly challenge: (problem: IdentityProblem) => string | undefined
  /** How many refusals of callers nobody knows are recorded. */
  readonly refusalBudget: RefusalBudget
  /** Hears of what nobody expected. The cause may quote a request: log its type, not its text. */
  readonly onFailure: (cause: unknown) => void
  /** Hears of every call of BigQuery's API once its answer is ready; undefined where nobody listens. */
  readonly onAnswered?: (call: AnsweredCall) => void
}
