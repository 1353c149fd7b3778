import type { FoundLeaf } from '../log/find-leaf.ts'
import { usualLimits } from '../log/sealed-log.ts'
import { type Batches, leavesOf } from './batches.ts'
import type { ExportedTree } from './exported-tree.ts'

/** How much later than others an entry may be sealed, in microseconds. */
export const OVERLAP_US = usualLimits.overlapMs * 1000

/**
 * The leaves of these entries, given by id with their commit time, epoch microseconds; by ascending index. Those that the
 * tree does not have are left out. Only batches in which they can be are read, each once.
 */
export async function* placesOf(
  tree: ExportedTree,
  batches: Batches,
  wanted: ReadonlyMap<string, number>,
): AsyncGenerator<FoundLeaf> {
  const order = [...wanted].toSorted(([, a], [, b]) => a - b)
  const waiting = new Map<string, number>()
  let next = 0
  let before: number | undefined
  for (let batch = 0; ; batch += 1) {
    const [, ahead] = order[next] ?? []
    if (waiting.size === 0) {
      if (ahead === undefined) return
      // oxlint-disable-next-line no-await-in-loop -- batch after batch
      batch = Math.max(batch, await batches.first(({ until }) => until >= ahead))
    }
    if (batch > batches.newest.batch) return
    // oxlint-disable-next-line no-await-in-loop
    const { from, size: to, until, late } = await batches.manifest(batch)
    const begun = next
    // Two of one time may be on both sides of where a batch ends.
    const isCut = [...waiting.values()].some((at) => at === before)
    for (let [id, at] = order[next] ?? []; id !== undefined; [id, at] = order[next] ?? []) {
      if (at === undefined || at > until) break
      waiting.set(id, at)
      next += 1
    }
    if (next > begun || isCut || late.length > 0)
      for await (const found of leavesOf(tree, { from, to }))
        if (waiting.delete(found.leaf.i)) yield found
    before = until
    // Nothing is that late.
    for (const [id, at] of waiting) if (until > at + OVERLAP_US) waiting.delete(id)
  }
}
