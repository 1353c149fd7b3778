/** A span of time, epoch milliseconds, from (inclusive) to (exclusive). */
export interface Span {
  readonly from: number
  readonly to: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Lengths that people can think in. */
const LENGTHS = [
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
  30 * DAY,
]
const MOST_BUCKETS = 31
/** The longest span that is cut into buckets: more than two years. */
export const LONGEST_SPAN_MS = MOST_BUCKETS * 30 * DAY

/** A span in at most 31 pieces of one length, the last of which may be shorter. */
export function bucketsOf({ from, to }: Span): readonly Span[] {
  const length =
    LENGTHS.find((each) => (to - from) / each <= MOST_BUCKETS) ?? (to - from) / MOST_BUCKETS
  const count = Math.ceil((to - from) / length)
  return Array.from({ length: count }, (_, i) => ({
    from: from + i * length,
    to: Math.min(to, from + (i + 1) * length),
  }))
}

/** The last so many days up to the end of this hour, UTC; `now` in epoch milliseconds. */
export function lastDays(days: number, now: number): Span {
  const to = Math.ceil(now / HOUR) * HOUR
  return { from: to - days * DAY, to }
}
