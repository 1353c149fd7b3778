import { batchesOf } from '../../recording/export/batches.ts'
import type { ExportedTree } from '../../recording/export/exported-tree.ts'
import { leafRange } from '../../recording/export/leaf-range.ts'

/** A span of commit times, epoch milliseconds, from (inclusive) to (exclusive). */
export interface Part {
  readonly from: number
  readonly to: number
}

/**
 * The newest part of a span that has no more than about so many leaves of the log; whole batches are left out, but never
 * the last one. Rejects when the log cannot be read.
 */
export async function partToVerify(
  tree: ExportedTree,
  { from, to }: Part,
  mostLeaves: number,
): Promise<Part> {
  const batches = await batchesOf(tree)
  const leaves = await leafRange(tree, batches, { from, to })
  const start = leaves.to - mostLeaves
  if (leaves.from >= start) return { from, to }
  const last = await batches.first(({ size }) => size >= leaves.to)
  const first = Math.min(await batches.first((batch) => batch.from >= start), last)
  if (first === 0) return { from, to }
  const { until } = await batches.manifest(first - 1)
  // Behind everything that is sealed in the batch before.
  return { from: Math.min(Math.max(from, Math.floor(until / 1000) + 1), to - 1), to }
}
