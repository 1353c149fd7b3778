import type { RawEntry } from '../entry-store.ts'
import { batchOf } from '../log/parse-manifest.ts'
import { emptyState } from '../log/sealer-state.ts'
import { unsealed } from '../log/unsealed.ts'
import type { Batches } from './batches.ts'
import type { ExportedTree } from './exported-tree.ts'
import { OVERLAP_US } from './places-of.ts'

/** What is durable and not in the tree, in the order of commit time, then id. Rejects as `unsealed` does. */
export async function* unsealedNow(tree: ExportedTree, batches: Batches): AsyncGenerator<RawEntry> {
  const { batch, until } = batches.newest
  const covered = Math.max(0, until - OVERLAP_US)
  const first = await batches.first((manifest) => manifest.until >= covered)
  const { from } = await batches.manifest(first)
  const recent = [{ from, last: until }]
  const state = { ...emptyState, size: tree.size, until, covered, recent }
  for await (const raw of unsealed(tree, state)) {
    const own = batchOf(raw.id)
    // Manifests have another time in the log than in the store.
    if (own === undefined || own > batch) yield raw
  }
}
