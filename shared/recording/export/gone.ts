import type { FoundLeaf } from '../log/find-leaf.ts'
import type { RetentionDeletedEntry } from '../upkeep-entry.ts'
import { type Batches, leavesOf, mayBeOf } from './batches.ts'
import type { ExportedTree } from './exported-tree.ts'
import { OVERLAP_US } from './places-of.ts'

/** Why there is no entry for a leaf: an entry says that retention deleted it, or nobody knows. */
export type WhyGone = (found: FoundLeaf) => Promise<'deleted' | 'missing'>

const PAGE = 500

/** Looks for deletions when the first entry is gone, and for newer ones when none of them explains it. */
export function whyGone(tree: ExportedTree, batches: Batches): WhyGone {
  const deletions: RetentionDeletedEntry[] = []
  let from: { readonly at: number; readonly after?: string } | undefined
  const add = async (id: string): Promise<void> => {
    const entry = (await tree.entries.get(id))?.entry
    if (entry?.type === 'retention-deleted') deletions.push(entry)
  }
  const readSealed = async (): Promise<void> => {
    const all = { from: 0, to: tree.size }
    for await (const { leaf } of leavesOf(tree, all, mayBeOf('retention-deleted')))
      await add(leaf.i)
  }
  const readNewer = async (start: NonNullable<typeof from>): Promise<void> => {
    from = start
    for (let isEnd = false; !isEnd;) {
      // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
      const page = await tree.entries.committed(from, PAGE)
      // oxlint-disable-next-line no-await-in-loop
      for (const { id } of page) if (id.startsWith('retention~')) await add(id)
      const last = page.at(-1)
      if (last !== undefined) from = { at: last.committedAt, after: last.id }
      isEnd = page.length < PAGE
    }
  }
  const isNamed = ({ index, leaf }: FoundLeaf): boolean =>
    deletions.some(
      ({ from: first, to: last, before }) =>
        index >= first && index <= last && leaf.c < before * 1000,
    )
  return async (found) => {
    if (from === undefined) await readSealed()
    if (isNamed(found)) return 'deleted'
    // Whatever retention deletes is named before it is gone.
    await readNewer(from ?? { at: batches.newest.until - OVERLAP_US })
    return isNamed(found) ? 'deleted' : 'missing'
  }
}
