import { encodeEntryBundle } from './entry-bundle.ts'
import { encodeHashTile } from './hash-tile.ts'
import { leafHash } from './hash.ts'
import { subtreeHash } from './subtree-hash.ts'
import { TILE_WIDTH, type Tile } from './tile.ts'
import type { TreeEdge } from './tree-edge.ts'

/** A tile with the bytes that belong at its path. */
export interface TileContent {
  readonly tile: Tile
  readonly bytes: Buffer
}

/** A tree that has grown, and what there is to write of it: the tiles of `writtenTiles`. */
export interface Growth {
  readonly edge: TreeEdge
  readonly tiles: readonly TileContent[]
}

/**
 * The tree with these entries after its own. It leaves the edge it is given as it is, and the same
 * growth always gives the same bytes. Throws `RangeError` for an entry of more than 65,535 bytes.
 */
export function growTree(edge: TreeEdge, entries: readonly Uint8Array[]): Growth {
  const bundles = fill('entries', edge.size, edge.entries, entries, encodeEntryBundle)
  const tiles = [...bundles.tiles]
  const levels: (readonly Uint8Array[])[] = []
  let before = edge.size
  let added = entries.map(leafHash)
  for (let level = 0; added.length > 0 || level < edge.levels.length; level += 1) {
    const filled = fill(level, before, edge.levels[level] ?? [], added, encodeHashTile)
    tiles.push(...filled.tiles)
    levels.push(filled.rest)
    before = Math.floor(before / TILE_WIDTH)
    added = filled.full.map((hashes) => Buffer.from(subtreeHash(hashes, WHOLE_TILE)))
  }
  return { edge: { size: edge.size + entries.length, entries: bundles.rest, levels }, tiles }
}

const WHOLE_TILE = { level: 8, index: 0 }

/** One level of the tree: what is added fills the partial tile and further ones. */
function fill(
  level: Tile['level'],
  before: number,
  partial: readonly Uint8Array[],
  added: readonly Uint8Array[],
  encode: (items: readonly Uint8Array[]) => Buffer,
) {
  const items = [...partial, ...added]
  const full: (readonly Uint8Array[])[] = []
  const tiles: TileContent[] = []
  let index = Math.floor(before / TILE_WIDTH)
  let start = 0
  for (; items.length - start >= TILE_WIDTH; start += TILE_WIDTH) {
    const chunk = items.slice(start, start + TILE_WIDTH)
    full.push(chunk)
    tiles.push({ tile: { level, index, width: TILE_WIDTH }, bytes: encode(chunk) })
    index += 1
  }
  const rest = items.slice(start)
  if (added.length > 0 && rest.length > 0)
    tiles.push({ tile: { level, index, width: rest.length }, bytes: encode(rest) })
  return { tiles, full, rest }
}
