import { z } from 'zod'

import { principal, session } from './caller-schema.ts'
import { maybe } from './maybe.ts'

const text = z.string()
const maybeText = maybe(text)
const count = z.int().nonnegative()
const envelope = { v: z.literal(1), id: text, at: z.int() }
const writerNumber = { writer: text, number: count }
const compared = z.enum(['same', 'different', 'not-known'])
const scope = z.strictObject({ session: maybeText, principal: maybeText })

/** The entries about the record itself, one schema per type. */
export const upkeepSchemas = [
  z.strictObject({
    ...envelope,
    type: z.literal('writer-opened'),
    writer: text,
    certificate: text,
    signature: text,
    authority: text,
    instance: maybeText,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('writer-gap'),
    writer: text,
    missed: z.array(
      z.strictObject({
        number: count,
        stamp: text,
        reason: z.enum(['taken', 'too-large', 'unknown']),
      }),
    ),
  }),
  z.strictObject({ ...envelope, type: z.literal('writer-closed'), writer: text }),
  z.strictObject({ ...envelope, type: z.literal('session-opened'), principal, session }),
  z.strictObject({
    ...envelope,
    type: z.literal('session-closed'),
    session: text,
    number: count,
    from: count,
    to: count,
    count,
    root: text,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('configuration-changed'),
    what: z.enum(['policy', 'kill-switch']),
    before: maybeText,
    after: maybeText,
    text: maybeText,
    by: maybe(principal),
  }),
  z.strictObject({
    ...envelope,
    type: z.enum(['audit-read', 'exported']),
    principal,
    what: text,
    filter: z.record(text, text),
    withPrivate: z.boolean(),
  }),
  z.strictObject({
    ...envelope,
    type: z.enum(['hold-set', 'hold-released']),
    hold: text,
    scope,
    by: principal,
    reason: text,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('erased'),
    scope,
    keys: z.array(text),
    by: principal,
    reason: text,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('retention-deleted'),
    class: text,
    before: z.int(),
    from: count,
    to: count,
    count,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('alert'),
    alert: z.enum(['job-without-entry', 'entry-without-job', 'label-mismatch']),
    detail: text,
    call: maybeText,
    job: maybe(z.strictObject({ projectId: text, jobId: text, location: maybeText })),
    account: maybeText,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('replayed'),
    by: principal,
    of: z.strictObject({ session: text, call: maybeText }),
    session: maybeText,
    connection: text,
    asOf: maybe(z.int()),
    verdict: z.enum(['same', 'different', 'not-known', 'nothing-run']),
    calls: z.array(
      z.strictObject({
        of: text,
        call: maybeText,
        state: z.enum(['run', 'not-run']),
        reason: maybeText,
        decision: compared,
        schema: compared,
        rows: compared,
        digest: compared,
      }),
    ),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('reviewed'),
    by: principal,
    review: text,
    from: z.int(),
    to: z.int(),
    query: text,
    verdict: z.enum(['nothing-found', 'findings']),
    findings: text,
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('sealed-batch'),
    batch: count,
    from: count,
    size: count,
    until: count,
    root: text,
    writers: z.array(z.strictObject({ ...writerNumber, stamp: text })),
    missing: z.array(z.strictObject(writerNumber)),
    late: z.array(count),
    invalid: z.array(count),
    archive: z.array(z.strictObject({ path: text, sha256: text, entries: count })),
  }),
] as const
