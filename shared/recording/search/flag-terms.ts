/** From which figures on a call is worth a look. */
export interface FlagTerms {
  /** Rows one call hands out. */
  readonly massReadRows: number
  /** So many denials of one principal in so long. */
  readonly denials: number
  readonly denialsWithinMs: number
  /** So many calls of one principal with the same statement, or on the same table, in so long. */
  readonly similarCalls: number
  readonly similarWithinMs: number
  /** What is governed is read from this hour (inclusive) to that (exclusive), Monday to Friday, in this time zone (IANA). */
  readonly fromHour: number
  readonly toHour: number
  readonly timeZone: string
}

export const DEFAULT_FLAG_TERMS: FlagTerms = {
  massReadRows: 50_000,
  denials: 5,
  denialsWithinMs: 10 * 60_000,
  similarCalls: 30,
  similarWithinMs: 10 * 60_000,
  fromHour: 6,
  toHour: 21,
  timeZone: 'UTC',
}
