import { type Result, err, ok } from '../kernel/result.ts'
import type { CompactRange } from './compact-range.ts'
import { decodeEntryBundle } from './entry-bundle.ts'
import { type TileProblem, decodeHashTile } from './hash-tile.ts'
import { subtreeHash } from './subtree-hash.ts'
import type { Tile } from './tile.ts'
import { perfectSubtrees } from './tree-node.ts'
import { edgeTiles } from './written-tiles.ts'

/** What one has to know of a tree to append to it and to write the tiles that follow. */
export interface TreeEdge {
  /** How many leaves the tree has; a safe integer. */
  readonly size: number
  /** The entries of the partial bundle, fewer than 256. */
  readonly entries: readonly Uint8Array[]
  /** By level, the hashes of the partial tile, fewer than 256; a level may have none. */
  readonly levels: readonly (readonly Uint8Array[])[]
}

export const emptyEdge: TreeEdge = { size: 0, entries: [], levels: [] }

/**
 * The edge of a stored tree, of the bytes of `edgeTiles(size)` in their order. It is not proved that
 * they belong together: compare `rootOf(rangeOfEdge(edge))` with the root that is signed.
 */
export function parseEdge(
  size: number,
  bytes: readonly Uint8Array[],
): Result<TreeEdge, TileProblem> {
  let entries: readonly Uint8Array[] = []
  const levels: (readonly Uint8Array[])[] = []
  for (const [place, tile] of edgeTiles(size).entries()) {
    const content = bytes[place]
    if (content === undefined) return err({ problem: 'tile-malformed', tile })
    const decoded = decode(tile, content)
    if (!decoded.ok) return decoded
    if (tile.level === 'entries') entries = decoded.value
    else levels[tile.level] = decoded.value
  }
  return ok({ size, entries, levels: Array.from(levels, (hashes) => hashes ?? []) })
}

/** The tree's perfect subtrees, which give its root. */
export function rangeOfEdge({ size, levels }: TreeEdge): CompactRange {
  const hashes = levels
    .toReversed()
    .flatMap((level) => perfectSubtrees(0, level.length).map((node) => subtreeHash(level, node)))
  return { size, hashes }
}

function decode(tile: Tile, bytes: Uint8Array): Result<readonly Uint8Array[], TileProblem> {
  return tile.level === 'entries' ? decodeEntryBundle(tile, bytes) : decodeHashTile(tile, bytes)
}
