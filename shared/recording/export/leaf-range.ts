import type { PartialScope } from '../bundle/bundle-line.ts'
import type { Batches } from './batches.ts'
import type { ExportedTree } from './exported-tree.ts'
import { OVERLAP_US } from './places-of.ts'

/** Indices between which all leaves with commit times from and to are, epoch milliseconds. */
export async function leafRange(
  tree: ExportedTree,
  batches: Batches,
  { from = -Infinity, to = Infinity }: PartialScope,
): Promise<{ readonly from: number; readonly to: number }> {
  // A manifest is later than what it is about.
  const first = await batches.first(({ until, at }) => Math.max(until, at * 1000) >= from * 1000)
  const last = await batches.first(({ until }) => until >= to * 1000 + OVERLAP_US)
  const { newest } = batches
  return {
    from: first > newest.batch ? tree.size : (await batches.manifest(first)).from,
    to: last > newest.batch ? tree.size : (await batches.manifest(last)).size,
  }
}
