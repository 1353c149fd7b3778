const DAY_MS = 24 * 60 * 60_000

/** A span as the API takes it. */
export interface SpanAsked {
  readonly from: string
  readonly to: string
}

/**
 * From the beginning of one day to the end of another, UTC, but never beyond `now` (epoch milliseconds); instants are taken as
 * they are. Undefined for what is neither.
 */
export function spanOfDates(from: unknown, to: unknown, now: number): SpanAsked | undefined {
  const start = instantOf(from, 0)
  const end = instantOf(to, DAY_MS)
  if (start === undefined || end === undefined) return undefined
  // Whole seconds, so that the same page is asked for again.
  const last = Math.min(end, Math.floor(now / 1000) * 1000)
  return start < last
    ? { from: new Date(start).toISOString(), to: new Date(last).toISOString() }
    : undefined
}

function instantOf(given: unknown, afterDay: number): number | undefined {
  if (typeof given !== 'string') return undefined
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(given)
  if (!isDay && !/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(given)) return undefined
  const at = Date.parse(given)
  return Number.isNaN(at) ? undefined : at + (isDay ? afterDay : 0)
}
