import { z } from 'zod'

import type { GrantEvent } from '../approval/grant.ts'
import { maybe } from './maybe.ts'

const text = z.string()
const texts = z.array(text)
const count = z.int().nonnegative()
const at = z.int()

const voter = z.strictObject({
  issuer: text,
  subject: text,
  email: maybe(text),
  clientId: maybe(text),
  actors: z.array(z.strictObject({ issuer: maybe(text), subject: text })),
  groups: texts,
  channel: z.enum(['api', 'slack']),
  proof: text,
})

/** `Vote` as grants, messages and entries hold it. */
export const vote = z.strictObject({
  id: text,
  by: voter,
  verdict: z.enum(['approve', 'deny']),
  reason: text,
  digest: text,
  box: maybe(z.strictObject({ durationMs: count, maximumBytes: count })),
})

const box = z.strictObject({ tables: texts, statementType: text, maximumBytes: count })

/** `GrantEvent` as grants and entries hold it. */
export const grantEvent: z.ZodType<GrantEvent> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('asked'), at }),
  z.strictObject({ type: z.literal('voted'), at, vote }),
  z.strictObject({ type: z.literal('approved'), at, until: z.int(), box: maybe(box) }),
  z.strictObject({ type: z.literal('denied'), at, by: voter, reason: text }),
  z.strictObject({ type: z.literal('expired'), at }),
  z.strictObject({ type: z.literal('cancelled'), at }),
  z.strictObject({ type: z.literal('revoked'), at, by: voter, reason: text }),
  z.strictObject({ type: z.literal('starting'), at }),
  z.strictObject({ type: z.literal('started'), at }),
  z.strictObject({ type: z.literal('not-started'), at, reason: text }),
  z.strictObject({ type: z.literal('used'), at, call: text, bytes: count }),
  z.strictObject({ type: z.literal('reminded'), at }),
  z.strictObject({ type: z.literal('escalated'), at }),
  z.strictObject({ type: z.literal('broke-glass'), at, justification: text }),
  z.strictObject({ type: z.literal('reviewed'), at, by: voter, finding: text }),
])
