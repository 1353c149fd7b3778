/** A small value that changes, and which of its versions it is. */
export interface Register {
  readonly bytes: Buffer
  /** Opaque; another one after every write. */
  readonly version: string
}

/**
 * What a vendor's store does for state that changes: usage, switches, tags, grants. Every method rejects when
 * the store cannot be reached.
 */
export interface Registers {
  read(collection: string, key: string): Promise<Register | undefined>
  /**
   * Writes if the register is still at `version`, undefined for none; false when somebody else was faster.
   * What nobody wrote since `expiresAt` (epoch milliseconds) may be deleted. It is listed as `listed` says
   * until the next write; without, it is in no list.
   */
  write(
    collection: string,
    key: string,
    bytes: Buffer,
    options: WriteOptions & { readonly version: string | undefined },
  ): Promise<boolean>
  /**
   * Keys of the registers of `collection` that are listed in `group`: by `at`, then by key, ascending; at most
   * `limit`, those after `after`. Of `grants`, `recordSecrets` and `recordedSessions`.
   */
  list(
    collection: string,
    group: string,
    limit: number,
    after?: ListPosition,
  ): Promise<readonly string[]>
}

export interface WriteOptions {
  readonly expiresAt?: number | undefined
  readonly listed?: { readonly group: string; readonly at: number } | undefined
  /** What was there before is not to be found in the store's files any more once it resolves. */
  readonly destroys?: boolean
}

/** Where a register is in a list. */
export interface ListPosition {
  /** `listed.at`. */
  readonly at: number
  readonly key: string
}
