import type { RecordEnvelope, RecordedJob, RecordedPrincipal, RecordedSession } from './envelope.ts'

/** An entry about the record itself: who writes it, what is in force, who reads it, what leaves it. */
export type UpkeepEntry =
  | WriterOpenedEntry
  | WriterGapEntry
  | WriterClosedEntry
  | SessionOpenedEntry
  | SessionClosedEntry
  | ConfigurationChangedEntry
  | AuditEntry
  | HoldEntry
  | ErasedEntry
  | RetentionDeletedEntry
  | AlertEntry
  | ReplayedEntry
  | ReviewedEntry
  | SealedBatchEntry

/** The first entry of a writer. FORMAT.md §4. */
export interface WriterOpenedEntry extends RecordEnvelope {
  readonly type: 'writer-opened'
  readonly writer: string
  /** Canonical JSON of a `WriterCertificate`. */
  readonly certificate: string
  /** Of the authority, DER, base64. */
  readonly signature: string
  /** `WriterAuthority.id`. */
  readonly authority: string
  /** What runs, such as the revision of the function. */
  readonly instance: string | undefined
}

/** Numbers of a writer that are not found, or not for certain. */
export interface WriterGapEntry extends RecordEnvelope {
  readonly type: 'writer-gap'
  readonly writer: string
  readonly missed: readonly Missed[]
}

/** A number that a writer gave out without an entry to show for it. */
export interface Missed {
  readonly number: number
  /** Hash of the stamp, hex. */
  readonly stamp: string
  /** Somebody's entry has the id, no store holds it, or the store did not say whether it does. */
  readonly reason: 'taken' | 'too-large' | 'unknown'
}

/** The writer will write no more; it has written up to the number of this entry. */
export interface WriterClosedEntry extends RecordEnvelope {
  readonly type: 'writer-closed'
  readonly writer: string
}

/** The first entry of a session. */
export interface SessionOpenedEntry extends RecordEnvelope {
  readonly type: 'session-opened'
  readonly principal: RecordedPrincipal
  readonly session: RecordedSession
}

/** A session was idle. What is done in it later belongs to the next closing. */
export interface SessionClosedEntry extends RecordEnvelope {
  readonly type: 'session-closed'
  readonly session: string
  /** From 0. */
  readonly number: number
  /** Epoch microseconds: the entries of the session that were committed from (inclusive) to (exclusive). */
  readonly from: number
  readonly to: number
  /** How many entries. */
  readonly count: number
  /** RFC 6962 root, base64, over their entry hashes (32 bytes each), ordered by commit time, then id. */
  readonly root: string
}

/** What is in force changed. */
export interface ConfigurationChangedEntry extends RecordEnvelope {
  readonly type: 'configuration-changed'
  readonly what: 'policy' | 'kill-switch'
  /** Digests, or states, before and after; undefined for none. */
  readonly before: string | undefined
  readonly after: string | undefined
  /** The policy file, or the switch, as it is now. */
  readonly text: string | undefined
  /** Undefined where nobody signed in for it: a file was deployed. */
  readonly by: RecordedPrincipal | undefined
}

/** Somebody reads or exports the record. */
export interface AuditEntry extends RecordEnvelope {
  readonly type: 'audit-read' | 'exported'
  readonly principal: RecordedPrincipal
  /** What was asked for, as the API names it. */
  readonly what: string
  readonly filter: Readonly<Record<string, string>>
  /** Whether private facts are in the answer. */
  readonly withPrivate: boolean
}

/** Which part of the record is meant: all that match every member given; the whole record without any. */
export interface RecordScope {
  readonly session?: string | undefined
  /** `principalKey`. */
  readonly principal?: string | undefined
}

/** What a legal hold covers is neither deleted nor erased until somebody releases it. */
export interface HoldEntry extends RecordEnvelope {
  readonly type: 'hold-set' | 'hold-released'
  readonly hold: string
  readonly scope: RecordScope
  readonly by: RecordedPrincipal
  readonly reason: string
}

