import { type CompactRange, emptyRange, extendRange, rootOf } from '../../tlog/compact-range.ts'

/** The tree over all leaves of a bundle of everything, as they come. */
export interface WholeTree {
  /** Leaves come one after the other; after one that is missing nothing more is known. */
  add(index: number | undefined, leafHash: Uint8Array | undefined): void
  /** Leaves so far; undefined once one was missing. */
  size(): number | undefined
  /** Root of the leaves so far; undefined once one was missing. */
  root(): Uint8Array | undefined
}

export function wholeTree(): WholeTree {
  let range: CompactRange | undefined = emptyRange
  // Extended in one go: that is cheaper.
  let added: Uint8Array[] = []
  const grown = (): CompactRange | undefined => {
    if (range !== undefined) range = extendRange(range, added)
    added = []
    return range
  }
  return {
    add(index, leafHash) {
      if (range === undefined) return
      if (leafHash === undefined || index !== range.size + added.length) range = undefined
      else added.push(leafHash)
      if (added.length >= 4096) grown()
    },
    size: () => range && range.size + added.length,
    root() {
      const now = grown()
      return now && rootOf(now)
    },
  }
}
