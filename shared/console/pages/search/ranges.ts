const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS

/** Stretches of time that people ask about, by what the form calls them. */
export const ranges = [
  ['', 'Any time'],
  ['hour', 'Last hour'],
  ['day', 'Last 24 hours'],
  ['week', 'Last 7 days'],
  ['month', 'Last 30 days'],
  ['90-days', 'Last 90 days'],
  ['quarter', 'This quarter'],
  ['last-quarter', 'Last quarter'],
  ['year', 'This year'],
] as const

/** Begin and end of such a stretch, RFC 3339; 90 days, quarters and years are the calendar's, UTC. Undefined for no such name. */
export function rangeNamed(
  name: string | undefined,
  now: number,
): { readonly from: string; readonly to: string } | undefined {
  const tomorrow = (Math.floor(now / DAY_MS) + 1) * DAY_MS
  const year = new Date(now).getUTCFullYear()
  const quarter = Math.floor(new Date(now).getUTCMonth() / 3)
  const spans: ReadonlyMap<string | undefined, readonly [number, number]> = new Map([
    ['hour', [now - HOUR_MS, now]],
    ['day', [now - DAY_MS, now]],
    ['week', [now - 7 * DAY_MS, now]],
    ['month', [now - 30 * DAY_MS, now]],
    ['90-days', [tomorrow - 90 * DAY_MS, tomorrow]],
    ['quarter', [Date.UTC(year, quarter * 3), Date.UTC(year, quarter * 3 + 3)]],
    ['last-quarter', [Date.UTC(year, quarter * 3 - 3), Date.UTC(year, quarter * 3)]],
    ['year', [Date.UTC(year, 0), Date.UTC(year + 1, 0)]],
  ])
  const found = spans.get(name)
  return found && { from: new Date(found[0]).toISOString(), to: new Date(found[1]).toISOString() }
}
