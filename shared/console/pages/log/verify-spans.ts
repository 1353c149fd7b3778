const HOUR_MS = 3_600_000

/** The spans up to now that can be verified from the page. */
export const verifySpans = [
  { id: 'hour', words: 'the last hour', ms: HOUR_MS },
  { id: 'day', words: 'the last 24 hours', ms: 24 * HOUR_MS },
  { id: 'week', words: 'the last 7 days', ms: 7 * 24 * HOUR_MS },
  { id: 'quarter', words: 'the last 90 days', ms: 90 * 24 * HOUR_MS },
] as const

/** The span of this id up to `now`, epoch milliseconds, as the API takes it; undefined for none of ours. */
export function spanNamed(
  id: unknown,
  now: number,
): { readonly from: string; readonly to: string } | undefined {
  const span = verifySpans.find((each) => each.id === id)
  return span && { from: new Date(now - span.ms).toISOString(), to: new Date(now).toISOString() }
}
