import type { EntryStore, RawEntry } from '../entry-store.ts'
import { parseLeaf } from './parse-leaf.ts'
import { type ReadObjects, leavesBetween } from './read-log.ts'
import type { SealerState } from './sealer-state.ts'

/**
 * What is durable and not sealed, in the order of commit time, then id; manifests of batches are among it. It starts
 * a while before everything was sealed, as a commit may be seen later than one that follows it. Rejects when store or
 * log cannot be read.
 */
export async function* unsealed(
  {
    entries,
    objects,
  }: { readonly entries: Pick<EntryStore, 'committed'>; readonly objects: ReadObjects },
  state: SealerState,
): AsyncGenerator<RawEntry> {
  const sealed = await sealedSince(objects, state)
  let from: Parameters<typeof entries.committed>[0] = { at: state.covered }
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each page starts where the one before ends
    const page = await entries.committed(from, PAGE)
    for (const raw of page) if (!sealed.has(raw.id)) yield raw
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    from = { at: last.committedAt, after: last.id }
  }
}

const PAGE = 1_000

/** Ids of the leaves with commit times that are read again. */
async function sealedSince(
  objects: ReadObjects,
  { size, recent, covered }: SealerState,
): Promise<ReadonlySet<string>> {
  const from = recent.find(({ last }) => last >= covered)?.from ?? size
  const ids = new Set<string>()
  for await (const { index, bytes } of leavesBetween(objects, { from, to: size, size })) {
    const leaf = parseLeaf(bytes)
    if (leaf === undefined) throw new Error(`leaf ${index} of the log is none`)
    if (leaf.c >= covered) ids.add(leaf.i)
  }
  return ids
}
