import { z } from '@hono/zod-openapi'

import { logHealth } from './overview-view.ts'
import { person, time } from './wire.ts'

const text = z.string()
const count = z.number()

/** The `query` of a review that signs off the evidence report of its period. */
export const REPORT = 'report'

/** A search somebody wants to run again. */
export const savedSearch = z.object({
  id: text,
  name: text,
  /** As in the URL of a search. */
  query: text,
  savedAt: time,
})

export const savedSearches = z.object({ searches: z.array(savedSearch) })

/** That somebody looked at a part of the record, and what they found. An entry; it stays. */
export const review = z.object({
  id: text,
  at: time,
  reviewer: person,
  from: time,
  to: time,
  /** What of it was looked at, as in the URL of a search; empty for everything, `report` for a sign-off of the report. */
  query: text,
  verdict: z.enum(['nothing-found', 'findings']),
  findings: text,
})

export const reviewList = z.object({ reviews: z.array(review), nextPageToken: text.optional() })

/** Evidence for a period, to be printed and signed off. */
export const evidenceReport = z.object({
  from: time,
  to: time,
  madeAt: time,
  by: person,
  /** What it is about, in a sentence. */
  scope: text,
  origin: text.optional(),
  checkpoint: text.optional(),
  /** How the log stood when it was made. */
  log: logHealth,
  /** What was in force, oldest first, the one before the period included; and whether these are all. */
  policies: z.array(z.object({ digest: text, from: time, to: time.optional() })),
  isAllPolicies: z.boolean(),
  /** What each helps towards, and what shows it. None of it says that anybody is compliant. */
  controls: z.array(z.object({ id: text, control: text, evidence: text, count: count.optional() })),
  totals: z.record(text, count),
  /** Names of totals where counting ended before there were no more. */
  capped: z.array(text),
  /** Out of how many sessions the sample was chosen, and whether these are all of the period. */
  sessions: z.object({ seen: count, isAll: z.boolean() }),
  /** Chosen by hash of session id and period, so that nobody chooses. */
  sampled: z.array(
    z.object({
      session: text,
      principal: text,
      at: time,
      calls: count,
      denied: count,
      held: count,
      /** As `sluice verify` has it; `not-verified` where it took too long, or nothing is sealed. */
      integrity: z.enum(['sound', 'broken', 'not-verified']),
      completeness: z.enum(['complete', 'incomplete', 'unknown']),
      /** Entry, leaf index (none before it is sealed) and whether its proof holds; at most 50, out of `entries`. */
      proofs: z.array(z.object({ entry: text, leaf: count.optional(), holds: z.boolean() })),
      entries: count,
    }),
  ),
  signOffs: z.array(review),
  /** What this report does not show, in sentences. */
  limits: z.array(text),
})

export type SavedSearches = z.infer<typeof savedSearches>
export type Review = z.infer<typeof review>
export type ReviewList = z.infer<typeof reviewList>
export type EvidenceReport = z.infer<typeof evidenceReport>
