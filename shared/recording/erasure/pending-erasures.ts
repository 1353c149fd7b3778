/** What an erasure that may be on the record destroys. */
export interface PendingErasure {
  /** Of its entry. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly at: number
  /** Ids of keys. */
  readonly keys: readonly string[]
  /** Ids of grants. */
  readonly grants: readonly string[]
}

/**
 * Port. Erasures that somebody has begun, so that what is said to be erased is, whoever dies. Every method rejects when
 * the store cannot be reached; calling again is safe.
 */
export interface PendingErasures {
  list(): Promise<readonly PendingErasure[]>
  add(erasure: PendingErasure): Promise<void>
  /** One that is not there is no problem. */
  remove(id: string): Promise<void>
}
