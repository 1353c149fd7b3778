import type { Clock } from '../../kernel/clock.ts'
import type { ReviewTerms } from '../../policy/review-terms.ts'
import type { EntryStore, RawEntry } from '../entry-store.ts'
import type { Entry } from '../entry.ts'
import { usualLimits } from '../log/sealed-log.ts'
import { changedDocuments } from './changed-documents.ts'
import type { IndexedUpTo, SearchIndex } from './search-index.ts'

/** Of documents and tokens as they are made here. Whoever changes them counts on: everything is made again. */
const VERSION = 2

const PAGE = 400
const MINUTE_MS = 60_000
/** Our clock and the store's are less apart than that. */
const CLOCKS_APART_MS = 10 * MINUTE_MS

/** What it takes to follow the record. */
export interface Indexing {
  readonly entries: Pick<EntryStore, 'committed' | 'get' | 'list'>
  readonly index: SearchIndex
  /** The entry in stored bytes; throws `NoEntry` for what is none. */
  readonly decode: (raw: RawEntry) => { readonly entry: Entry }
  /** Epoch milliseconds. */
  readonly clock: Clock
  /** `record.review` of the policy. */
  readonly terms: ReviewTerms
}

/** What came of a run. */
export interface Indexed {
  /** Documents that are new or changed. */
  readonly documents: number
  /** Entries and calls that could not be read, and are in no document. */
  readonly skipped: number
  /** Whether everything is in the index that was durable when the run began. */
  readonly isDone: boolean
}

/**
 * Brings the index up to the record: what it may not have seen is read in the order of commits, from a while before its end, as
 * a commit may be seen later than one that follows it; of that while as much as a run may have missed. Several at once do no harm; of one that dies the next goes on. Begins
 * nothing more after `forMs`. Rejects when store or index cannot be reached.
 */
export async function indexRecord(
  work: Indexing,
  {
    forMs = MINUTE_MS,
    pageSize = PAGE,
  }: { readonly forMs?: number; readonly pageSize?: number } = {},
): Promise<Indexed> {
  const started = work.clock()
  let [documents, skipped] = [0, 0]
  let run = runFrom(await work.index.upTo(), started)
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each page starts where the one before ends
    const page = await work.entries.committed(run.from, pageSize)
    const last = page.at(-1)
    if (last === undefined) return { documents, skipped, isDone: true }
    // oxlint-disable-next-line no-await-in-loop
    const changed = await changedDocuments(
      { ...work, isAgain: run.place?.olderUpTo !== undefined },
      page,
    )
    const next = placeAfter(run.place, last, started)
    const isNews = changed.documents.length > 0 || !isSamePlace(next, run.place)
    // oxlint-disable-next-line no-await-in-loop
    if (isNews && !(await work.index.put(changed.documents, { expected: run.expected, next })))
      // Somebody else was faster: what they put may be older than what is there now.
      // oxlint-disable-next-line no-await-in-loop
      run = runFrom(await work.index.upTo(), started)
    else {
      documents += changed.documents.length
      skipped += changed.skipped
      const place = isNews ? next : run.place
      run = {
        from: { at: last.committedAt, after: last.id },
        place,
        expected: isNews ? next : run.expected,
      }
      if (page.length < pageSize) return { documents, skipped, isDone: true }
    }
    if (work.clock() - started >= forMs) return { documents, skipped, isDone: false }
  }
}

interface Run {
  readonly from: Parameters<EntryStore['committed']>[0]
  /** Up to which everything is in the index; undefined for nothing, or nothing of this version. */
  readonly place: IndexedUpTo | undefined
  /** As the index has it. */
  readonly expected: IndexedUpTo | undefined
}

function runFrom(expected: IndexedUpTo | undefined, started: number): Run {
  if (expected === undefined) return { from: { at: 0 }, place: undefined, expected }
  if (expected.version === VERSION)
    return { from: { at: expected.at, after: expected.after }, place: expected, expected }
  const olderUpTo = (started + CLOCKS_APART_MS) * 1000
  return { from: { at: 0 }, place: { ...expected, at: 0, after: undefined, olderUpTo }, expected }
}

function placeAfter(place: IndexedUpTo | undefined, last: RawEntry, started: number): IndexedUpTo {
  const turn = (place?.turn ?? 0) + 1
  const reached = placeOf(last, started)
  if (place !== undefined && place.at >= reached.at) return { ...place, version: VERSION, turn }
  const olderUpTo = place?.olderUpTo
  const isOlder = olderUpTo !== undefined && reached.at < olderUpTo
  return { ...reached, version: VERSION, turn, olderUpTo: isOlder ? olderUpTo : undefined }
}

/**
 * Up to where nothing comes any more that was committed before an entry. A commit may be seen later than one that follows it by
 * `overlapMs`, and later than this run by as much: so it counts from whichever of the two was first.
 */
function placeOf(last: RawEntry, started: number): Pick<IndexedUpTo, 'at' | 'after'> {
  const isLongAgo = last.committedAt <= (started - usualLimits.overlapMs - CLOCKS_APART_MS) * 1000
  if (isLongAgo) return { at: last.committedAt, after: last.id }
  const first = Math.min(last.committedAt, started * 1000)
  return { at: Math.max(first - usualLimits.overlapMs * 1000, 0), after: undefined }
}

function isSamePlace(next: IndexedUpTo, place: IndexedUpTo | undefined): boolean {
  return (
    next.at === place?.at &&
    next.after === place.after &&
    next.version === place.version &&
    next.olderUpTo === place.olderUpTo
  )
}
