import { canonicalJson } from '../../kernel/canonical-json.ts'
import { rootOf } from '../../tlog/compact-range.ts'
import { type Growth, growTree } from '../../tlog/grow-tree.ts'
import { tilePath } from '../../tlog/tile-path.ts'
import { type TreeEdge, rangeOfEdge } from '../../tlog/tree-edge.ts'
import { writtenTiles } from '../../tlog/written-tiles.ts'
import { encodeEntry, stampEntry } from '../encode-entry.ts'
import type { RawEntry, StoredEntry } from '../entry-store.ts'
import { type SoundLeaf, encodeLeaf } from '../leaf.ts'
import { stampHash, stampMessage } from '../stamp.ts'
import type { SealedBatchEntry } from '../upkeep-entry.ts'
import type { Writer } from '../writer.ts'
import { type NewObject, archiveOf, entryLine } from './archive.ts'
import type { Awaited } from './await-openings.ts'
import { judgeEntries } from './judge-entries.ts'
import { manifestPath } from './log-paths.ts'
import { manifestOf } from './manifest-of.ts'
import type { SealedLog } from './sealed-log.ts'
import { originOf } from './sealed-log.ts'
import type { SealerState } from './sealer-state.ts'
import type { StagedBatch } from './staged-batch.ts'
import { stateAfter, writersAfter } from './state-after.ts'

/** A log as sealers leave it: what they share, and the edge of its tree. */
export interface Grown {
  readonly state: SealerState
  readonly edge: TreeEdge
}

/** A batch that nobody has heard of yet. */
export interface MadeBatch {
  readonly after: Grown
  readonly staged: StagedBatch
  readonly manifest: SealedBatchEntry
  /** Who stamped the manifest. */
  readonly writer: Writer
}

/**
 * The next batch of a log: leaves of what is given, in the order of commit time, then id, and that of its manifest.
 * Rejects when no writer can be opened, or classes cannot be had.
 */
export async function makeBatch(
  log: SealedLog,
  { state, edge }: Grown,
  { ready, waitingFrom }: Awaited,
): Promise<MadeBatch> {
  const judged = judgeEntries(ready.toSorted(byCommit), {
    origin: originOf(log),
    authorities: log.authorities,
    certificateOf: (writer) => state.writers.get(writer)?.certificate,
  })
  const sound = judged.flatMap(({ entry }) => (entry === undefined ? [] : [entry]))
  const classes = sound.length === 0 ? [] : await log.classesOf(sound)
  const batch = state.batches
  const archived = archiveOf(judged, classes, { batch, from: edge.size })
  const first = growTree(
    edge,
    judged.map(({ leaf }) => encodeLeaf(leaf)),
  )
  const writers = writersAfter(state.writers, judged)
  const { stored, manifest, writer } = await log.writers.use((inUse) => {
    const root = rootOf(rangeOfEdge(first.edge))
    const entry = manifestOf({ at: log.clock(), state, judged, writers, root, archived })
    const stamped = stampEntry(inUse, encodeEntry(entry))
    return { stored: stamped, manifest: entry, writer: inUse }
  })
  const leaf = manifestLeaf(stored)
  const grown = growTree(first.edge, [encodeLeaf(leaf)])
  const after = {
    edge: grown.edge,
    state: stateAfter(
      { state, judged, writers, leaf, overlapMs: log.limits.overlapMs, waitingFrom },
      grown.edge,
    ),
  }
  const objects = [
    ...tilesOf(edge.size, first, grown),
    ...archived.map(({ path, bytes }) => ({ path, bytes })),
    { path: manifestPath(batch), bytes: manifestLine(stored, leaf, edge.size + judged.length) },
  ]
  const { size, root } = after.state
  return { after, staged: { size, root, manifest: stored, objects }, manifest, writer }
}

/** It was not stored yet when it was sealed: its time is its own. */
function manifestLeaf({ entry, hash, stamp }: StoredEntry): SoundLeaf {
  return {
    t: 'sluice-leaf/v1',
    c: entry.at * 1000,
    e: hash,
    i: entry.id,
    k: entry.type,
    n: stamp.stamp.number,
    p: undefined,
    s: stampHash(stampMessage(stamp.stamp)),
    w: stamp.stamp.writer,
  }
}

function manifestLine({ bytes, stamp }: StoredEntry, { c }: SoundLeaf, index: number): Buffer {
  const { signature } = stamp
  const text = canonicalJson(stamp.stamp)
  const raw = { bytes, stamp: text, signature, committedAt: c, ciphertext: undefined }
  return Buffer.from(entryLine(raw, index))
}

/** The tiles of the tree with its last leaf that it has not had before; those in between are nobody's. */
function tilesOf(before: number, ...growths: readonly Growth[]): readonly NewObject[] {
  const size = growths.at(-1)?.edge.size ?? before
  const wanted = new Set(writtenTiles(before, size).map(tilePath))
  return growths
    .flatMap(({ tiles }) => tiles)
    .map(({ tile, bytes }) => ({ path: tilePath(tile), bytes }))
    .filter(({ path }) => wanted.has(path))
}

const byCommit = (a: RawEntry, b: RawEntry): number =>
  a.committedAt - b.committedAt || (a.id < b.id ? -1 : 1)
