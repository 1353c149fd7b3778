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
      /** Index of its first leaf, and of the tree with it. */
      from: count,
      size: count,
      sealedAt: time,
      /** Of the tree with all its leaves but that of the manifest, base64. */
      root: text,
      late: count,
      invalid: count,
      missing: count,
    }),
  ),
})

/** What verifying a part of the record came to: two verdicts. */
export const verdictView = z.object({
  /** What was asked for. */
  asked: z.object({ from: time, to: time }),
  /** What was looked at, by the time of commit. It begins later than asked where that would be too much. */
  from: time,
  to: time,
  /** Whether all that was asked for was looked at. */
  isAll: z.boolean(),
  /** Whether what is there is what was written. */
  integrity: z.enum(['sound', 'broken']),
  /** Whether anything is missing; `unknown` where this part cannot show that nothing is. */
  completeness: z.enum(['complete', 'incomplete', 'unknown']),
  /** Entries, leaves whose entry is gone, and entries that are not sealed yet. */
  entries: count,
  leaves: count,
  unsealed: count,
  /** Of the tree that it was verified against. */
  treeSize: count,
  /** What does not hold, in sentences: at most 100, and how many more there are. */
  findings: z.array(text),
  furtherFindings: count,
  /** What was not verified, in sentences. */
  unchecked: z.array(text),
  durationMs: count,
})

export type LogView = z.infer<typeof logView>
export type VerdictView = z.infer<typeof verdictView>
