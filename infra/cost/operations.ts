/** Documents of Firestore. */
export interface DocumentOperations {
  readonly reads: number
  readonly writes: number
  readonly deletes: number
}

/**
 * What Sluice does in Firestore, from a query to its deletion, as `test/gateway/record/firestore-operations.test.ts` measures it. That
 * test fails when the code does more than this says, and when it does much less.
 */
export const firestoreOperations = {
  /**
   * A query that policy permits. The gateway writes request, outcome and job, and reads the kill switches; the sealer and the
   * index each read an entry in three runs, as one may be seen late; the index writes a document, and reads it in as many; then the
   * call is looked at once more, its session is counted, and retention reads and deletes it.
   */
  query: { reads: 27, writes: 4, deletes: 8 },
  /** What a session adds: it is opened with a secret of its own, found by searches, closed and deleted. */
  session: { reads: 25, writes: 7, deletes: 8 },
  /** What one vote adds to a query that waits for it, where it is asked, cast and fetched: the grant and its entries. */
  vote: { reads: 23, writes: 12, deletes: 0 },
  /** What sealer and sweeper do in a minute with traffic, however much. */
  minute: { reads: 25, writes: 4, deletes: 0 },
} as const satisfies Record<string, DocumentOperations>

/** Entries of a query that policy permits, and those that a vote adds. */
export const entriesOf = { query: 2, vote: 5 } as const

/** What the sweeper reads of a grant in each minute that it waits. */
export const READS_PER_WAITING_MINUTE = 3
