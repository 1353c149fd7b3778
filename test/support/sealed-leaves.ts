import type { Leaf } from '../../shared/recording/leaf.ts'
import { parseLeaf } from '../../shared/recording/log/parse-leaf.ts'
import { leavesBetween } from '../../shared/recording/log/read-log.ts'
import { type Checkpoint } from '../../shared/tlog/checkpoint.ts'
import { decodeEntryBundle } from '../../shared/tlog/entry-bundle.ts'
import { decodeHashTile } from '../../shared/tlog/hash-tile.ts'
import { leafHash } from '../../shared/tlog/hash.ts'
import { openCheckpoint } from '../../shared/tlog/open-checkpoint.ts'
import { tilePath, parseTilePath } from '../../shared/tlog/tile-path.ts'
import { TILE_WIDTH, type Tile } from '../../shared/tlog/tile.ts'
import { edgeTiles, writtenTiles } from '../../shared/tlog/written-tiles.ts'
import type { MemoryLogObjects } from './memory-log.ts'
import { naiveRoot } from './naive-tree.ts'
import { ORIGIN, logSigners } from './sealing-world.ts'

/** The checkpoint in a note that our log must have signed. */
export function checkpointIn(note: Uint8Array | undefined): Checkpoint {
  const keys = [logSigners.ed25519.key, logSigners.p256.key]
  const opened = openCheckpoint(note ?? Buffer.alloc(0), { origin: ORIGIN, keys, witnesses: [] })
  if (!opened.ok || opened.value.signatures.length !== 2)
    throw new Error(`no checkpoint of both keys: ${note?.toString()}`)
  return opened.value
}

/** All leaves of the newest published tree, in their order. */
export async function publishedLeaves({
  stored,
  read,
}: MemoryLogObjects): Promise<readonly { readonly leaf: Leaf; readonly bytes: Uint8Array }[]> {
  const { size } = checkpointIn(stored.get('checkpoint'))
  const leaves = []
  for await (const { bytes } of leavesBetween({ read }, { from: 0, to: size, size })) {
    const leaf = parseLeaf(bytes)
    if (leaf === undefined) throw new Error(`no leaf: ${Buffer.from(bytes).toString()}`)
    leaves.push({ leaf, bytes })
  }
  return leaves
}

/**
 * What is wrong with what is published, seen by somebody who has everything and believes nothing: checkpoints that are not of
 * one log, tiles with other hashes, tiles that a client of a published size would look for in vain.
 */
export async function wrongWithLog(objects: MemoryLogObjects): Promise<readonly string[]> {
  const leaves = await publishedLeaves(objects)
  const hashes = leaves.map(({ bytes }) => leafHash(bytes))
  const wrong: string[] = []
  const kept = [...objects.stored].filter(([path]) => path.startsWith('checkpoints/'))
  const notes = [...kept.map(([, note]) => note), ...objects.replaced]
  const roots = rootsBySize(hashes)
  for (const note of notes) {
    const { size, root } = checkpointIn(note)
    if (Buffer.compare(roots(size), root) !== 0) wrong.push(`another tree of size ${size}`)
    for (const tile of edgeTiles(size))
      if (!objects.stored.has(tilePath(tile))) wrong.push(`size ${size} has no ${tilePath(tile)}`)
  }
  const full = writtenTiles(0, leaves.length).filter(({ width }) => width === TILE_WIDTH)
  for (const tile of full)
    if (!objects.stored.has(tilePath(tile))) wrong.push(`there is no ${tilePath(tile)}`)
  for (const [path, bytes] of objects.stored) {
    if (!path.startsWith('tile/')) continue
    const tile = parseTilePath(path)
    if (!tile.ok || !isOf(tile.value, bytes, hashes)) wrong.push(`other hashes at ${path}`)
  }
  return wrong
}

function isOf(tile: Tile, bytes: Buffer, hashes: readonly Uint8Array[]): boolean {
  const entries = decodeEntryBundle(tile, bytes)
  const decoded = decodeHashTile(tile, bytes)
  const found = entries.ok ? entries.value.map(leafHash) : decoded.ok ? decoded.value : undefined
  const span = TILE_WIDTH ** (tile.level === 'entries' ? 0 : tile.level)
  return (
    found?.every((hash, place) => {
      const first = (tile.index * TILE_WIDTH + place) * span
      const leaves = hashes.slice(first, first + span)
      return leaves.length === span && Buffer.compare(hash, naiveRoot(leaves)) === 0
    }) === true
  )
}

function rootsBySize(hashes: readonly Uint8Array[]): (size: number) => Uint8Array {
  const known = new Map<number, Uint8Array>()
  return (size) => {
    const root = known.get(size) ?? naiveRoot(hashes.slice(0, size))
    known.set(size, root)
    return root
  }
}
