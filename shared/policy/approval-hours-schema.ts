import { z } from 'zod'

import type { ApprovalHours } from './approval-terms.ts'
import { didYouMean } from './nearest.ts'

/** Days of the week as policy writes them. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** A time of day. Parses to minutes after midnight. */
export const timeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as `08:00` or `17:30`')
  .transform((written) => Number(written.slice(0, 2)) * 60 + Number(written.slice(3)))

/** An IANA name of a time zone. */
export const timeZone = z.string().superRefine((name, context) => {
  if (isTimeZone(name)) return
  const hint = didYouMean(name, Intl.supportedValuesOf('timeZone'))
  context.addIssue(`no time zone has this IANA name: \`${name}\`${hint}`)
})

/** `hours` of an entry of `approvals`. Parses to `ApprovalHours`. */
export const approvalHoursSchema = z
  .strictObject({
    timeZone: timeZone.describe(
      'By whose clocks: an IANA name such as `Europe/Zurich`, which knows about summer time. Another ' +
        'one moves the hours, perhaps to when nobody looks.',
    ),
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .prefault([...DAYS])
      .describe(
        'On which days they begin: `mon` to `sun`, every day when left out. A day added is one more ' +
          'on which an approval counts.',
      ),
    from: timeOfDay.describe('When they begin, such as `08:00`.'),
    until: timeOfDay.describe(
      'When they end. Not later than `from` it is on the next day. The longer they last, the more of ' +
        'the night an approval counts in.',
    ),
  })
  .transform(hoursOf)

/** Hours as they are written. */
export function hoursOf(written: {
  readonly timeZone: string
  readonly days: readonly (typeof DAYS)[number][]
  readonly from: number
  readonly until: number
}): ApprovalHours {
  return {
    timeZone: written.timeZone,
    days: DAYS.flatMap((day, index) => (written.days.includes(day) ? [index + 1] : [])),
    fromMinute: written.from,
    untilMinute: written.until,
  }
}

function isTimeZone(name: string): boolean {
  // `Intl` takes offsets too, which know nothing of summer time.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
