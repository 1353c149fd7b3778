import { decodeEntry } from '../shared/adapters/decode-entry.ts'
import type { FindPorts } from '../shared/console/calls/find.ts'
import type { Clock } from '../shared/kernel/clock.ts'
import type { ReviewTerms } from '../shared/policy/review-terms.ts'
import { indexRecord } from '../shared/recording/search/index-record.ts'
import { log } from './log.ts'
import type { Store } from './open-store.ts'

/** For so long somebody who searches waits for the index; the sweep brings it up to date every minute. */
const MOMENT_MS = 2_000

/** The index over the record, and what keeps it up to date. */
export interface Searching extends FindPorts {
  /** Brings the index up to date, for as long as it takes. Rejects when store or index cannot be reached. */
  readonly follow: () => Promise<void>
}

/** Searching in this store; `terms` say what is flagged of what comes into the index. */
export function searchingIn(
  { entries, search }: Store,
  terms: ReviewTerms,
  clock: Clock,
): Searching {
  const work = { entries, index: search, decode: decodeEntry, clock, terms }
  return {
    index: search,
    refreshIndex: () => indexRecord(work, { forMs: MOMENT_MS }),
    follow: async () => {
      const { skipped } = await indexRecord(work)
      if (skipped > 0) log('ERROR', 'the store holds what is no entry', { skipped })
    },
  }
}
