import type { GrantEvent, Vote } from '../approval/grant.ts'
import type { Json } from '../bigquery/call.ts'
import type { Decision } from '../policy/decision.ts'
import type {
  Envelope,
  PrivatePart,
  RecordedJob,
  RecordedPrincipal,
  RecordedSession,
} from './envelope.ts'
import type { UpkeepEntry } from './upkeep-entry.ts'

/**
 * One state change, as it is kept for ever. Stored as canonical JSON; the stored bytes are
 * authoritative. Every member is something an auditor may be asked to explain.
 *
 * A call is `request → approval* → page* → outcome`, or one `refusal`. What may hold values of the data is in
 * none of them but beside, encrypted. Readers must refuse a `v` they do not know.
 */
export type Entry =
  | RequestEntry
  | ApprovalEntry
  | RefusedVoteEntry
  | RefusalEntry
  | PageEntry
  | OutcomeEntry
  | UpkeepEntry

/** Durable before BigQuery hears of the call, and before anybody is asked about it. */
export interface RequestEntry extends Envelope, OpenFacts {
  readonly type: 'request'
  /** `AskedInPrivate`. */
  readonly private: PrivatePart
  readonly principal: RecordedPrincipal
  readonly session: RecordedSession
  readonly decision: Exclude<Decision, { effect: 'deny' }>
  /** The grant it waits for, or runs under; undefined when policy permits it. */
  readonly grant: string | undefined
  readonly connection: string
  /** Keyed hash, hex, of the call as sent to BigQuery, labels aside: equal calls have equal ones. FORMAT.md §3. */
  readonly effectiveDigest: string
  /** The call that this one replays in a sandbox, and who has it replayed; undefined for what its caller asked. */
  readonly replay?: { readonly of: string; readonly by: RecordedPrincipal } | undefined
}

/**
 * A call that was not made. The caller may be unknown. Its call id is its own, never derived from
 * the client's request id: the client may try again, and must not find that taken.
 */
export interface RefusalEntry extends Envelope, OpenFacts {
  readonly type: 'refusal'
  /** `AskedInPrivate`, and `detail`. */
  readonly private: PrivatePart
  readonly principal: RecordedPrincipal | undefined
  readonly session: RecordedSession | undefined
  /** The problem tag, such as `token-expired` or `denied`. */
  readonly problem: string
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
  /** `DeliveredInPrivate`. */
  readonly private: PrivatePart
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
  /** `DeliveredInPrivate`; undefined when nothing was delivered. */
  readonly private: PrivatePart | undefined
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
  /** BigQuery's reason, such as `invalidQuery`; its words are in private. */
  readonly errorReason: string | undefined
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
  /** Length of the exact body delivered, and its salted SHA-256, hex: FORMAT.md §3. */
  readonly bytes: number
  /** Undefined where policy keeps nothing of results. */
  readonly digest: string | undefined
  /**
   * Salted SHA-256, hex, of the bytes of `rows` as they left, of none where none did: FORMAT.md §3. Job ids differ
   * from run to run, rows need not. There where `digest` is.
   */
  readonly rowsDigest?: string | undefined
  /** What is kept of the body: nothing, its digest, the body itself, or its digest because it is too large. */
  readonly body: 'none' | 'digest' | 'masked' | 'too-large'
}

/** What was handed over, as far as it may hold values of the data. */
export interface DeliveredInPrivate {
  /** BigQuery's words. */
  readonly error: string | undefined
  /** The exact body, base64, masked as it left; undefined unless policy says to keep it and it fits. */
  readonly body: string | undefined
  /** What the digests of the body and of its rows are salted with: 32 bytes, base64. */
  readonly bodySalt: string
}

/** What was asked. */
export interface CallFacts extends OpenFacts, AskedInPrivate {}

/** What was asked, as far as it holds no values of the data. */
interface OpenFacts {
  readonly method: string
  readonly projectId: string | undefined
  readonly dryRun: boolean
  readonly statementType: string | undefined
  readonly strippedSql: string | undefined
  readonly fingerprint: string | undefined
  /** `project.dataset.table`, read and written. */
  readonly tables: readonly string[]
  readonly targets: readonly string[]
  /** `project.dataset.routine` of every routine that runs, where analysis was asked for them. */
  readonly routines: readonly string[] | undefined
  /**
   * `project.dataset.table.column` of every column that is read, those under views; undefined where analysis was not
   * asked for them. `filterColumns` are those that decide on more than their own value: filters, joins, grouping.
   */
  readonly columns?: readonly string[] | undefined
  readonly filterColumns?: readonly string[] | undefined
  /** Those that policy had, when it decided, on columns that are read; sorted; undefined where `columns` is. */
  readonly tags?: readonly string[] | undefined
  /** Bytes it would process, by BigQuery's dry run; undefined when that was not asked. */
  readonly estimatedBytes: number | undefined
  readonly job: RecordedJob | undefined
}

/** What was asked, in words that may hold values of the data. */
export interface AskedInPrivate {
  /** Canonical text once analysed, the client's otherwise. */
  readonly sql: string | undefined
  readonly parameters: Json | undefined
  /** Why the caller wants it, in their words. */
  readonly justification: string | undefined
}

/** The id of the session an entry belongs to, if it is known. */
export function sessionOf(entry: Entry): string | undefined {
  if (!('session' in entry)) return undefined
  return typeof entry.session === 'string' ? entry.session : entry.session?.id
}
