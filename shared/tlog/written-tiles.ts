import { TILE_WIDTH, type Tile } from './tile.ts'

/**
 * The tiles and bundles that a log's growth from one size to another writes: what the larger tree has
 * and the smaller one has not. C2SP tlog-tiles, “Partial Tiles”. From size 0 that is the whole tree
 * at its larger size; partial tiles of sizes in between are not among them.
 */
export function writtenTiles(from: number, to: number): readonly Tile[] {
  const tiles: Tile[] = [...tilesOfLevel('entries', from, to)]
  let [before, after] = [from, to]
  for (let level = 0; after > before; level += 1) {
    tiles.push(...tilesOfLevel(level, before, after))
    before = Math.floor(before / TILE_WIDTH)
    after = Math.floor(after / TILE_WIDTH)
  }
  return tiles
}

/** The partial tiles of the tree of this size, and its partial bundle: what its growth starts from. */
export function edgeTiles(size: number): readonly Tile[] {
  const tiles: Tile[] = [...partialTile('entries', size)]
  for (let [level, count] = [0, size]; count > 0; level += 1) {
    tiles.push(...partialTile(level, count))
    count = Math.floor(count / TILE_WIDTH)
  }
  return tiles
}

function tilesOfLevel(level: Tile['level'], from: number, to: number): readonly Tile[] {
  if (from === to) return []
  const first = Math.floor(from / TILE_WIDTH)
  const full = Array.from({ length: Math.floor(to / TILE_WIDTH) - first }, (_, place) => ({
    level,
    index: first + place,
    width: TILE_WIDTH,
  }))
  return [...full, ...partialTile(level, to)]
}

/** Of a level with this many hashes; none when they fill their tiles. */
function partialTile(level: Tile['level'], count: number): readonly Tile[] {
  const width = count % TILE_WIDTH
  return width === 0 ? [] : [{ level, index: Math.floor(count / TILE_WIDTH), width }]
}
