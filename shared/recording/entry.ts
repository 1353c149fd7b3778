import type { GrantEvent, Vote } from '../approval/grant.ts'
import type { Json } from '../bigquery/call.ts'
import type { Credential } from '../identity/principal.ts'
import type { Decision } from '../policy/decision.ts'

/**
 * One state change, as it is kept for ever. Stored as canonical JSON; the stored bytes are
 * authoritative. Every member is something an auditor may be asked to explain.
 *
 * A call is `request → approval* → page* → outcome`, or one `refusal`. Chains, signatures and sealing join the
 * envelope later; readers must refuse a `v` they do not know.
 */
export type Entry =
  | RequestEntry
  | ApprovalEntry
  | RefusedVoteEntry
  | RefusalEntry
  | PageEntry
  | OutcomeEntry

interface Envelope {
  readonly v: 1
  /**
   * `<call>~request`, `<call>~approval~<number>`, `<call>~vote~<id>`, `<call>~end`, `<call>~page~<random>`,
   * `<call>~refusal`: an id decides who of two writers won.
   */
  readonly id: string
  /** 26 characters of lower-case base32. */
  readonly call: string
  /** Epoch milliseconds by the clock of the instance that wrote it. */
  readonly at: number
}

/** Durable before BigQuery hears of the call, and before anybody is asked about it. */
export interface RequestEntry extends Envelope, CallFacts {
  readonly type: 'request'
  readonly principal: RecordedPrincipal
  readonly session: RecordedSession
  readonly decision: Exclude<Decision, { effect: 'deny' }>
  /** The grant it waits for, or runs under; undefined when policy permits it. */
  readonly grant: string | undefined
  readonly connection: string
  /** SHA-256, hex, of the canonical JSON of the request as sent to BigQuery, labels aside. */
  readonly effectiveDigest: string
}

/**
 * A call that was not made. The caller may be unknown. Its call id is its own, never derived from
 * the client's request id: the client may try again, and must not find that taken.
 */
export interface RefusalEntry extends Envelope, CallFacts {
  readonly type: 'refusal'
  readonly principal: RecordedPrincipal | undefined
  readonly session: RecordedSession | undefined
  /** The problem tag, such as `token-expired` or `denied`. */
  readonly problem: string
  /** For the auditor; the caller may have been told less. */
  readonly detail: string
  readonly decision: Decision | undefined
  readonly source: { readonly address: string | undefined; readonly userAgent: string | undefined }
  /** How many refusals of unknown callers this instance did not record since the last such entry. */
  readonly unrecorded: number
}

/** Something that happened to a grant, durable before anybody acts on it. */
export interface ApprovalEntry extends Envelope {
  readonly type: 'approval'
  /** Hash of the request entry, hex. */
  readonly request: string
  readonly session: string
  readonly grant: string
  /** What is approved: `Grant.digest`. */
  readonly digest: string
  /** Of the event in the grant, from 0. */
  readonly number: number
  readonly event: GrantEvent
}

/** A vote that does not count. */
export interface RefusedVoteEntry extends Envelope {
  readonly type: 'refused-vote'
  readonly request: string
  readonly session: string
  readonly grant: string
  readonly vote: Vote
  /** The problem tag. */
  readonly problem: string
}

/** Durable before the bytes it describes leave: a result page after the first, or a repeated one. */
export interface PageEntry extends Envelope {
  readonly type: 'page'
  /** Hash of the request entry, hex. */
  readonly request: string
  readonly principal: RecordedPrincipal
  readonly session: RecordedSession
  readonly method: string
  readonly delivery: Delivery
  readonly credentialVersion: string | undefined
  readonly durationMs: number
}

/** The end of a call, under a fixed id: of all who try to end it, one does. */
export interface OutcomeEntry extends Envelope {
  readonly type: 'outcome'
  readonly request: string
  readonly session: string
  readonly outcome:
    /** BigQuery did what was asked; `delivery` says what left. */
    | 'released'
    /** BigQuery said no or the job failed; its words left, if there is a `delivery`. */
    | 'failed'
    /** No answer came; whether it ran is not known unless `detail` says so. */
    | 'unanswered'
    /** The caller went away before the answer; nothing left. */
    | 'not-delivered'
    /** It was held, and never ran. */
    | 'not-run'
    /** It ran, and nobody fetched the result while somebody could still say so. */
    | 'executed-not-delivered'
  readonly detail: string | undefined
  readonly delivery: Delivery | undefined
  readonly credentialVersion: string | undefined
  readonly durationMs: number
}

/** What exactly was handed over. */
export interface Delivery {
  readonly status: number
  readonly job: RecordedJob | undefined
  readonly error: { readonly reason: string; readonly message: string } | undefined
  /** BigQuery's JSON as it wrote it: types can nest deeper than an entry may. */
  readonly schema: string | undefined
  /** Rows in this reply. */
  readonly rows: number
  /** int64 as BigQuery writes it. */
  readonly totalRows: string | undefined
  readonly totalBytesProcessed: string | undefined
  readonly totalBytesBilled: string | undefined
  readonly numDmlAffectedRows: string | undefined
  readonly cacheHit: boolean | undefined
  readonly statementType: string | undefined
  readonly morePages: boolean
  /** Length and SHA-256 (hex) of the exact body delivered. */
  readonly bytes: number
  readonly digest: string
}

export interface RecordedJob {
  readonly projectId: string
  readonly jobId: string
  readonly location: string | undefined
}

/** What was asked. */
export interface CallFacts {
  readonly method: string
  readonly projectId: string | undefined
  readonly dryRun: boolean
  readonly statementType: string | undefined
  /** Canonical text once analysed, the client's otherwise. */
  readonly sql: string | undefined
  readonly strippedSql: string | undefined
  readonly fingerprint: string | undefined
  readonly parameters: Json | undefined
  /** `project.dataset.table`, read and written. */
  readonly tables: readonly string[]
  readonly targets: readonly string[]
  /** `project.dataset.routine` of every routine that runs, where analysis was asked for them. */
  readonly routines: readonly string[] | undefined
  /** Bytes it would process, by BigQuery's dry run; undefined when that was not asked. */
  readonly estimatedBytes: number | undefined
  /** Why the caller wants it, in their words. */
  readonly justification: string | undefined
  readonly job: RecordedJob | undefined
}

/** The id of the session an entry belongs to, if it is known. */
export function sessionOf(entry: Entry): string | undefined {
  return typeof entry.session === 'string' ? entry.session : entry.session?.id
}

export interface RecordedPrincipal {
  readonly issuer: string
  readonly subject: string
  readonly groups: readonly string[]
  readonly clientId: string | undefined
  readonly email: string | undefined
  readonly claims: Readonly<Record<string, string>>
  readonly actors: readonly { readonly issuer: string | undefined; readonly subject: string }[]
  readonly credential: Credential
}

export interface RecordedSession {
  readonly id: string
  readonly verified: { readonly sourceAddress: string | undefined }
  readonly claimed: {
    readonly userAgent: string | undefined
    readonly apiClient: string | undefined
    readonly name: string | undefined
    readonly server: string | undefined
    readonly tool: string | undefined
  }
}
