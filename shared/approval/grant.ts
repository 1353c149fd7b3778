import type { PrincipalFacts } from '../identity/principal.ts'
import type { Brand } from '../kernel/brand.ts'
import type { ApprovalTerms } from '../policy/approval-terms.ts'
import type { Session } from '../session/session.ts'
import type { EffectiveRequest } from './effective-request.ts'

/** 26 characters of lower-case base32. */
export type GrantId = Brand<string, 'GrantId'>

/** States of a grant, as Google's Privileged Access Manager names them. */
export type GrantState =
  | 'approval-awaited'
  | 'denied'
  /** Approved, and what was approved has not run; or a time box that is open. */
  | 'active'
  /** Nobody decided in time, or what was approved did not start in time. */
  | 'expired'
  /** Used, taken back by the requester, or not the same any more when it was to start. */
  | 'ended'
  | 'revoked'

/**
 * What somebody wants approved, and everything that happened to it, oldest first. Events are only ever
 * added; how it stands follows from them (`standingOf`).
 */
export interface Grant extends GrantHead {
  readonly events: readonly GrantEvent[]
}

/** What never changes about a grant. */
export interface GrantHead {
  readonly id: GrantId
  /** The call that is held; its request entry is durable. */
  readonly call: string
  /** Hash of that entry, hex. */
  readonly requestEntry: string
  readonly job: HeldJob
  readonly connection: string
  /** Where it was asked from, and what its client says of itself. Its session's id is in `request`. */
  readonly session: Pick<Session, 'verified' | 'claimed'>
  readonly request: EffectiveRequest
  /** SHA-256, hex, of the canonical JSON of `request`: what people approve. */
  readonly digest: string
  /** SHA-256, hex, of the canonical JSON of the call as sent to BigQuery, labels aside. */
  readonly effectiveDigest: string
  /** All of them have to be met. */
  readonly terms: readonly ApprovalTerms[]
  /** What approvers are told beside `request`. */
  readonly told: Told
  readonly requestedAt: number
  /** Unless it is decided by then, it expires. */
  readonly expiresAt: number
}

/** The job a caller waits for. It becomes BigQuery's once it is approved. */
export interface HeldJob {
  readonly projectId: string
  readonly jobId: string
  readonly location: string | undefined
}

/** What helps to decide. Names and numbers, no values. */
export interface Told {
  readonly statementType: string
  readonly tables: readonly string[]
  readonly targets: readonly string[]
  /** `project.dataset.table.column` of every column with a mask that is read. */
  readonly governedColumns: readonly string[]
  /** Bytes it would process at most, by BigQuery's dry run. */
  readonly estimatedBytes: number | undefined
  readonly justification: string | undefined
}

/** Something that happened to a grant. `at` is epoch milliseconds by the clock of the server that saw it. */
export type GrantEvent =
  | { readonly type: 'asked'; readonly at: number }
  | { readonly type: 'voted'; readonly at: number; readonly vote: Vote }
  /** Enough votes. `until`: it must start before, or the time box ends then. */
  | {
      readonly type: 'approved'
      readonly at: number
      readonly until: number
      readonly box: TimeBox | undefined
    }
  | { readonly type: 'denied'; readonly at: number; readonly by: Voter; readonly reason: string }
  | { readonly type: 'expired'; readonly at: number }
  /** By the requester. */
  | { readonly type: 'cancelled'; readonly at: number }
  | { readonly type: 'revoked'; readonly at: number; readonly by: Voter; readonly reason: string }
  /** Whoever adds it starts the job, and nobody else does. */
  | { readonly type: 'starting'; readonly at: number }
  | { readonly type: 'started'; readonly at: number }
  /** `reason`: what differs from what was approved, or what BigQuery said. */
  | { readonly type: 'not-started'; readonly at: number; readonly reason: string }
  /** Another query ran under the time box. */
  | { readonly type: 'used'; readonly at: number; readonly call: string; readonly bytes: number }
  | { readonly type: 'reminded'; readonly at: number }
  | { readonly type: 'escalated'; readonly at: number }
  /** The requester went ahead without a vote. */
  | { readonly type: 'broke-glass'; readonly at: number; readonly justification: string }
  /** Somebody else looked at a broken glass. */
  | { readonly type: 'reviewed'; readonly at: number; readonly by: Voter; readonly finding: string }

export type GrantEventType = GrantEvent['type']

/** Somebody's yes or no. */
export interface Vote {
  /** Of the message that brought it; the same for every delivery of it. */
  readonly id: string
  readonly by: Voter
  readonly verdict: 'approve' | 'deny'
  /** Never empty for a no. */
  readonly reason: string
  /** `Grant.digest` as it was shown to them. */
  readonly digest: string
  /** A yes to more than the query at hand, for so long. */
  readonly box: { readonly durationMs: number; readonly maximumBytes: number } | undefined
}

/** Who says so, as a token or Slack proved. */
export interface Voter {
  readonly issuer: string
  readonly subject: string
  readonly email: string | undefined
  readonly clientId: string | undefined
  /** Who acts for them (RFC 8693). Nobody's vote counts that an agent casts for them. */
  readonly actors: PrincipalFacts['actors']
  /** As of the vote. */
  readonly groups: readonly string[]
  readonly channel: 'api' | 'slack'
  /** Slack's user id, or the digest of the token. */
  readonly proof: string
}

/** Leave for more than one query. */
export interface TimeBox {
  /** `project.dataset.table` of everything it may touch, by name: what is added later is not in it. */
  readonly tables: readonly string[]
  readonly statementType: string
  /** Over all queries together. */
  readonly maximumBytes: number
}
