import { z } from 'zod'

const UNITS = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }
const MILLISECONDS = { s: 1000, m: 60_000, h: 3_600_000 }
const MAX_HOURS = 24
const DAY_MS = 24 * 3_600_000
/** Never short of a year, whichever years they are. */
const LONG = { d: DAY_MS, y: 366 * DAY_MS }
const MAX_YEARS = 100

const bytesMessage = 'expected bytes: a whole number above 0, or one with a unit such as `10 GiB`'
const longDurationMessage = 'expected a time such as `90d` or `6y`, at most 100 years'
const durationMessage = 'expected a time such as `90s`, `10m` or `1h`, at most 24 hours'

/** Bytes: a whole number, or one with KiB, MiB, GiB or TiB (powers of 1,024). Parses to a number. */
export const byteCount = z
  .union(
    [
      z.int(bytesMessage).positive(bytesMessage),
      z.string().regex(/^[1-9]\d* ?(?:KiB|MiB|GiB|TiB)$/, bytesMessage),
    ],
    bytesMessage,
  )
  .transform((written, context) => {
    const bytes = typeof written === 'number' ? written : scaled(written, UNITS)
    if (!Number.isSafeInteger(bytes)) context.addIssue('more bytes than BigQuery can count')
    return bytes
  })

/** A time with one unit, `s`, `m` or `h`. Parses to milliseconds. */
export const duration = z
  .string(durationMessage)
  .regex(/^[1-9]\d{0,7}[smh]$/, durationMessage)
  .transform((written, context) => {
    const milliseconds = scaled(written, MILLISECONDS)
    if (milliseconds > MAX_HOURS * MILLISECONDS.h) context.addIssue(durationMessage)
    return milliseconds
  })

/** A time with one unit, `d` or `y` of 366 days. Parses to milliseconds. */
export const longDuration = z
  .string(longDurationMessage)
  .regex(/^[1-9]\d{0,4}[dy]$/, longDurationMessage)
  .transform((written, context) => {
    const milliseconds = scaled(written, LONG)
    if (milliseconds > MAX_YEARS * LONG.y) context.addIssue(longDurationMessage)
    return milliseconds
  })

function scaled(written: string, units: Readonly<Record<string, number>>): number {
  const unit = /[A-Za-z]+$/.exec(written)?.[0] ?? ''
  return Number.parseInt(written, 10) * (units[unit] ?? Number.NaN)
}
