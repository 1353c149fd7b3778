import { ok } from '../kernel/result.ts'
import { type TileProblem, decodeHashTile } from './hash-tile.ts'
import type { ReadHashes } from './prove.ts'
import { subtreeHash } from './subtree-hash.ts'
import { tilePath } from './tile-path.ts'
import { TILE_WIDTH, type Tile } from './tile.ts'
import type { TreeNode } from './tree-node.ts'

const LEVELS_IN_TILE = 8

/** Port. The bytes of a tile of hashes, as they are stored; rejects when they cannot be read. */
export type ReadTile = (tile: Tile) => Promise<Uint8Array>

/**
 * Reads hashes of the tree of `size` leaves from its tiles, every tile once for all hashes that are
 * asked for together. Only subtrees whose leaves the tree has may be asked for.
 */
export function hashesFromTiles(size: number, readTile: ReadTile): ReadHashes<TileProblem> {
  return async (nodes) => {
    const places = nodes.map((node) => placeOf(node, size))
    const needed = new Map(places.map(({ tile }) => [tilePath(tile), tile]))
    const decoded = await Promise.all(
      [...needed].map(async ([path, tile]) => {
        return { path, hashes: decodeHashTile(tile, await readTile(tile)) }
      }),
    )
    const read = new Map<string, readonly Uint8Array[]>()
    for (const { path, hashes } of decoded) {
      if (!hashes.ok) return hashes
      read.set(path, hashes.value)
    }
    return ok(places.map(({ tile, node }) => subtreeHash(read.get(tilePath(tile)) ?? [], node)))
  }
}

/** The tile that holds the leaves of a subtree or roots over them, and the subtree within that tile. */
function placeOf(node: TreeNode, size: number): { readonly tile: Tile; readonly node: TreeNode } {
  const level = Math.floor(node.level / LEVELS_IN_TILE)
  const height = node.level % LEVELS_IN_TILE
  const inTile = TILE_WIDTH / 2 ** height
  const index = Math.floor(node.index / inTile)
  const count = Math.floor(size / TILE_WIDTH ** level)
  return {
    tile: { level, index, width: Math.min(TILE_WIDTH, count - index * TILE_WIDTH) },
    node: { level: height, index: node.index % inTile },
  }
}
