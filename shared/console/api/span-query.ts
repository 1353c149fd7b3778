import { z } from '@hono/zod-openapi'

import type { Span } from '../overview/buckets.ts'
import { time } from '../views/wire.ts'

const DAY_MS = 24 * 60 * 60_000

/** `from` and `to` of a URL, both of them or neither, and no further apart than so many milliseconds. */
export function spanQuery(longestMs: number) {
  return z
    .strictObject({ from: time.optional(), to: time.optional() })
    .refine(
      ({ from, to }) => (from === undefined) === (to === undefined),
      'give `from` and `to`, or neither',
    )
    .refine(
      ({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to),
      '`from` must be before `to`',
    )
    .refine(
      ({ from, to }) =>
        from === undefined || to === undefined || Date.parse(to) - Date.parse(from) <= longestMs,
      `at most ${Math.floor(longestMs / DAY_MS)} days`,
    )
}

/** The span that is asked for, if one is. */
export function spanOf({
  from,
  to,
}: {
  readonly from?: string | undefined
  readonly to?: string | undefined
}): Span | undefined {
  return from === undefined || to === undefined
    ? undefined
    : { from: Date.parse(from), to: Date.parse(to) }
}
