import { z } from 'zod'

import type { ApprovalTerms } from '../policy/approval-terms.ts'
import { maybe } from './maybe.ts'

const text = z.string()
const count = z.int().nonnegative()

/** `ApprovalTerms` as grants keep them. */
export const approvalTerms: z.ZodType<ApprovalTerms> = z.strictObject({
  id: text,
  description: text,
  approvers: z.strictObject({
    of: z.enum(['all', 'any']),
    groups: z.array(z.strictObject({ group: text, votes: count })),
  }),
  quorum: count,
  machines: z.array(text),
  waitMs: count,
  useWithinMs: count,
  hours: maybe(
    z.strictObject({
      timeZone: text,
      days: z.array(z.int()),
      fromMinute: count,
      untilMinute: count,
    }),
  ),
  remindersMs: z.array(count),
  escalation: maybe(z.strictObject({ afterMs: count, group: text, slackChannel: maybe(text) })),
  breakGlass: maybe(z.strictObject({ group: text })),
  timeBox: maybe(z.strictObject({ longestMs: count, maximumBytes: count })),
  slackChannel: maybe(text),
})
