import { z } from 'zod'

import { parseGrantId } from '../approval/grant-id.ts'
import type { Grant, GrantId } from '../approval/grant.ts'
import { approvalTerms } from './approval-terms-schema.ts'
import { principal, session } from './caller-schema.ts'
import { requireApproval } from './decision-schema.ts'
import { grantEvent } from './grant-event-schema.ts'
import { maybe } from './maybe.ts'

const text = z.string()
const texts = z.array(text)
const count = z.int().nonnegative()

/** `GrantId`. */
export const grantId = text.transform((id, context): GrantId => {
  const parsed = parseGrantId(id)
  if (parsed !== undefined) return parsed
  context.addIssue('not the id of a grant')
  return z.NEVER
})

const request = z.strictObject({
  principal: principal.omit({ credential: true }),
  session: text,
  projectId: text,
  location: maybe(text),
  sql: text,
  defaultDataset: maybe(z.strictObject({ projectId: text, datasetId: text })),
  parameters: z.array(z.json()),
  parameterMode: maybe(text),
  options: z.strictObject({
    maximumBytesBilled: maybe(text),
    jobTimeoutMs: maybe(text),
    useQueryCache: maybe(z.boolean()),
    priority: maybe(text),
    labels: z.record(text, text),
  }),
  justification: maybe(text),
  decision: requireApproval,
  sources: z.array(
    z.strictObject({ kind: z.enum(['table', 'tables', 'routine']), name: text, etag: text }),
  ),
})

/** A grant as it is kept. Strict: what it does not know may be what somebody approved. */
export const grantSchema: z.ZodType<Grant> = z.strictObject({
  id: grantId,
  call: text,
  requestEntry: text,
  job: z.strictObject({ projectId: text, jobId: text, location: maybe(text) }),
  connection: text,
  session: session.omit({ id: true }),
  request,
  digest: text,
  effectiveDigest: text,
  terms: z.array(approvalTerms),
  told: z.strictObject({
    statementType: text,
    tables: texts,
    targets: texts,
    governedColumns: texts,
    estimatedBytes: maybe(count),
    justification: maybe(text),
  }),
  requestedAt: z.int(),
  expiresAt: z.int(),
  events: z.array(grantEvent),
})
