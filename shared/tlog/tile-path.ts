import { type Result, err, ok } from '../kernel/result.ts'
import { TILE_WIDTH, type Tile } from './tile.ts'

const HIGHEST_LEVEL = 63

/** A path at which no tile can be. */
export interface TilePathProblem {
  readonly problem: 'tile-path-malformed'
}

/**
 * Where a tile lies below the log's prefix, as in `tile/0/x001/x234/067` or `tile/entries/000.p/5`.
 * C2SP tlog-tiles, “Merkle Tree” and “Log entries”. Throws `RangeError` for what is no tile.
 */
export function tilePath(tile: Tile): string {
  if (!isTile(tile)) throw new RangeError('there is no such tile')
  const { level, index, width } = tile
  const partial = width < TILE_WIDTH ? `.p/${width}` : ''
  return `tile/${level}/${groupsOf(index)}${partial}`
}

/** The tile at a path. Only what `tilePath` writes is one. */
export function parseTilePath(path: string): Result<Tile, TilePathProblem> {
  const [, level = '', groups = '', width] =
    /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? []
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  }
  return isTile(tile) && tilePath(tile) === path
    ? ok(tile)
    : err({ problem: 'tile-path-malformed' })
}

function isTile({ level, index, width }: Tile): boolean {
  return (
    (level === 'entries' || (Number.isInteger(level) && level >= 0 && level <= HIGHEST_LEVEL)) &&
    Number.isSafeInteger(index) &&
    index >= 0 &&
    Number.isInteger(width) &&
    width >= 1 &&
    width <= TILE_WIDTH
  )
}

function groupsOf(index: number): string {
  const groups = [threeDigits(index)]
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${threeDigits(rest)}`)
  return groups.join('/')
}

const threeDigits = (index: number): string => String(index % 1000).padStart(3, '0')
