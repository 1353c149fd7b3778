import type { Clock } from '../../kernel/clock.ts'
import type { EntryStore, RawEntry } from '../entry-store.ts'
import type { Entry } from '../entry.ts'
import { usualLimits } from '../log/sealed-log.ts'
import { changedDocuments } from './changed-documents.ts'
import { type FlagTerms, DEFAULT_FLAG_TERMS } from './flag-terms.ts'
import type { IndexedUpTo, SearchIndex } from './search-index.ts'

/** Of documents and tokens as they are made here. Whoever changes them counts on: everything is made again. */
const VERSION = 1

const PAGE = 400
const MINUTE_MS = 60_000

/** What it takes to follow the record. */
export interface Indexing {
  readonly entries: Pick<EntryStore, 'committed' | 'get' | 'list'>
  readonly index: SearchIndex
  /** The entry in stored bytes; throws for what is none. */
  readonly decode: (raw: RawEntry) => { readonly entry: Entry }
  /** Epoch milliseconds. */
  readonly clock: Clock
  readonly terms?: FlagTerms
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
 * a commit may be seen later than one that follows it. Several at once do no harm; of one that dies the next goes on. Begins
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
  const terms = work.terms ?? DEFAULT_FLAG_TERMS
  // What is committed later than that may yet be followed by what was committed before it.
  const settled = (started - usualLimits.overlapMs) * 1000
  let [documents, skipped] = [0, 0]
  let run = runFrom(await work.index.upTo())
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each page starts where the one before ends
    const page = await work.entries.committed(run.from, pageSize)
    const last = page.at(-1)
    if (last === undefined) return { documents, skipped, isDone: true }
    // oxlint-disable-next-line no-await-in-loop
    const changed = await changedDocuments({ ...work, terms }, page)
    const next = placeAfter(run.place, last, settled)
    const isNews = changed.documents.length > 0 || !isSamePlace(next, run.place)
    // oxlint-disable-next-line no-await-in-loop
    if (isNews && !(await work.index.put(changed.documents, { expected: run.expected, next })))
      // Somebody else was faster: what they put may be older than what is there now.
      // oxlint-disable-next-line no-await-in-loop
      run = runFrom(await work.index.upTo())
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

function runFrom(expected: IndexedUpTo | undefined): Run {
  const place = expected?.version === VERSION ? expected : undefined
  const from = place === undefined ? { at: 0 } : { at: place.at, after: place.after }
  return { from, place: place ?? (expected && { ...expected, at: 0, after: undefined }), expected }
}

function placeAfter(place: IndexedUpTo | undefined, last: RawEntry, settled: number): IndexedUpTo {
  const turn = (place?.turn ?? 0) + 1
  const reached =
    last.committedAt <= settled
      ? { at: last.committedAt, after: last.id }
      : { at: Math.max(settled, 0), after: undefined }
  const isBehind = place !== undefined && place.at >= reached.at
  return isBehind ? { ...place, version: VERSION, turn } : { ...reached, version: VERSION, turn }
}

function isSamePlace(next: IndexedUpTo, place: IndexedUpTo | undefined): boolean {
  return next.at === place?.at && next.after === place.after && next.version === place.version
}
