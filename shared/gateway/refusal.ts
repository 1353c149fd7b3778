import type { AnalysisProblem } from '../analysis/analysis.ts'
import type { Grant } from '../approval/grant.ts'
import type { ApprovalRequired } from '../approval/permit.ts'
import type { Denial } from '../approval/permit.ts'
import type { UpstreamError } from '../bigquery/upstream-error.ts'
import type { IdentityProblem } from '../identity/principal.ts'
import type { Meter } from '../policy/usage.ts'
import type { BodyProblem } from './read-body.ts'

/** Every way the gateway can say no. Each stage owns its part; `wire-error.ts` knows them all. */
export type Refusal = IdentityProblem | BodyProblem | AnalysisProblem | Denial | GatewayProblem

type GatewayProblem =
  /** The gateway has no policy, or no analyzer: it can decide nothing. */
  | { readonly problem: 'not-ready'; readonly reasons: readonly string[] }
  /** BigQuery has the method, Sluice does not. */
  | { readonly problem: 'not-offered'; readonly what: string; readonly hint: string }
  | { readonly problem: 'unknown-method'; readonly what: string }
  | { readonly problem: 'not-found'; readonly what: string }
  | { readonly problem: 'job-id-taken'; readonly what: string }
  | { readonly problem: 'request-id-reused' }
  /** Nothing was sent to BigQuery. `cause` is for the log. */
  | { readonly problem: 'record-unavailable'; readonly cause: unknown }
  /** BigQuery could not be asked what there is; nothing was decided. `cause` is for the log. */
  | { readonly problem: 'questions-unanswered'; readonly cause: unknown }
  /** BigQuery's dry run says that it could not run. */
  | { readonly problem: 'query-refused'; readonly error: UpstreamError }
  /** BigQuery did something, and it could not be recorded: nothing is released. */
  | {
      readonly problem: 'outcome-unrecorded'
      readonly job: string | undefined
      /** For the log; undefined when the record says that it may not leave. */
      readonly cause: unknown
    }
  /** BigQuery gave no answer. `safeToRetry`: a repeat cannot run it twice. */
  | {
      readonly problem: 'upstream-failed'
      readonly kind: string
      readonly safeToRetry: boolean
      readonly permanent: boolean
      readonly job: string | undefined
    }
  /** BigQuery's reply has a shape Sluice does not know. */
  | { readonly problem: 'reply-not-understood'; readonly job: string | undefined }
  /** The caller has as many requests under way as one may have. */
  | { readonly problem: 'too-many-requests'; readonly most: number }
  /** A kill switch is set. `reason` is for whoever is stopped. */
  | { readonly problem: 'switched-off'; readonly reason: string }
  /** A limit of the policy is reached. */
  | { readonly problem: 'limit-reached'; readonly meter: Meter; readonly most: number }
  /** People have to approve it, and it is no query that could wait for them. */
  | { readonly problem: 'approval-needed'; readonly decision: ApprovalRequired }
  /** It was held, and never will run. */
  | { readonly problem: 'not-approved'; readonly grant: Grant | undefined }
  /** Nobody may be asked at this time; `opensAt` is epoch milliseconds. */
  | { readonly problem: 'nobody-to-ask'; readonly opensAt: number | undefined }
  /** The caller has as many requests for approval waiting as one may have. */
  | { readonly problem: 'too-many-asked'; readonly most: number }
  /** Somebody says that it cannot wait whom policy lets wait. */
  | { readonly problem: 'glass-not-yours' }
  | { readonly problem: 'glass-unjustified' }
  | { readonly problem: 'caller-gone' }
  /** A bug. */
  | { readonly problem: 'failed' }
