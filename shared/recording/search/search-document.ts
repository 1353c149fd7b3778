import type { Decision } from '../../policy/decision.ts'
import type { OutcomeEntry } from '../entry.ts'
import type { RecordedJob, RecordedPrincipal, RecordedSession } from '../envelope.ts'

/**
 * What a search finds: one per call, per session, and per entry that belongs to neither. It is derived from entries and proves
 * nothing; it can be made again from them at any time. It holds nothing that is private.
 */
export type SearchDocument = CallDocument | SessionDocument | EventDocument

interface Found {
  /** Unique among all documents: `call~ID`, `session~ID` or `event~ENTRY_ID`. */
  readonly id: string
  /** When it began, epoch milliseconds. What is found is sorted by it, newest first; of one instant in an order that stays. */
  readonly at: number
}

/** A call, as far as it has come. */
export interface CallDocument extends Found {
  readonly kind: 'call'
  readonly call: string
  /** Undefined for a caller nobody knows. */
  readonly principal: RecordedPrincipal | undefined
  readonly session: RecordedSession | undefined
  readonly method: string
  readonly projectId: string | undefined
  readonly dryRun: boolean
  readonly statementType: string | undefined
  /** At most 2,000 characters. */
  readonly strippedSql: string | undefined
  readonly fingerprint: string | undefined
  /** `project.dataset.table`, likewise below with `.column`. */
  readonly tables: readonly string[]
  readonly targets: readonly string[]
  readonly columns: readonly string[]
  readonly filterColumns: readonly string[]
  /** Columns under a mask in what was handed out, each with its mask, such as `LAST_FOUR_CHARACTERS`. */
  readonly masked: readonly { readonly column: string; readonly mask: string }[]
  /** Tags that policy has on what it reads, by the policy of that time; empty where that is not known. */
  readonly tags: readonly string[]
  /** `refused` is a refusal that no decision stands behind, such as of a token. */
  readonly decision: Decision['effect'] | 'refused'
  readonly rules: readonly string[]
  /** Why it was refused: problem tag, and of a denial its reason. */
  readonly problem: string | undefined
  readonly reason: string | undefined
  readonly policyDigest: string | undefined
  readonly grant: string | undefined
  /** State of the grant by its last event; undefined without one. */
  readonly approval: string | undefined
  /** `principalKey` and what people call them, of whoever voted yes. */
  readonly approvers: readonly { readonly key: string; readonly name: string }[]
  /** Undefined while it goes on. */
  readonly outcome: OutcomeEntry['outcome'] | undefined
  readonly endedAt: number | undefined
  readonly durationMs: number | undefined
  readonly job: RecordedJob | undefined
  /** Rows that left, over all pages. */
  readonly rows: number
  readonly bytesProcessed: number | undefined
  readonly bytesBilled: number | undefined
  /** The call that this one is a replay of. */
  readonly replayOf: string | undefined
  readonly flags: readonly Flag[]
}

/** Something that is worth a look: which rule says so, and by which figures. */
export interface Flag {
  readonly rule:
    | 'first-read'
    | 'off-hours'
    | 'mass-read'
    | 'repeated-denials'
    | 'split-query'
    | 'wide'
  /** For people, with figures: ``first read of `acme.hospital.patients` ``. */
  readonly why: string
}

/** A session, by its first entry and its last closing. */
export interface SessionDocument extends Found {
  readonly kind: 'session'
  readonly principal: RecordedPrincipal
  readonly session: RecordedSession
  /** Of its last closing; undefined while it is open. */
  readonly closedAt: number | undefined
}

/** Any other entry: of the record itself, or about it. */
export interface EventDocument extends Found {
  readonly kind: 'event'
  /** Entry id and type. */
  readonly entry: string
  readonly type: string
  readonly principal: RecordedPrincipal | undefined
  /** For people, one line. */
  readonly summary: string
}
