import { z } from '@hono/zod-openapi'

import { job, person, time } from './wire.ts'

const text = z.string()
const texts = z.array(text)
const count = z.number()

/** What the client said of itself. */
const claimed = z.object({
  server: text.optional(),
  tool: text.optional(),
  name: text.optional(),
  userAgent: text.optional(),
})

/** Why a call is worth a look. */
const flag = z.object({ rule: text, why: text })

/** A call in a list. No SQL with values, no rows. */
export const callSummary = z.object({
  call: text,
  at: time,
  principal: person.optional(),
  session: text.optional(),
  claimed,
  sourceAddress: text.optional(),
  method: text,
  statementType: text.optional(),
  /** Literals are left out. */
  strippedSql: text.optional(),
  fingerprint: text.optional(),
  tables: texts,
  targets: texts,
  columns: texts,
  filterColumns: texts,
  masked: z.array(z.object({ column: text, mask: text })),
  tags: texts,
  decision: z.enum(['permit', 'require-approval', 'deny', 'refused']),
  rules: texts,
  problem: text.optional(),
  reason: text.optional(),
  grant: text.optional(),
  /** As Google's Privileged Access Manager names them. */
  approval: text.optional(),
  approvers: texts,
  outcome: text.optional(),
  durationMs: count.optional(),
  job: job.optional(),
  rows: count,
  bytesProcessed: count.optional(),
  bytesBilled: count.optional(),
  replayOf: text.optional(),
  flags: z.array(flag),
})

/** How many of the calls looked at have a value. */
export const facet = z.object({
  /** Name of the filter that selects them. */
  filter: text,
  values: z.array(z.object({ value: text, label: text, count })),
})

/** A page of calls, newest first. */
export const callList = z.object({
  calls: z.array(callSummary),
  nextPageToken: text.optional(),
  /** Counted over the newest matches, at most so many. */
  facets: z.array(facet),
  counted: z.object({ calls: count, isAll: z.boolean() }),
  /** Until when the record is in the index. */
  indexedUpTo: time.optional(),
})

/** What can be said of an entry's place in the log, and of its signature. */
const verification = z.object({
  /**
   * `sealed`: signature, hash and inclusion in the published log hold; `unsealed`: it is not in the log yet; `failed`: one
   * of them does not hold, and `problem` says which.
   */
  state: z.enum(['sealed', 'unsealed', 'failed']),
  problem: text.optional(),
  leaf: count.optional(),
  treeSize: count.optional(),
})

/** An entry as it is on the record. */
export const entryView = z.object({
  id: text,
  type: text,
  at: time,
  /** By the store's clock. */
  committedAt: time,
  /** For people, one line. */
  summary: text,
  /** SHA-256 over the DSSE encoding, hex. */
  hash: text,
  writer: text,
  number: count,
  verification,
  /** The entry itself. */
  entry: z.record(text, z.unknown()),
})

/** What was asked and what was said, where it is not erased and the caller may read it. */
const privateView = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('shown'),
    sql: text.optional(),
    /** Laid out for people. */
    formattedSql: text.optional(),
    parameters: z.unknown().optional(),
    justification: text.optional(),
    detail: text.optional(),
  }),
  z.object({ state: z.enum(['not-for-you', 'erased', 'none']) }),
])

/** Where the values of an output column come from, and what hides them. */
const outputMask = z.object({
  output: text,
  mask: text,
  columns: texts,
})

/** What one delivery handed over. */
const deliveryView = z.object({
  entry: text,
  at: time,
  method: text.optional(),
  status: count,
  rows: count,
  totalRows: text.optional(),
  bytes: count,
  digest: text.optional(),
  rowsDigest: text.optional(),
  cacheHit: z.boolean().optional(),
  errorReason: text.optional(),
  error: text.optional(),
  schema: z.array(z.object({ name: text, type: text, mode: text.optional() })).optional(),
  body: z.enum(['none', 'digest', 'masked', 'too-large']),
  /** As kept, masked; at most 200. Where policy keeps them and the caller may read them. */
  shown: z.array(z.array(text.nullable())).optional(),
  shownState: z.enum(['shown', 'not-kept', 'not-for-you', 'erased']),
})

/** A call, all of it. */
export const callView = z.object({
  summary: callSummary,
  private: privateView,
  lineage: z.array(outputMask),
  /** The decision as recorded. */
  decision: z.record(text, z.unknown()).optional(),
  /** The rules that matched, as the policy of that time words them; undefined where its text is not on the record. */
  matchedRules: z.array(z.object({ id: text, text: text.optional() })),
  policyDigest: text.optional(),
  approvals: z.array(
    z.object({
      at: time,
      event: text,
      by: text.optional(),
      verdict: text.optional(),
      reason: text.optional(),
    }),
  ),
  deliveries: z.array(deliveryView),
  entries: z.array(entryView),
  receipts: z.array(z.object({ entry: text, proofUrl: text })),
  /** Google's page of the job. */
  jobUrl: text.optional(),
  /** Calls that ran this one again, newest first. */
  replays: z.array(z.object({ call: text, at: time })),
})

export type CallSummary = z.infer<typeof callSummary>
export type CallList = z.infer<typeof callList>
export type CallView = z.infer<typeof callView>
export type EntryView = z.infer<typeof entryView>
export type Facet = z.infer<typeof facet>
