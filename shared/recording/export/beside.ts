import type { RawEntry } from '../entry-store.ts'
import type { FoundLeaf } from '../log/find-leaf.ts'
import { openedId } from '../log/open-writer.ts'
import { parseStamp } from '../parse-stamp.ts'
import { type Batches, leavesOf, mayBeOf } from './batches.ts'
import type { ExportRequest } from './export-ports.ts'
import type { ExportedTree } from './exported-tree.ts'
import { leafRange } from './leaf-range.ts'
import { placesOf } from './places-of.ts'
import type { Selection } from './selection.ts'
import { unsealedNow } from './unsealed-now.ts'

/** So long a writer may write, and its certificate lasts, in milliseconds. */
const WRITER_MS = 26 * 60 * 60_000

/**
 * A selection with what it takes to verify it: the first entry of every writer that occurs and, of a span of time, what
 * they say of numbers that will not be found.
 */
export async function withWriters(
  tree: ExportedTree,
  batches: Batches,
  scope: ExportRequest['scope'],
  selection: Selection,
): Promise<Selection> {
  if ('all' in scope) return selection
  const writers = new Set<string>()
  for await (const { leaf } of selection.sealed()) if (leaf.w !== undefined) writers.add(leaf.w)
  for await (const { stamp } of selection.unsealed()) {
    const writer = parseStamp(stamp)?.writer
    if (writer !== undefined) writers.add(writer)
  }
  const beside = [
    ...(await openings(tree, batches, writers)),
    ...(scope.from === undefined && scope.to === undefined
      ? []
      : await gaps(tree, batches, scope, writers)),
  ].toSorted((a, b) => a.index - b.index)
  const openedIds = new Set([...writers].map(openedId))
  return {
    ...selection,
    sealed: () => merged(selection.sealed(), beside),
    async *unsealed() {
      const ids = new Set<string>(openedIds)
      for await (const { id, stamp } of selection.unsealed()) {
        // What came after the first look may be of a writer that came after it too.
        if (writers.has(parseStamp(stamp)?.writer ?? '')) ids.add(id)
      }
      yield* only(unsealedNow(tree, batches), ids)
    },
  }
}

async function openings(
  tree: ExportedTree,
  batches: Batches,
  writers: ReadonlySet<string>,
): Promise<readonly FoundLeaf[]> {
  const wanted = new Map<string, number>()
  for (const writer of writers) {
    // oxlint-disable-next-line no-await-in-loop -- few
    const kept = await tree.entries.get(openedId(writer))
    if (kept !== undefined) wanted.set(kept.entry.id, kept.committedAt)
  }
  const found: FoundLeaf[] = []
  for await (const each of placesOf(tree, batches, wanted)) found.push(each)
  return found
}

/** Around a span of time, as far as its writers can have written. */
async function gaps(
  tree: ExportedTree,
  batches: Batches,
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  writers: ReadonlySet<string>,
): Promise<readonly FoundLeaf[]> {
  const around = {
    from: from === undefined ? undefined : from - WRITER_MS,
    to: to === undefined ? undefined : to + WRITER_MS,
  }
  const found: FoundLeaf[] = []
  const range = await leafRange(tree, batches, around)
  for await (const each of leavesOf(tree, range, mayBeOf('writer-gap')))
    if (each.leaf.k === 'writer-gap' && writers.has(each.leaf.w)) found.push(each)
  return found
}

/** Both by ascending index, each leaf once. */
async function* merged(
  sealed: AsyncIterable<FoundLeaf>,
  beside: readonly FoundLeaf[],
): AsyncGenerator<FoundLeaf> {
  let next = 0
  let last = -1
  for await (const found of sealed) {
    for (; (beside[next]?.index ?? Infinity) < found.index; next += 1) {
      const before = beside[next]
      if (before !== undefined && before.index > last) yield before
    }
    last = found.index
    yield found
  }
  for (const after of beside.slice(next)) if (after.index > last) yield after
}

async function* only(
  raws: AsyncIterable<RawEntry>,
  ids: ReadonlySet<string>,
): AsyncGenerator<RawEntry> {
  for await (const raw of raws) if (ids.has(raw.id)) yield raw
}
