import { type Result, err, ok } from '../../../kernel/result.ts'
import type { SearchKey } from './search-keys.ts'

const LONGEST = 500

/** A value as people write it, as the API takes it: days become instants (UTC), `100MiB` a number of bytes. */
export function parseValue({ key, kind }: SearchKey, value: string): Result<string, string> {
  if (value.length > LONGEST)
    return err(`what follows \`${key}:\` is longer than ${LONGEST} characters`)
  if (kind === undefined) return ok(value)
  switch (kind) {
    case 'time':
      return timeOf(key, value)
    case 'bytes':
      return bytesOf(key, value)
    case 'decision': {
      const wanted = value.toLowerCase()
      const decision = DECISIONS.find((each) => each === wanted) ?? SPOKEN.get(wanted)
      return decision === undefined
        ? err(`\`${key}:\` is one of ${DECISIONS.map((each) => `\`${each}\``).join(', ')}`)
        : ok(decision)
    }
  }
}

/** What policy can say, and what Sluice refuses before it asks it. */
export const DECISIONS = ['permit', 'require-approval', 'deny', 'refused'] as const

const SPOKEN: ReadonlyMap<string, string> = new Map([
  ['permitted', 'permit'],
  ['allowed', 'permit'],
  ['held', 'require-approval'],
  ['approval', 'require-approval'],
  ['denied', 'deny'],
])

function timeOf(key: string, value: string): Result<string, string> {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value)
  const isInstant =
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?$/.test(value)
  const at = isDay
    ? Date.parse(`${value}T00:00:00Z`)
    : Date.parse(/(?:Z|[+-]\d{2}:\d{2})$/.test(value) ? value : `${value}Z`)
  // 30 February is a day to JavaScript, in March.
  const exists = !Number.isNaN(at) && (!isDay || new Date(at).toISOString().startsWith(value))
  return (isDay || isInstant) && exists
    ? ok(new Date(at).toISOString())
    : err(
        `\`${key}:\` takes a day such as \`2026-07-01\`, or an instant such as \`2026-07-01T14:30Z\`; UTC`,
      )
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

function bytesOf(key: string, value: string): Result<string, string> {
  const [, number = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?)\s?([kmgt]?i?b)?$/i.exec(value) ?? []
  const bytes =
    number === '' ? undefined : Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN)
  return bytes !== undefined && Number.isSafeInteger(Math.round(bytes))
    ? ok(String(Math.round(bytes)))
    : err(`\`${key}:\` takes a number of bytes such as \`1048576\` or \`10GiB\``)
}
