import type { FoundLeaf } from '../log/find-leaf.ts'
import { manifestPath } from '../log/log-paths.ts'
import { canonicalMembers } from '../log/members.ts'
import { parseLeaf } from '../log/parse-leaf.ts'
import { batchOf, manifestId, parseManifest } from '../log/parse-manifest.ts'
import { bundleOf, leavesBetween } from '../log/read-log.ts'
import type { SealedBatchEntry } from '../upkeep-entry.ts'
import type { ExportedTree } from './exported-tree.ts'

/** The batches of a tree. Everything rejects when log or store cannot be read, or are not what sealers wrote. */
export interface Batches {
  readonly newest: SealedBatchEntry
  manifest(batch: number): Promise<SealedBatchEntry>
  /** Number of the first batch of which this holds, as of all after it; one more than there are when of none. */
  first(holds: (manifest: SealedBatchEntry) => boolean): Promise<number>
}

/** Reads manifests where they are published: nobody can take them away there. */
export async function batchesOf(tree: ExportedTree): Promise<Batches> {
  const last = tree.size - 1
  const leaves = await bundleOf(tree.objects, Math.floor(last / 256), tree.size)
  const bytes = leaves[last % 256]
  const number = bytes && batchOf(leafIn({ index: last, bytes }).leaf.i)
  if (number === undefined) throw new Error(`leaf ${last} of the log is no manifest`)
  const newest = await readManifest(tree, number)
  const manifest = async (batch: number) => (batch === number ? newest : readManifest(tree, batch))
  return {
    newest,
    manifest,
    async first(holds) {
      let [low, high] = [0, number + 1]
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        // oxlint-disable-next-line no-await-in-loop -- each says where to look next
        if (holds(await manifest(middle))) high = middle
        else low = middle + 1
      }
      return low
    },
  }
}

/** The leaves from `from` up to, not including, `to`; those that `isWanted` by their bytes. */
export async function* leavesOf(
  { objects, size }: ExportedTree,
  { from, to }: { readonly from: number; readonly to: number },
  isWanted: (bytes: Buffer) => boolean = () => true,
): AsyncGenerator<FoundLeaf> {
  for await (const each of leavesBetween(objects, { from, to, size })) {
    const { buffer, byteOffset, byteLength } = each.bytes
    if (isWanted(Buffer.from(buffer, byteOffset, byteLength))) yield leafIn(each)
  }
}

/** Whether a leaf can be of a type. A text in it may say the same: look again at the leaf. */
export function mayBeOf(...types: readonly string[]): (bytes: Buffer) => boolean {
  const marks = types.map((type) => `"k":"${type}"`)
  return (bytes) => marks.some((mark) => bytes.includes(mark))
}

async function readManifest(
  { objects, entries }: ExportedTree,
  batch: number,
): Promise<SealedBatchEntry> {
  const line = await objects.read(manifestPath(batch))
  const text = line && canonicalMembers(line.subarray(0, -1))?.get('entry')
  const published = typeof text === 'string' ? parseManifest(Buffer.from(text)) : undefined
  if (published?.batch === batch) return published
  const kept = await entries.get(manifestId(batch))
  if (kept?.entry.type === 'sealed-batch') return kept.entry
  throw new Error(`there is no \`${manifestId(batch)}\``)
}

function leafIn({
  index,
  bytes,
}: {
  readonly index: number
  readonly bytes: Uint8Array
}): FoundLeaf {
  const leaf = parseLeaf(bytes)
  if (leaf === undefined) throw new Error(`leaf ${index} of the log is none`)
  return { index, leaf, bytes }
}
