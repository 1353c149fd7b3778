/** An instant in epoch microseconds as Firestore's JSON has it: RFC 3339, in UTC. */
export function timestamp(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1_000_000)
  const rest = String(microseconds - seconds * 1_000_000).padStart(6, '0')
  return `${new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length)}.${rest}Z`
}

/** The epoch microseconds of such an instant, whose fraction may be missing or finer; undefined for anything else. */
export function parseTimestamp(text: string): number | undefined {
  const [, seconds, fraction = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text) ?? []
  const milliseconds = seconds === undefined ? Number.NaN : Date.parse(`${seconds}Z`)
  return Number.isNaN(milliseconds)
    ? undefined
    : milliseconds * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}
