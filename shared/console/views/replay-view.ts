import { z } from '@hono/zod-openapi'

import { time } from './wire.ts'

const text = z.string()
const count = z.number()

const compared = z.enum(['same', 'different', 'not-known'])

/** Recorded calls, run again in a sandbox, and how that compares. */
export const replayReport = z.object({
  /** Entry id of the `replayed` entry. */
  replay: text,
  at: time,
  /** Session that was replayed, and that of the replay. */
  of: text,
  session: text,
  connection: text,
  asOf: time.optional(),
  calls: z.array(
    z.object({
      of: text,
      /** Undefined where it was not run. */
      call: text.optional(),
      state: z.enum(['run', 'not-run']),
      /** Why it was not run. */
      reason: text.optional(),
      decisionThen: text,
      decisionNow: text.optional(),
      decision: compared,
      schema: compared,
      rows: compared,
      rowsThen: count.optional(),
      rowsNow: count.optional(),
      digest: compared,
      strippedSql: text.optional(),
    }),
  ),
  /** Of everything that was run: `same` only where all of it could be compared. */
  verdict: z.enum(['same', 'different', 'not-known', 'nothing-run']),
})

export type ReplayReport = z.infer<typeof replayReport>
