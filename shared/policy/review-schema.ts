import { z } from 'zod'

import { DAYS, hoursOf, timeOfDay, timeZone } from './approval-hours-schema.ts'
import { duration } from './quantity.ts'
import type { ReviewTerms } from './review-terms.ts'

/** The index counts no further. */
const MOST_CALLS = 1_000
const callsMessage = `expected a whole number from 2 to ${MOST_CALLS}`
const calls = z.int(callsMessage).min(2, callsMessage).max(MOST_CALLS, callsMessage)
const rowsMessage = 'expected a whole number above 0'

const hours = z
  .strictObject({
    timeZone: timeZone
      .prefault('UTC')
      .describe('By whose clocks: an IANA name such as `Europe/Zurich`; `UTC` when left out.'),
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .prefault(['mon', 'tue', 'wed', 'thu', 'fri'])
      .describe('On which days they begin: `mon` to `fri` when left out.'),
    from: timeOfDay.prefault('06:00').describe('When they begin: `06:00` when left out.'),
    until: timeOfDay
      .prefault('21:00')
      .describe(
        'When they end: `21:00` when left out. Not later than `from` it is on the next day. The longer they ' +
          'last, the less is seen of what happens at night.',
      ),
  })
  .prefault({})
  .transform(hoursOf)
  .describe(
    'When what is governed is usually read. A call outside of it gets the flag `off-hours`.',
  )

/** `record.review`. Parses to `ReviewTerms`. */
export const reviewSchema = z
  .strictObject({
    hours,
    massReadRows: z
      .int(rowsMessage)
      .positive(rowsMessage)
      .prefault(50_000)
      .describe(
        'From so many rows on a call gets the flag `mass-read`: 50000 when left out. Raised, more can leave ' +
          'at once unnoticed.',
      ),
    denials: calls
      .prefault(5)
      .describe(
        'From so many denials on, of one principal within `denialsWithin`, each gets the flag ' +
          '`repeated-denials`: 5 when left out. Raised, more can be tried unnoticed.',
      ),
    denialsWithin: duration
      .prefault('10m')
      .describe(
        'In how long: `10m` when left out. Shortened, whoever tries slowly is not noticed.',
      ),
    similarCalls: calls
      .prefault(30)
      .describe(
        'From so many calls on, of one principal within `similarWithin` with the same statement or on the same ' +
          'table, each gets the flag `split-query`: 30 when left out. Raised, a table can leave in more pieces unnoticed.',
      ),
    similarWithin: duration
      .prefault('10m')
      .describe(
        'In how long: `10m` when left out. Shortened, whoever takes a table slowly is not noticed.',
      ),
  })
  .prefault({})
  .transform((written): ReviewTerms => ({
    hours: written.hours,
    massReadRows: written.massReadRows,
    denials: written.denials,
    denialsWithinMs: written.denialsWithin,
    similarCalls: written.similarCalls,
    similarWithinMs: written.similarWithin,
  }))
