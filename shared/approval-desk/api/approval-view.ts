import { z } from 'zod'

const text = z.string()
const texts = z.array(text)
const count = z.number()
/** RFC 3339, UTC. */
const time = z.iso.datetime()

const somebody = z.object({
  issuer: text,
  subject: text,
  /** Only when the issuer says it is verified. */
  email: text.optional(),
  clientId: text.optional(),
})

const voter = somebody.extend({ channel: text })

const timeBox = z.object({
  tables: texts,
  statementType: text,
  maximumBytes: count,
  bytesUsed: count,
  uses: count,
})

/** What somebody may do with a request. */
const act = z.enum(['vote', 'revoke', 'review', 'cancel'])

/** A request in a list: who wants what, at what cost, and until when. No SQL, no values. */
export const approvalSummary = z.object({
  id: text,
  /** As Google's Privileged Access Manager names them. */
  state: text,
  /** What the caller may do with it now. */
  youMay: z.array(act),
  requester: somebody,
  /** MCP server and tool, as the client says of itself. */
  claimed: z.object({ server: text.optional(), tool: text.optional() }),
  statementType: text,
  tables: texts,
  /** Those of `tables` that are changed. */
  targets: texts,
  estimatedBytes: count.optional(),
  /** Of the estimate, at BigQuery's list price. */
  listPrice: text.optional(),
  requestedAt: time,
  /** Undecided by then, it expires. */
  expiresAt: time,
  /** What was approved starts before, or the time box ends then. */
  until: time.optional(),
  brokeGlass: z.boolean(),
  reviewOpen: z.boolean(),
  /** SHA-256, hex: what a vote is about. */
  digest: text,
})

/** A request with all that is to be known before anybody decides. */
export const approvalView = approvalSummary.extend({
  requester: somebody.extend({
    groups: texts,
    /** Who acts for them, outermost first. */
    actors: z.array(z.object({ issuer: text.optional(), subject: text })),
  }),
  session: z.object({
    id: text,
    sourceAddress: text.optional(),
    claimed: z.object({ name: text.optional(), userAgent: text.optional() }),
  }),
  projectId: text,
  location: text.optional(),
  jobId: text,
  /** Columns with a mask that are read. */
  governedColumns: texts,
  justification: text.optional(),
  sql: text,
  defaultDataset: text.optional(),
  /** As the client sent them. */
  parameters: z.array(z.unknown()),
  /** BigQuery stops it there. */
  maximumBytesBilled: count.optional(),
  terms: z.array(
    z.object({
      id: text,
      description: text,
      of: z.enum(['all', 'any']),
      groups: z.array(z.object({ group: text, votes: count })),
      quorum: count,
      escalationGroup: text.optional(),
      timeBox: z.object({ longestMs: count, maximumBytes: count }).optional(),
    }),
  ),
  /** The last word of each account. */
  votes: z.array(z.object({ by: voter, verdict: z.enum(['approve', 'deny']), reason: text })),
  timeBox: timeBox.optional(),
  /** What happened, oldest first. */
  history: z.array(
    z.object({
      type: text,
      at: time,
      by: voter.optional(),
      verdict: text.optional(),
      reason: text.optional(),
    }),
  ),
})

/** How a request stands after somebody did something with it. */
export const approvalState = z.object({
  id: text,
  state: text,
  digest: text,
  /** False when a vote is on its way, and nobody knows yet whether it counts. */
  settled: z.boolean(),
})

/** A page of requests. */
export const approvalList = z.object({
  approvals: z.array(approvalSummary),
  nextPageToken: text.optional(),
})

export type Act = z.infer<typeof act>
export type ApprovalSummary = z.infer<typeof approvalSummary>
export type ApprovalView = z.infer<typeof approvalView>
export type ApprovalState = z.infer<typeof approvalState>
export type ApprovalList = z.infer<typeof approvalList>
