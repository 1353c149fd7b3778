import { z } from 'zod'

import type { Entry } from '../recording/entry.ts'
import { principal, session } from './caller-schema.ts'
import { deny, permit, requireApproval } from './decision-schema.ts'
import { grantEvent, vote } from './grant-event-schema.ts'
import { maybe } from './maybe.ts'
import { upkeepSchemas } from './upkeep-schema.ts'

const text = z.string()
const maybeText = maybe(text)
const texts = z.array(text)
const count = z.int().nonnegative()

const job = z.strictObject({ projectId: text, jobId: text, location: maybeText })

const privatePart = z.strictObject({
  ciphertext: text,
  commitment: text,
  key: text,
  length: count,
})

const delivery = z.strictObject({
  status: count,
  job: maybe(job),
  errorReason: maybeText,
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
  digest: maybeText,
  rowsDigest: maybeText,
  body: z.enum(['none', 'digest', 'masked', 'too-large']),
})

const envelope = { v: z.literal(1), id: text, call: text, at: z.int() }

const facts = {
  method: text,
  projectId: maybeText,
  dryRun: z.boolean(),
  statementType: maybeText,
  strippedSql: maybeText,
  fingerprint: maybeText,
  tables: texts,
  targets: texts,
  routines: maybe(texts),
  columns: maybe(texts),
  filterColumns: maybe(texts),
  tags: maybe(texts),
  estimatedBytes: maybe(count),
  job: maybe(job),
}

/** Version 1 of an entry. Strict: what it does not know is not shown as if it were understood. */
export const entrySchema: z.ZodType<Entry> = z.discriminatedUnion('type', [
  z.strictObject({
    ...envelope,
    ...facts,
    type: z.literal('request'),
    private: privatePart,
    principal,
    session,
    decision: z.discriminatedUnion('effect', [permit, requireApproval]),
    grant: maybeText,
    connection: text,
    effectiveDigest: text,
    replay: maybe(z.strictObject({ of: text, by: principal })),
  }),
  z.strictObject({
    ...envelope,
    ...facts,
    type: z.literal('refusal'),
    private: privatePart,
    principal: maybe(principal),
    session: maybe(session),
    problem: text,
    decision: maybe(z.discriminatedUnion('effect', [permit, requireApproval, deny])),
    source: z.strictObject({ address: maybeText, userAgent: maybeText }),
    unrecorded: count,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('approval'),
    request: text,
    session: text,
    grant: text,
    digest: text,
    number: count,
    event: grantEvent,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('refused-vote'),
    request: text,
    session: text,
    grant: text,
    vote,
    problem: text,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('page'),
    private: privatePart,
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
    private: maybe(privatePart),
    request: text,
    session: text,
    outcome: z.enum([
      'released',
      'failed',
      'unanswered',
      'not-delivered',
      'not-run',
      'executed-not-delivered',
    ]),
    detail: maybeText,
    delivery: maybe(delivery),
    credentialVersion: maybeText,
    durationMs: count,
  }),
  ...upkeepSchemas,
])
