import { z } from '@hono/zod-openapi'

import { person, time } from './wire.ts'

const text = z.string()
const count = z.number()

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
  origin: text.optional(),
  checkpoint: text.optional(),
  /** What was in force, oldest first. */
  policies: z.array(z.object({ digest: text, from: time, to: time.optional() })),
  controls: z.array(z.object({ id: text, control: text, evidence: text, count: count.optional() })),
  totals: z.record(text, count),
  /** Chosen by hash of session id and period, so that nobody chooses. */
  sampled: z.array(
    z.object({
      session: text,
      principal: text,
      at: time,
      calls: count,
      denied: count,
      held: count,
      /** Entry, leaf index and whether its proof holds. */
      proofs: z.array(z.object({ entry: text, leaf: count.optional(), holds: z.boolean() })),
    }),
  ),
  signOffs: z.array(review),
})

export type SavedSearches = z.infer<typeof savedSearches>
export type Review = z.infer<typeof review>
export type ReviewList = z.infer<typeof reviewList>
export type EvidenceReport = z.infer<typeof evidenceReport>
