/** What is counted of a subject: the principal, or a group for the limits of a group as a whole. */
export const meters = [
  'queries-per-minute',
  'bytes-per-day',
  'governed-rows-per-day',
  'concurrent-jobs',
] as const

export type Meter = (typeof meters)[number]

export interface UsageLimit {
  readonly meter: Meter
  /** `principalKey` of whoever is limited, or `group NAME` for a group as a whole. */
  readonly subject: string
  readonly most: number
}

/**
 * Port. Counts in the store, so that instances count together. Rejects when the store cannot be reached:
 * what cannot be counted is not let through.
 */
export interface Usage {
  /**
   * Counts a query that starts now in every one of `limits`, or in none: then says which one is reached.
   * Of `bytes-per-day` and `governed-rows-per-day` it only looks whether they are reached. A query counted as
   * running stops being so at `finish` or at `expiresAt`.
   */
  start(query: {
    readonly call: string
    readonly at: number
    readonly expiresAt: number
    readonly limits: readonly UsageLimit[]
  }): Promise<'started' | { readonly reached: UsageLimit }>
  /** Ends what `start` counted as running; harmless when it has ended. */
  finish(subject: string, call: string): Promise<void>
  /** Adds what a query of `subject` billed, once per call. */
  addBytes(subject: string, call: string, bytes: number, at: number): Promise<void>
  /**
   * Counts rows of governed data by their digests, each distinct row once a day, and resolves with the day's
   * count: an estimate with an error of about 2 %, never exact and never reset before the day is over.
   */
  addRows(subject: string, digests: readonly Buffer[], at: number): Promise<number>
}
