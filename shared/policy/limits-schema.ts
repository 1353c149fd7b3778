import { z } from 'zod'

import type { Allowance, Limits } from './policy.ts'
import { byteCount } from './quantity.ts'

const howMany = z.int('expected a whole number above 0').positive('expected a whole number above 0')

const allowance = z
  .strictObject({
    queriesPerMinute: howMany
      .optional()
      .describe('Queries that start within a minute, refused ones aside.'),
    bytesPerDay: byteCount
      .optional()
      .describe(
        'Bytes billed on one day (UTC), such as `1 TiB`. The query that reaches it still ends.',
      ),
    governedRowsPerDay: howMany
      .optional()
      .describe(
        'Distinct rows of governed data that leave on one day (UTC). What an agent reads bit by bit ' +
          'adds up here; whoever raises it can take more of it away.',
      ),
    concurrentJobs: howMany.optional().describe('Queries that run at the same time.'),
  })
  .transform((written): Allowance => ({
    ...named('queries-per-minute', written.queriesPerMinute),
    ...named('bytes-per-day', written.bytesPerDay),
    ...named('governed-rows-per-day', written.governedRowsPerDay),
    ...named('concurrent-jobs', written.concurrentJobs),
  }))

/** `limits`. Parses to `Limits`. */
export const limitsSchema = z
  .strictObject({
    everybody: allowance.prefault({}).describe('Of each principal.'),
    groups: z
      .record(
        z.string().min(1),
        z.strictObject({
          each: allowance.prefault({}).describe('Of each member of the group.'),
          together: allowance.prefault({}).describe('Of all its members as one.'),
        }),
      )
      .prefault({})
      .describe('By group. Of all that apply to somebody the strictest counts.'),
  })
  .prefault({})
  .transform(({ everybody, groups }): Limits => ({
    everybody,
    groups: new Map(Object.entries(groups)),
  }))

function named(meter: keyof Allowance, most: number | undefined): Allowance {
  return most === undefined ? {} : { [meter]: most }
}
