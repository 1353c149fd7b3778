import {
  type DocumentOperations,
  READS_PER_WAITING_MINUTE,
  entriesOf,
  firestoreOperations,
} from './operations.ts'
import type { Volumes } from './volumes.ts'

/** What Firestore bills in a month, and how many GiB it holds. */
export interface FirestoreAmounts extends DocumentOperations {
  readonly stored: number
}

const MONTH_MINUTES = 730 * 60
const MONTH_DAYS = 730 / 24
const KIB_PER_GIB = 1024 * 1024
/** Beside its entries: the job, and what searches find. */
const DOCUMENTS_PER_QUERY = entriesOf.query + 2
/** Opened and closed, its secret, and what searches find. */
const DOCUMENTS_PER_SESSION = 4
/** The grant. */
const DOCUMENTS_PER_VOTE = entriesOf.vote + 1

/** The amounts of a month. Retention deletes nothing before the record is as old as policy keeps it. */
export function firestoreAmounts(volumes: Volumes): FirestoreAmounts {
  const { queries, documentKib, ageDays, retentionDays } = volumes
  const sessions = queries / volumes.queriesPerSession
  const votes = (queries * volumes.heldPercent) / 100
  const { query, session, vote, minute } = firestoreOperations
  // Sealed, found, counted and deleted as the entries of any query are.
  const likeQueries = (votes * entriesOf.vote) / entriesOf.query
  const each = (kind: keyof DocumentOperations): number =>
    query[kind] * (queries + likeQueries) +
    session[kind] * sessions +
    vote[kind] * votes +
    minute[kind] * MONTH_MINUTES
  const documents =
    queries * DOCUMENTS_PER_QUERY + sessions * DOCUMENTS_PER_SESSION + votes * DOCUMENTS_PER_VOTE
  const months = Math.min(ageDays, retentionDays) / MONTH_DAYS
  return {
    reads: each('reads') + votes * volumes.waitMinutes * READS_PER_WAITING_MINUTE,
    writes: each('writes'),
    deletes: ageDays > retentionDays ? each('deletes') : 0,
    stored: (documents * documentKib * months) / KIB_PER_GIB,
  }
}
