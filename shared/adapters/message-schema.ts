import { z } from 'zod'

import { maybe } from './maybe.ts'

const count = z.int().nonnegative()
/** SHA-256, hex. */
const digest = z.string().regex(/^[0-9a-f]{64}$/)
/** Firestore and the record make keys of it. */
const id = z.string().regex(/^[\w.~:-]{1,200}$/)
/** RFC 3339 in the one spelling that `toISOString` has, as epoch milliseconds. */
const time = z.iso.datetime({ precision: 3 }).transform((text) => Date.parse(text))

/** The attributes of a message: CloudEvents' context, complete and nothing else. */
export const envelope = z.strictObject({
  'ce-specversion': z.literal('1.0'),
  'ce-id': id,
  'ce-type': z.enum(['dev.sluice.approval.requested', 'dev.sluice.approval.vote']),
  'ce-source': z.literal('/sluice'),
  'ce-time': time,
  'ce-subject': z.string(),
  'content-type': z.literal('application/json'),
})

/** What `ApprovalRequested` has beside its envelope. */
export const requested = z.strictObject({
  news: z.enum(['asked', 'reminder', 'escalation', 'broke-glass']),
  digest,
  tables: z.array(z.string()),
  estimatedBytes: maybe(count),
})

const voter = z.strictObject({
  issuer: z.string().min(1),
  subject: z.string().min(1),
  email: maybe(z.string()),
  clientId: maybe(z.string()),
  actors: z.array(z.strictObject({ issuer: maybe(z.string()), subject: z.string() })),
  groups: z.array(z.string()),
  channel: z.enum(['api', 'slack']),
  proof: z.string(),
})

/** What `Vote` has beside its id. */
export const vote = z
  .strictObject({
    by: voter,
    verdict: z.enum(['approve', 'deny']),
    reason: z.string(),
    digest,
    box: maybe(z.strictObject({ durationMs: z.int().positive(), maximumBytes: count })),
  })
  .refine(({ verdict, reason }) => verdict === 'approve' || reason !== '')
