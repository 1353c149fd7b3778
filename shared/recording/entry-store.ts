import type { Result } from '../kernel/result.ts'
import type { Entry } from './entry.ts'

/** An entry as it is kept. */
export interface StoredEntry {
  readonly entry: Entry
  /** Canonical JSON of `entry`, UTF-8. Authoritative. */
  readonly bytes: Buffer
  /** SHA-256 over the DSSE pre-authentication encoding of `bytes`, hex. */
  readonly hash: string
}

/**
 * Port. Entries are created and read, never changed, never deleted.
 *
 * `create` resolves `created` once the entry is durable under its id, also when exactly these bytes
 * were there already (a commit that timed out but landed). It resolves with the entry that was there
 * first when the bytes differ, and leaves that one as it was; with `too-large` when no store will
 * ever hold it (1 MB after compression), and nothing was kept. It rejects when the entry may or may
 * not be durable; calling again with the same bytes is then safe.
 *
 * `get` and `list` see every entry whose `create` resolved before they were called; they reject when
 * the store cannot be reached, or holds something that is no entry.
 */
export interface EntryStore {
  create(stored: StoredEntry): Promise<'created' | 'too-large' | { readonly existing: StoredEntry }>
  get(id: string): Promise<StoredEntry | undefined>
  /**
   * Newest first by `at`, then by id, descending; at most `limit`, only those with `at` before `until`.
   * `before` is the cursor that the last page of the same query returned.
   */
  list(query: EntryQuery): Promise<Result<EntryPage, CursorProblem>>
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
  readonly entries: readonly StoredEntry[]
  /** Opaque; absent on the last page. */
  readonly before: string | undefined
}

/** The cursor was not made for this query, or was changed. */
export interface CursorProblem {
  readonly problem: 'cursor-invalid'
}
