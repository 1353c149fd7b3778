import { encodeBase64 } from '../../tlog/base64.ts'
import type { SealedBatchEntry } from '../upkeep-entry.ts'
import type { Archived } from './archive.ts'
import type { Judged } from './judge-entries.ts'
import { manifestId } from './parse-manifest.ts'
import type { KnownWriter, SealerState } from './sealer-state.ts'
import { missingNumbers } from './writer-numbers.ts'

/** How many missing numbers a manifest lists. */
const MOST_MISSING = 1_000

/** What a manifest is made of. */
interface Sealing {
  /** Epoch milliseconds. */
  readonly at: number
  /** Before this batch. */
  readonly state: SealerState
  readonly judged: readonly Judged[]
  /** With what this batch has of them. */
  readonly writers: ReadonlyMap<string, KnownWriter>
  /** Of the tree with all leaves of the batch but that of the manifest. */
  readonly root: Uint8Array
  readonly archived: readonly Archived[]
}

/** What a batch says of itself. FORMAT.md §5. */
export function manifestOf(sealing: Sealing): SealedBatchEntry {
  const { at, state, judged, root } = sealing
  const { batches: batch, size: from, until } = state
  return {
    v: 1,
    type: 'sealed-batch',
    id: manifestId(batch),
    at,
    batch,
    from,
    size: from + judged.length + 1,
    until: untilAfter(state, judged),
    root: encodeBase64(root),
    writers: headsOf(sealing),
    missing: missingOf(sealing),
    late: placesOf(sealing, ({ leaf }) => leaf.c < until),
    invalid: placesOf(sealing, ({ entry }) => entry === undefined),
    archive: sealing.archived.map(({ path, sha256, entries }) => ({ path, sha256, entries })),
  }
}

/** Up to which commit time everything is sealed after a batch, epoch microseconds. */
export function untilAfter({ until }: SealerState, judged: readonly Judged[]): number {
  return judged.reduce((last, { leaf }) => Math.max(last, leaf.c), until)
}

function placesOf({ state, judged }: Sealing, holds: (each: Judged) => boolean): readonly number[] {
  return judged.flatMap((each, place) => (holds(each) ? [state.size + place] : []))
}

function headsOf({ judged, writers }: Sealing): SealedBatchEntry['writers'] {
  const wrote = new Set(judged.flatMap(({ leaf }) => (leaf.w === undefined ? [] : [leaf.w])))
  return [...wrote].toSorted().flatMap((writer) => {
    const numbers = writers.get(writer)?.numbers
    return numbers === undefined ? [] : [{ writer, number: numbers.number, stamp: numbers.stamp }]
  })
}

function missingOf({ writers }: Sealing): SealedBatchEntry['missing'] {
  const listed: { readonly writer: string; readonly number: number }[] = []
  for (const [writer, { numbers }] of [...writers].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    if (numbers !== undefined)
      for (const number of missingNumbers(numbers, MOST_MISSING - listed.length))
        listed.push({ writer, number })
  return listed
}
