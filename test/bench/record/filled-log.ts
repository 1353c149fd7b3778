import { hash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { encodeEntry } from '../../../shared/recording/encode-entry.ts'
import { type SoundLeaf, encodeLeaf } from '../../../shared/recording/leaf.ts'
import { entryLine } from '../../../shared/recording/log/archive.ts'
import { manifestPath } from '../../../shared/recording/log/log-paths.ts'
import { manifestId } from '../../../shared/recording/log/parse-manifest.ts'
import { type SealerState, emptyState } from '../../../shared/recording/log/sealer-state.ts'
import type { SealedBatchEntry } from '../../../shared/recording/upkeep-entry.ts'
import { encodeBase64 } from '../../../shared/tlog/base64.ts'
import { rootOf } from '../../../shared/tlog/compact-range.ts'
import { type TileContent, growTree } from '../../../shared/tlog/grow-tree.ts'
import { tilePath } from '../../../shared/tlog/tile-path.ts'
import { TILE_WIDTH } from '../../../shared/tlog/tile.ts'
import { type TreeEdge, emptyEdge, rangeOfEdge } from '../../../shared/tlog/tree-edge.ts'
import type { FilledEntry } from './filled-entries.ts'

const ENTRIES_OF_BATCH = 250
const DIGEST = hash('sha256', 'anything', 'hex')
const WRITER = 'a'.repeat(26)

/** Writes the objects of a log of these entries into a folder, all but the checkpoint; resolves with what its sealers know. */
export function fillLog(folder: string, entries: readonly FilledEntry[]): SealerState {
  let edge: TreeEdge = emptyEdge
  let batch = 0
  let until = 0
  let partial: readonly TileContent[] = []
  for (let start = 0; start < entries.length; start += ENTRIES_OF_BATCH) {
    const taken = entries.slice(start, start + ENTRIES_OF_BATCH)
    const from = edge.size
    until = taken.at(-1)?.committedAt ?? until
    const first = growTree(edge, taken.map(leafOf))
    const manifest = manifestOf({ batch, from, size: first.edge.size + 1, until, edge: first.edge })
    const own = { id: manifest.id, type: manifest.type, committedAt: until + 1 }
    const grown = growTree(first.edge, [leafOf(own)])
    ;({ edge } = grown)
    write(folder, manifestPath(batch), lineOf(manifest, edge.size - 1))
    const tiles = [...first.tiles, ...grown.tiles]
    for (const tile of tiles.filter(isWhole)) writeTile(folder, tile)
    // A tile that nothing was added to is not among the new ones.
    const isNewer = new Set(tiles.map(({ tile }) => `${tile.level} ${tile.index}`))
    const kept = partial.filter(({ tile }) => !isNewer.has(`${tile.level} ${tile.index}`))
    partial = [...kept, ...tiles.filter((each) => !isWhole(each))]
    batch += 1
  }
  for (const tile of partial) writeTile(folder, tile)
  const root = rootOf(rangeOfEdge(edge))
  const sealedAt = Math.floor(until / 1000)
  return { ...emptyState, size: edge.size, root, batches: batch, until, sealedAt, covered: until }
}

function leafOf({ id, type, committedAt }: FilledEntry): Buffer {
  const leaf: SoundLeaf = {
    t: 'sluice-leaf/v1',
    c: committedAt,
    e: DIGEST,
    i: id,
    k: type,
    n: 0,
    p: DIGEST,
    s: DIGEST,
    w: WRITER,
  }
  return encodeLeaf(leaf)
}

function manifestOf({
  edge,
  ...of
}: Pick<SealedBatchEntry, 'batch' | 'from' | 'size' | 'until'> & {
  readonly edge: TreeEdge
}): SealedBatchEntry {
  return {
    ...of,
    v: 1,
    type: 'sealed-batch',
    id: manifestId(of.batch),
    at: Math.floor(of.until / 1000),
    root: encodeBase64(rootOf(rangeOfEdge(edge))),
    writers: [{ writer: WRITER, number: 0, stamp: DIGEST }],
    missing: [],
    late: [],
    invalid: [],
    archive: [],
  }
}

function lineOf(manifest: SealedBatchEntry, index: number): Buffer {
  const { bytes } = encodeEntry(manifest)
  const raw = { bytes, stamp: '{}', signature: Buffer.alloc(64), ciphertext: undefined }
  return Buffer.from(entryLine({ ...raw, committedAt: manifest.until + 1 }, index))
}

const isWhole = ({ tile }: TileContent): boolean => tile.width === TILE_WIDTH

function writeTile(folder: string, { tile, bytes }: TileContent): void {
  write(folder, tilePath(tile), bytes)
}

function write(folder: string, path: string, bytes: Buffer): void {
  const file = join(folder, path)
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, bytes)
}
