import type { Leave } from '../approval/permit.ts'
import type { BigQueryCall } from '../bigquery/call.ts'
import type { SqlField } from '../bigquery/sql-type.ts'
import type { Result } from '../kernel/result.ts'
import type { MaskedReply } from '../masking/masked-reply.ts'
import type { Decision, Obligations } from '../policy/decision.ts'
import type { OutputMask } from '../policy/mask.ts'
import type { Delivered } from '../recording/delivered.ts'
import type { CallFacts } from '../recording/entry.ts'
import type { RecordableSession } from '../recording/recorded-caller.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import type { UpstreamReply } from '../upstream/upstream.ts'
import type { ApprovalNote } from './outcome.ts'
import type { Refusal } from './refusal.ts'
import type { SendFailure } from './send.ts'

/** A call somebody wants made, with all that is known of it. */
export interface Action {
  readonly callId: string
  readonly facts: CallFacts
  /** Stage 5. */
  readonly decide: () => Decision
  /** The call as it would go to BigQuery under the decision's obligations. */
  readonly call: (obligations: Obligations) => BigQueryCall
  readonly handle: Handle
  /** Whether it is a query in the sense of limits. */
  readonly isCounted?: boolean
  /** Tables under the views it reads, `project.dataset.table`. */
  readonly under?: readonly string[] | undefined
  /** Leave that people gave it, where policy wants that. */
  readonly leave?: Leave | undefined
  /** What has to be durable before BigQuery hears of it. */
  readonly prepare?: (() => Promise<void>) | undefined
  /** The columns of its result, where analysis was asked for them. */
  readonly outputs?: readonly SqlField[] | undefined
}

/** How a recorded call is made and its reply made fit to leave. */
export interface Handle {
  /** Whether the caller's repeat of this request cannot make BigQuery do it twice. */
  readonly repeatable: boolean
  /** Whether the caller named the request, so that a repeat goes on under the same request entry. */
  readonly named?: boolean
  /** The last word before BigQuery hears of the call, once it is recorded. */
  readonly claim?: (recorded: RecordedPermit) => Promise<Result<void, Refusal>>
  readonly send: (recorded: RecordedPermit) => Promise<Result<UpstreamReply, SendFailure>>
  readonly mask: (
    reply: UpstreamReply,
    recorded: RecordedPermit,
  ) => Result<Masked, 'unexpected-shape'> | Promise<Result<Masked, 'unexpected-shape'>>
  /** Whether an error is that of the job the call is about, and not of the call. */
  readonly jobHasFailed?: () => Promise<boolean>
}

/** A reply that may leave once it is recorded, and what it does to the record. */
export interface Masked {
  readonly reply: MaskedReply
  readonly delivery: Delivered
  /**
   * `call`: the call ends here, or this is a page of one that has ended. `call-if-open`: it ends here
   * unless it has ended; looking again is no delivery. `page`: something leaves, and the call goes
   * on. `pending`: its job goes on, nothing has left.
   */
  readonly ends: 'call' | 'call-if-open' | 'page' | 'pending'
  /** The job failed, although BigQuery answered 200. */
  readonly failed: boolean
  /** The rows of BigQuery's reply, where they are of governed data. */
  readonly governedRows?: Buffer | undefined
  /** The masks on what leaves. */
  readonly masks?: readonly OutputMask[]
  /** What to say about approval. */
  readonly approval?: ApprovalNote | undefined
  /** What else must be durable before the reply leaves; false when it may not leave. */
  readonly keep?: (() => Promise<boolean>) | undefined
}

/** What is left to do once a call is on the record. */
export interface Step {
  readonly facts: CallFacts
  readonly handle: Handle
  readonly session: RecordableSession
  readonly prepare?: Action['prepare']
  /** Whether any answer ends the call, or only one that says something of its job. */
  readonly ends: 'call' | 'job'
}
