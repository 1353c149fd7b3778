import { z } from 'zod'

import { columnUses } from '../analysis/lineage.ts'
import type { Json } from '../bigquery/call.ts'
import type { Entry } from '../recording/entry.ts'
import { outputMask } from './mask-schema.ts'

/** A member that canonical JSON leaves out when it is `undefined`. */
const maybe = <T extends z.ZodType>(type: T) => type.optional().transform((value) => value)

const text = z.string()
const maybeText = maybe(text)
const texts = z.array(text)
const count = z.int().nonnegative()
const json: z.ZodType<Json> = z.json()

const job = z.strictObject({ projectId: text, jobId: text, location: maybeText })

const principal = z.strictObject({
  issuer: text,
  subject: text,
  groups: texts,
  clientId: maybeText,
  email: maybeText,
  claims: z.record(text, text),
  actors: z.array(z.strictObject({ issuer: maybeText, subject: text })),
  credential: z.strictObject({
    kind: z.enum(['bearer', 'exchanged']),
    tokenDigest: text,
    tokenId: maybeText,
    lifetime: text,
    issuedAt: z.int(),
    expiresAt: z.int(),
  }),
})

const session = z.strictObject({
  id: text,
  verified: z.strictObject({ sourceAddress: maybeText }),
  claimed: z.strictObject({
    userAgent: maybeText,
    apiClient: maybeText,
    name: maybeText,
    server: maybeText,
    tool: maybeText,
  }),
})

const obligations = z.strictObject({
  maximumBytesBilled: maybe(count),
  jobTimeoutMs: maybe(count),
  maximumRows: maybe(count),
  masks: z.array(outputMask),
  governed: z.boolean(),
})

const permit = z.strictObject({
  effect: z.literal('permit'),
  rules: texts,
  obligations,
  policyDigest: text,
})

const requireApproval = z.strictObject({
  ...permit.shape,
  effect: z.literal('require-approval'),
  approvals: texts,
})

const deny = z.strictObject({
  effect: z.literal('deny'),
  rules: texts,
  reason: z.enum([
    'no-connection',
    'no-matching-rule',
    'denied-by-rule',
    'condition-failed',
    'oracle',
    'unmasked-target',
    'justification-missing',
  ]),
  uses: maybe(
    z.array(z.strictObject({ column: text, use: z.enum([...columnUses, 'write']), by: maybeText })),
  ),
  policyDigest: text,
})

const delivery = z.strictObject({
  status: count,
  job: maybe(job),
  error: maybe(z.strictObject({ reason: text, message: text })),
  schema: maybe(z.string()),
  rows: count,
  totalRows: maybeText,
  totalBytesProcessed: maybeText,
  totalBytesBilled: maybeText,
  numDmlAffectedRows: maybeText,
  cacheHit: maybe(z.boolean()),
  statementType: maybeText,
  morePages: z.boolean(),
  bytes: count,
  digest: text,
})

const envelope = { v: z.literal(1), id: text, call: text, at: z.int() }

const facts = {
  method: text,
  projectId: maybeText,
  dryRun: z.boolean(),
  statementType: maybeText,
  sql: maybeText,
  strippedSql: maybeText,
  fingerprint: maybeText,
  parameters: maybe(json),
  tables: texts,
  targets: texts,
  routines: maybe(texts),
  estimatedBytes: maybe(count),
  justification: maybeText,
  job: maybe(job),
}

/** Version 1 of an entry. Strict: what it does not know is not shown as if it were understood. */
export const entrySchema: z.ZodType<Entry> = z.discriminatedUnion('type', [
  z.strictObject({
    ...envelope,
    ...facts,
    type: z.literal('request'),
    principal,
    session,
    decision: permit,
    connection: text,
    effectiveDigest: text,
  }),
  z.strictObject({
    ...envelope,
    ...facts,
    type: z.literal('refusal'),
    principal: maybe(principal),
    session: maybe(session),
    problem: text,
    detail: text,
    decision: maybe(z.discriminatedUnion('effect', [permit, requireApproval, deny])),
    source: z.strictObject({ address: maybeText, userAgent: maybeText }),
    unrecorded: count,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('page'),
    request: text,
    principal,
    session,
    method: text,
    delivery,
    credentialVersion: maybeText,
    durationMs: count,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('outcome'),
    request: text,
    session: text,
    outcome: z.enum(['released', 'failed', 'unanswered', 'not-delivered']),
    detail: maybeText,
    delivery: maybe(delivery),
    credentialVersion: maybeText,
    durationMs: count,
  }),
])
