import type { HoldEntry, RecordScope } from '../upkeep-entry.ts'

/** A legal hold in force: what it covers is neither deleted nor erased. */
export interface Hold extends Pick<HoldEntry, 'reason' | 'at'> {
  /** 26 characters of lower-case base32. */
  readonly id: string
  readonly scope: RecordScope
  /** `principalKey` of who set it. */
  readonly by: string
}

/** Port. The holds in force. Every method rejects when the store cannot be reached; calling again is safe. */
export interface Holds {
  /** In the order in which they were set. */
  list(): Promise<readonly Hold[]>
  /** Rejects when there are a thousand. */
  add(hold: Hold): Promise<void>
  /** One that is not there is no problem. */
  remove(id: string): Promise<void>
}
