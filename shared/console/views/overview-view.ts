import { z } from '@hono/zod-openapi'

import { callSummary } from './call-view.ts'
import { time } from './wire.ts'

const text = z.string()
const count = z.number()
const top = z.array(z.object({ value: text, label: text, count }))

/** How the log stands. */
export const logHealth = z.object({
  /** `off`: the environment names no place for it. */
  state: z.enum(['healthy', 'behind', 'broken', 'off']),
  /** For people: why it is not healthy. */
  problems: z.array(text),
  origin: text.optional(),
  treeSize: count.optional(),
  sealedAt: time.optional(),
  /** Entries that are committed and not sealed, counted no further than 1,000, and the oldest of them. */
  unsealed: count.optional(),
  oldestUnsealedAt: time.optional(),
  /** How many witnesses cosigned the checkpoint, of how many, and how many have to. */
  witnesses: z.object({ cosigned: count, known: count, quorum: count }).optional(),
})

/** What happened in a stretch of time, at a glance. */
export const overview = z.object({
  from: time,
  to: time,
  /** Of equal length but for the last; each by decision. Counted, not sampled. */
  activity: z.array(
    z.object({
      from: time,
      to: time,
      permit: count,
      requireApproval: count,
      deny: count,
      refused: count,
    }),
  ),
  /**
   * Undefined where every count is exact. Else there were more, and this is where counting ended: in each bucket for
   * auditors, with the newest calls for requesters.
   */
  countedUpTo: count.optional(),
  /** Sums of the above. */
  totals: z.object({
    calls: count,
    permit: count,
    requireApproval: count,
    deny: count,
    refused: count,
  }),
  topTables: top,
  topPrincipals: top,
  topRules: top,
  /** What the tops are counted over. */
  counted: z.object({ calls: count, isAll: z.boolean() }),
  /** The newest of those with a flag, at most 10. */
  flagged: z.array(callSummary),
  log: logHealth,
})

export type Overview = z.infer<typeof overview>
export type LogHealth = z.infer<typeof logHealth>
