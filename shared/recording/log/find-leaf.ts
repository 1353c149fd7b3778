import type { Leaf } from '../leaf.ts'
import type { SealedBatchEntry } from '../upkeep-entry.ts'
import { manifestPath } from './log-paths.ts'
import { canonicalMembers } from './members.ts'
import { parseLeaf } from './parse-leaf.ts'
import { batchOf, parseManifest } from './parse-manifest.ts'
import { type ReadObjects, bundleOf, leavesBetween } from './read-log.ts'
import { usualLimits } from './sealed-log.ts'

/** A log at one size, at least 1, that somebody reads. */
export interface ReadLog {
  readonly objects: ReadObjects
  readonly size: number
  /** How much later a commit may have been seen than one that follows it. Default: the usual one. */
  readonly overlapMs?: number
}

/** A leaf with its place. */
export interface FoundLeaf {
  readonly index: number
  readonly leaf: Leaf
  readonly bytes: Uint8Array
}

/**
 * The leaf of the entry with this id and commit time, epoch microseconds; undefined when the log does not have it at
 * that size. It reads the manifests on the way to the batch it is in, and that batch; nothing of the store. Rejects when
 * the log cannot be read.
 */
export async function findLeaf(
  log: ReadLog,
  entry: { readonly id: string; readonly committedAt: number },
): Promise<FoundLeaf | undefined> {
  const { objects, size } = log
  const newest = await manifestAt(log, size - 1)
  const own = batchOf(entry.id)
  if (own !== undefined && own <= newest.batch) {
    const { size: end } = await manifestOf(log, own)
    return leafIn(objects, { from: end - 1, to: end, size }, entry.id)
  }
  const { overlapMs = usualLimits.overlapMs } = log
  const first = await firstBatch(log, newest.batch, entry.committedAt)
  let before = 0
  for (let batch = first; batch <= newest.batch; batch += 1) {
    // Nothing is that late.
    if (before > entry.committedAt + overlapMs * 1000) return undefined
    // oxlint-disable-next-line no-await-in-loop -- the first is nearly always the one
    const manifest = await manifestOf(log, batch)
    const { from, size: to } = manifest
    const mayHave = manifest.late.length > 0 || before === entry.committedAt
    if (batch === first || mayHave) {
      // oxlint-disable-next-line no-await-in-loop
      const found = await leafIn(objects, { from, to, size }, entry.id)
      if (found !== undefined) return found
    }
    before = manifest.until
  }
  return undefined
}

/** The first batch, if any up to `last`, that says everything up to this commit time is sealed. */
async function firstBatch(log: ReadLog, last: number, committedAt: number): Promise<number> {
  let [low, high] = [0, last + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    // oxlint-disable-next-line no-await-in-loop -- each says where to look next
    const { until } = await manifestOf(log, middle)
    if (until < committedAt) low = middle + 1
    else high = middle
  }
  return low
}

async function leafIn(
  objects: ReadObjects,
  range: { readonly from: number; readonly to: number; readonly size: number },
  id: string,
): Promise<FoundLeaf | undefined> {
  for await (const { index, bytes } of leavesBetween(objects, range)) {
    const leaf = leafOf(bytes, index)
    if (leaf.i === id) return { index, leaf, bytes }
  }
  return undefined
}

async function manifestAt(log: ReadLog, index: number): Promise<SealedBatchEntry> {
  const leaves = await bundleOf(log.objects, Math.floor(index / 256), log.size)
  const bytes = leaves[index % 256]
  const batch = bytes && batchOf(leafOf(bytes, index).i)
  if (batch === undefined) throw new Error(`leaf ${index} of the log is no manifest`)
  return manifestOf(log, batch)
}

async function manifestOf({ objects }: ReadLog, batch: number): Promise<SealedBatchEntry> {
  const path = manifestPath(batch)
  const line = await objects.read(path)
  const entry = line && canonicalMembers(line.subarray(0, -1))?.get('entry')
  const manifest = typeof entry === 'string' ? parseManifest(Buffer.from(entry)) : undefined
  if (manifest === undefined) throw new Error(`the log has no manifest at \`${path}\``)
  return manifest
}

function leafOf(bytes: Uint8Array, index: number): Leaf {
  const leaf = parseLeaf(bytes)
  if (leaf === undefined) throw new Error(`leaf ${index} of the log is none`)
  return leaf
}
