/** A line of a bundle. FORMAT.md §7; the lines come in the order in which the types stand here. */
export type BundleLine =
  | HeaderLine
  | CheckpointLine
  | ConsistencyLine
  | EntryLine
  | PrivateLine
  | LeafLine
  | UnsealedLine
  | EndLine

/** What the bundle is. Nobody signs it: it says what its maker claims. */
export interface HeaderLine {
  readonly t: 'sluice-bundle/v1'
  /** Origin of the log. */
  readonly log: string
  /** Leaves of the tree that the bundle is about. */
  readonly size: number
  readonly scope: BundleScope
  /** When it was made, epoch milliseconds. */
  readonly made: number
  /** Whether there are `private` lines. */
  readonly private: boolean
}

/** Everything, or what matches every member that is there; at least one. */
export type BundleScope = { readonly all: true } | PartialScope

export interface PartialScope {
  readonly session?: string | undefined
  /** `principalKey`. */
  readonly principal?: string | undefined
  readonly call?: string | undefined
  /** Epoch milliseconds, from (inclusive) and to (exclusive): by the commit time of the leaf. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export interface CheckpointLine {
  readonly t: 'checkpoint'
  /** The signed note of the tree's size. */
  readonly note: string
}

/** That the tree starts with the tree of an earlier checkpoint. */
export interface ConsistencyLine {
  readonly t: 'consistency'
  readonly from: number
  /** Hashes in base64. */
  readonly proof: readonly string[]
}

/** An entry as it is stored, and where the log has it. */
export interface EntryLine extends StoredLine {
  readonly t: 'entry'
  /** Of its leaf. */
  readonly index: number
  /** The inclusion proof, hashes in base64; absent in a bundle of everything. */
  readonly proof?: readonly string[] | undefined
}

/** An entry that is in no tree yet. */
export interface UnsealedLine extends StoredLine {
  readonly t: 'unsealed'
}

export interface StoredLine {
  /** The text of the entry's bytes. */
  readonly entry: string
  /** The text of the stamp. */
  readonly stamp: string
  /** Of the stamp, base64. */
  readonly signature: string
  /** When it became durable, epoch microseconds. */
  readonly committed: number
  /** Base64; absent for an entry without private facts. */
  readonly ciphertext?: string | undefined
}

/** Private facts of the entry on the line before. */
export interface PrivateLine {
  readonly t: 'private'
  /** Of the entry. */
  readonly id: string
  /** Canonical JSON. */
  readonly facts: string
  /** Base64, 32 bytes. */
  readonly salt: string
}

/** A leaf whose entry is not here. */
export interface LeafLine {
  readonly t: 'leaf'
  readonly index: number
  /** The text of the leaf. */
  readonly leaf: string
  /** Retention deleted the entry; nobody knows where it is; or what is stored is no entry. */
  readonly why: 'deleted' | 'missing' | 'invalid'
  readonly proof?: readonly string[] | undefined
}

export interface EndLine {
  readonly t: 'end'
  /** How many lines there are before this one. */
  readonly lines: number
  /** SHA-256, hex, of all bytes before this line. */
  readonly sha256: string
}
