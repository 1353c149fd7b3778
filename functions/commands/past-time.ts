import { InvalidArgumentError } from 'commander'

import { instant } from './instant.ts'

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** An instant, a day, or how long ago such as `90d`, in RFC 3339 and UTC. Throws commander's error. */
export function pastTime(text: string): string {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? []
  if (count !== undefined)
    return new Date(Date.now() - Number(count) * (UNITS[unit] ?? 0)).toISOString()
  try {
    return instant(text)
  } catch {
    throw new InvalidArgumentError(
      'a time such as 2026-11-21T09:00:00Z, a day, or how long ago: 90d, 12h, 15m',
    )
  }
}
