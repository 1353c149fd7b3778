import { deflateSync, inflateSync } from 'node:zlib'

import { z } from 'zod'

import { canonicalJson } from '../kernel/canonical-json.ts'
import type { SearchDocument } from '../recording/search/search-document.ts'
import { principal, session } from './caller-schema.ts'
import { maybe } from './maybe.ts'

const text = z.string()
const maybeText = maybe(text)
const texts = z.array(text)
const count = z.int().nonnegative()

const call = z.strictObject({
  kind: z.literal('call'),
  id: text,
  at: z.int(),
  call: text,
  principal: maybe(principal),
  session: maybe(session),
  method: text,
  projectId: maybeText,
  dryRun: z.boolean(),
  statementType: maybeText,
  strippedSql: maybeText,
  fingerprint: maybeText,
  tables: texts,
  targets: texts,
  columns: texts,
  filterColumns: texts,
  masked: z.array(z.strictObject({ column: text, mask: text })),
  tags: texts,
  decision: z.enum(['permit', 'require-approval', 'deny', 'refused']),
  rules: texts,
  problem: maybeText,
  reason: maybeText,
  policyDigest: maybeText,
  grant: maybeText,
  approval: maybeText,
  approvers: z.array(z.strictObject({ key: text, name: text })),
  outcome: maybe(
    z.enum([
      'released',
      'failed',
      'unanswered',
      'not-delivered',
      'not-run',
      'executed-not-delivered',
    ]),
  ),
  endedAt: maybe(z.int()),
  durationMs: maybe(z.number()),
  job: maybe(z.strictObject({ projectId: text, jobId: text, location: maybeText })),
  rows: count,
  bytesProcessed: maybe(count),
  bytesBilled: maybe(count),
  replayOf: maybeText,
  flags: z.array(
    z.strictObject({
      rule: z.enum(['first-read', 'off-hours', 'mass-read', 'repeated-denials', 'split-query']),
      why: text,
    }),
  ),
})

const document = z.discriminatedUnion('kind', [
  call,
  z.strictObject({
    kind: z.literal('session'),
    id: text,
    at: z.int(),
    principal,
    session,
    closedAt: maybe(z.int()),
  }),
  z.strictObject({
    kind: z.literal('event'),
    id: text,
    at: z.int(),
    entry: text,
    type: text,
    principal: maybe(principal),
    summary: text,
  }),
])

/** Names repeat: what is longer than this is a third of it deflated. */
const MAX_PLAIN_BYTES = 4 * 1024
const MAX_BYTES = 16 * 1024 * 1024

/** The one form in which a document of the search index is stored. */
export function encodeSearchDocument(given: SearchDocument): Buffer {
  const bytes = Buffer.from(canonicalJson(given))
  return bytes.length <= MAX_PLAIN_BYTES ? bytes : deflateSync(bytes)
}

/** The document that `encodeSearchDocument` was given. Throws for anything else. */
export function decodeSearchDocument(stored: Uint8Array): SearchDocument {
  const bytes = Buffer.from(stored)
  const plain = bytes[0] === 0x7b ? bytes : inflateSync(bytes, { maxOutputLength: MAX_BYTES })
  return document.parse(JSON.parse(plain.toString()))
}
