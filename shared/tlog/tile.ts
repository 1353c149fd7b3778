/** How many hashes or entries a full tile or bundle holds. C2SP tlog-tiles, “Merkle Tree”. */
export const TILE_WIDTH = 256

/** A tile of hashes or a bundle of entries. */
export interface Tile {
  /** Hashes at level L are over 256^L leaves each; bundles of entries lie beside the tiles of level 0. */
  readonly level: number | 'entries'
  /** Which one of its level it is, from the left, from 0. */
  readonly index: number
  /** How many hashes or entries it holds: from 1 to 256; below 256 it is partial. */
  readonly width: number
}
