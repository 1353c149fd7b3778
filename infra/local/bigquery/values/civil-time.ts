const DATE = String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`
const TIME = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?`
const ZONE = String.raw`(?:\s*(Z|z|UTC)|\s*([+-])(\d{1,2})(?::?(\d{2}))?)`

const dateOnly = new RegExp(`^${DATE}$`)
const timeOnly = new RegExp(`^${TIME}$`)
const dateTime = new RegExp(`^${DATE}(?:[Tt ]${TIME})?$`)
const timestamp = new RegExp(`^${DATE}(?:[Tt ]${TIME})?${ZONE}?$`)

const DAY_MICROS = 86_400_000_000n

/** Days since 1970-01-01 of a DATE's text, or undefined. */
export function parseDate(text: string): number | undefined {
  const [matched, year, month, day] = dateOnly.exec(text) ?? []
  return matched === undefined ? undefined : days(year, month, day)
}

/** Microseconds since midnight of a TIME's text, or undefined. */
export function parseTime(text: string): bigint | undefined {
  const [matched, ...parts] = timeOnly.exec(text) ?? []
  return matched === undefined ? undefined : timeMicros(parts)
}

/** Microseconds from 1970-01-01 to a DATETIME's text on its own calendar, or undefined. */
export function parseDateTime(text: string): bigint | undefined {
  const [matched, year, month, day, ...time] = dateTime.exec(text) ?? []
  return matched === undefined ? undefined : join(days(year, month, day), timeMicros(time))
}

/** Microseconds since the epoch of a TIMESTAMP's text (UTC unless it has an offset), or undefined. */
export function parseTimestamp(text: string): bigint | undefined {
  const [matched, year, month, day, ...rest] = timestamp.exec(text.trim()) ?? []
  if (matched === undefined) return undefined
  const [, sign, hours = '0', minutes = '0'] = rest.slice(4)
  const local = join(days(year, month, day), timeMicros(rest.slice(0, 4)))
  const offset = BigInt(Number(hours) * 60 + Number(minutes)) * 60_000_000n
  return local === undefined ? undefined : sign === '-' ? local + offset : local - offset
}

/** `2024-01-31` of days since 1970-01-01. */
export function formatDate(since: number): string {
  const iso = new Date(since * 86_400_000).toISOString()
  return iso.slice(0, iso.indexOf('T'))
}

/** `12:34:56` or, as BigQuery does, with three or six digits of a second. */
export function formatTime(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n)
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const fraction = String(micros % 1_000_000n).padStart(6, '0')
  const shown = fraction === '000000' ? '' : `.${fraction.replace(/000$/, '')}`
  return clock.map((part) => String(part).padStart(2, '0')).join(':') + shown
}

/** `2024-01-31T12:34:56.789` of microseconds from 1970-01-01. */
export function formatDateTime(micros: bigint): string {
  const time = ((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS
  return `${formatDate(Number((micros - time) / DAY_MICROS))}T${formatTime(time)}`
}

function days(year = '', month = '', day = ''): number | undefined {
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
  return exists && Number(year) > 0 ? date.getTime() / 86_400_000 : undefined
}

function timeMicros(parts: readonly (string | undefined)[]): bigint | undefined {
  const [hours = '0', minutes = '0', seconds = '0', fraction = ''] = parts
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

function join(since: number | undefined, time: bigint | undefined): bigint | undefined {
  return since === undefined || time === undefined ? undefined : BigInt(since) * DAY_MICROS + time
}