/** Durable before keys are destroyed. */
export interface ErasedEntry extends RecordEnvelope {
  readonly type: 'erased'
  readonly scope: RecordScope
  /** Ids of the keys. */
  readonly keys: readonly string[]
  readonly by: RecordedPrincipal
  /** Why, and by whose authority. */
  readonly reason: string
}

/** Durable before entries leave the store; their leaves stay. */
export interface RetentionDeletedEntry extends RecordEnvelope {
  readonly type: 'retention-deleted'
  /** Name of the retention class in policy. */
  readonly class: string
  /** Entries that were committed before it, epoch milliseconds. */
  readonly before: number
  /** First and last leaf index between which they are, and how many. */
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Something does not fit. */
export interface AlertEntry extends RecordEnvelope {
  readonly type: 'alert'
  readonly alert:
    /** A job of Sluice's account that no request entry stands for. */
    | 'job-without-entry'
    /** A request that BigQuery should have a job for, and has none. */
    | 'entry-without-job'
    /** A job whose labels are not what the entry says. */
    | 'label-mismatch'
  /** For people. */
  readonly detail: string
  readonly call: string | undefined
  readonly job: RecordedJob | undefined
  /** Who BigQuery says ran the job. */
  readonly account: string | undefined
}

/** Recorded calls were run again in a sandbox, and this is how that compares. It holds no values of the data. */
export interface ReplayedEntry extends RecordEnvelope {
  readonly type: 'replayed'
  readonly by: RecordedPrincipal
  /** What was to be run again: a session, or one call of it. */
  readonly of: { readonly session: string; readonly call?: string | undefined }
  /** The session that the replay is; undefined where nothing was run. */
  readonly session: string | undefined
  readonly connection: string
  /** Each call read the data of the time it was first asked, and this is the earliest, epoch milliseconds; undefined: of now. */
  readonly asOf?: number | undefined
  /** Of everything that was run; `not-known` where nothing differs and something could not be compared. */
  readonly verdict: 'same' | 'different' | 'not-known' | 'nothing-run'
  /** In the order of what was recorded: at most 100. */
  readonly calls: readonly ReplayedCall[]
}

/** What became of one call of a replay. */
export interface ReplayedCall {
  readonly of: string
  /** The call that the replay is; undefined where it was not made. */
  readonly call?: string | undefined
  readonly state: 'run' | 'not-run'
  /** Why it was not run: a problem tag. */
  readonly reason?: string | undefined
  /** Then and now. `not-known` where there is nothing to compare. */
  readonly decision: Compared
  readonly schema: Compared
  readonly rows: Compared
  readonly digest: Compared
}

export type Compared = 'same' | 'different' | 'not-known'

/** Somebody has looked at a part of the record, and says what they found. */
export interface ReviewedEntry extends RecordEnvelope {
  readonly type: 'reviewed'
  readonly by: RecordedPrincipal
  /** Id of the review. */
  readonly review: string
  /** Epoch milliseconds: what was done from (inclusive) to (exclusive). */
  readonly from: number
  readonly to: number
  /** What of it was looked at, as the search has it; empty for everything. */
  readonly query: string
  readonly verdict: 'nothing-found' | 'findings'
  /** In the words of the reviewer. */
  readonly findings: string
}

/** The manifest of a batch. FORMAT.md §5. */
export interface SealedBatchEntry extends RecordEnvelope {
  readonly type: 'sealed-batch'
  readonly batch: number
  readonly from: number
  readonly size: number
  readonly until: number
  readonly root: string
  readonly writers: readonly {
    readonly writer: string
    readonly number: number
    readonly stamp: string
  }[]
  readonly missing: readonly { readonly writer: string; readonly number: number }[]
  readonly late: readonly number[]
  readonly invalid: readonly number[]
  readonly archive: readonly {
    readonly path: string
    readonly sha256: string
    readonly entries: number
  }[]
}
