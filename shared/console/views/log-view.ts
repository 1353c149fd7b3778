import { z } from '@hono/zod-openapi'

import { logHealth } from './overview-view.ts'
import { time } from './wire.ts'

const text = z.string()
const count = z.number()

/** The log: its checkpoint, who vouches for it, and the newest batches. */
export const logView = z.object({
  health: logHealth,
  /** The signed note as published. */
  checkpoint: text.optional(),
  /** Verifier keys of the log, as C2SP spells them. */
  keys: z.array(text),
  witnesses: z.array(z.object({ url: text, key: text, cosigned: z.boolean() })),
  /** Newest first, at most 20. */
  batches: z.array(
    z.object({
      batch: count,
      from: count,
      size: count,
      sealedAt: time,
      root: text,
      late: count,
      invalid: count,
      missing: count,
    }),
  ),
})

/** What verifying a part of the record came to: two verdicts. */
export const verdictView = z.object({
  from: time,
  to: time,
  integrity: z.enum(['sound', 'broken']),
  completeness: z.enum(['complete', 'incomplete', 'unknown']),
  entries: count,
  findings: z.array(text),
  durationMs: count,
})

export type LogView = z.infer<typeof logView>
export type VerdictView = z.infer<typeof verdictView>
