import type { Result } from '../kernel/result.ts'
import type { Entry } from './entry.ts'
import type { SignedStamp } from './stamp.ts'

/** An entry as it is written. */
export interface StoredEntry {
  readonly entry: Entry
  /** Canonical JSON of `entry`, UTF-8. Authoritative. */
  readonly bytes: Buffer
  /** SHA-256 over the DSSE pre-authentication encoding of `bytes`, hex. */
  readonly hash: string
  readonly stamp: SignedStamp
  /** Of its private facts; undefined for an entry without. */
  readonly ciphertext: Buffer | undefined
}

/** An entry as it is kept. */
export interface KeptEntry extends StoredEntry {
  /** When it became durable, by the store's clock, epoch microseconds. */
  readonly committedAt: number
}

/** What is stored under an id, whatever it is. */
export interface RawEntry {
  readonly id: string
  readonly committedAt: number
  readonly bytes: Buffer
  /** Canonical JSON of a `Stamp`, if it is one. */
  readonly stamp: string
  readonly signature: Buffer
  readonly ciphertext: Buffer | undefined
}

/**
 * Port. Entries are created and read, never changed.
 *
 * `create` resolves `created` once the entry is durable under its id with this stamp, also when exactly
 * that was there already (a commit that timed out but landed). It resolves with the entry that was there
 * first when bytes or stamp differ, and leaves that one as it was; with `too-large` when no store will
 * ever hold it (1 MB after compression), and nothing was kept. It rejects when the entry may or may
 * not be durable; calling again with the same is then safe.
 *
 * The others see every entry whose `create` resolved before they were called; they reject when
 * the store cannot be reached, and `get` and `list` with `NoEntry` when it holds something that is none.
 */
export interface EntryStore {
  create(stored: StoredEntry): Promise<'created' | 'too-large' | { readonly existing: KeptEntry }>
  get(id: string): Promise<KeptEntry | undefined>
  /**
   * Newest first by `at`, then by id, descending; at most `limit`, only those with `at` before `until`.
   * `before` is the cursor that the last page of the same query returned.
   */
  list(query: EntryQuery): Promise<Result<EntryPage, CursorProblem>>
  /** In the order of `committedAt`, then id: at most `limit` from a time on, or after a place in that order. */
  committed(
    from: { readonly at: number; readonly after?: string | undefined },
    limit: number,
  ): Promise<readonly RawEntry[]>
}

/** All entries, or those of one call or of one session. */
export type EntryQuery = {
  readonly limit: number
  readonly before?: string | undefined
  /** Epoch milliseconds: jumps to the past. Part of the query that a cursor belongs to. */
  readonly until?: number | undefined
} & (
  | { readonly call?: undefined; readonly session?: undefined }
  | { readonly call: string; readonly session?: undefined }
  | { readonly call?: undefined; readonly session: string }
)

interface EntryPage {
  readonly entries: readonly KeptEntry[]
  /** Opaque; absent on the last page. */
  readonly before: string | undefined
}

/** The cursor was not made for this query, or was changed. */
export interface CursorProblem {
  readonly problem: 'cursor-invalid'
}
