import { z } from '@hono/zod-openapi'

import { recordedPrincipal } from '../../recording/recorded-caller.ts'
import { searchEvents } from '../../recording/search/search.ts'
import type { AuditPorts, AuditSurface } from '../audit-ports.ts'
import type { FindPorts } from '../calls/find.ts'
import { recordReview } from '../reviews/record-review.ts'
import { reviewBody } from '../reviews/review-body.ts'
import { reviewsOf, viewOfReview } from '../reviews/reviews-of.ts'
import { type ReviewList, review, reviewList } from '../views/review-view.ts'
import type { AuditApp } from './audit-app.ts'
import { nothing } from './audit-route.ts'
import { NOT_VALID, pageTokens } from './page-token.ts'
import { refuse, serveRoute, tellJson } from './serve-route.ts'
import { onlyAuditors } from './who-may.ts'

/** What reviews ask of the world. */
export interface ReviewsPorts extends AuditPorts, FindPorts {}

const PAGE = 50
/** A clock of whoever reviews may be ahead of ours. */
const SKEW_MS = 60_000

/**
 * `GET /reviews`: who looked at which part of the record, and what they found; `POST`: that somebody did, as an entry, which
 * stays. For auditors.
 */
export function reviewsRoutes(app: AuditApp, ports: ReviewsPorts, surface: AuditSurface): void {
  const tokens = pageTokens(ports.digestKey)
  const common = {
    path: '/reviews',
    tag: 'reviews',
    mayNot: onlyAuditors,
    params: nothing,
  } as const
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'get',
      what: 'reviews.list',
      summary: 'Reviews of the record',
      description: `Newest first, ${PAGE} to a page.`,
      recorded: 'as-read',
      query: z.strictObject({ pageToken: z.string().max(4_000).optional() }),
      body: nothing,
      answer: { name: 'Reviews', schema: reviewList },
    },
    async ({ caller: { principal }, query: { pageToken } }) => {
      const of = { principal, what: 'reviews.list', filter: {} }
      const before = pageToken === undefined ? undefined : tokens.open(pageToken, of)
      if (before?.ok === false) return before
      await ports.refreshIndex()
      const page = { limit: PAGE, before: before?.value }
      const found = await searchEvents(ports.index, { type: 'reviewed' }, page)
      if (!found.ok) return NOT_VALID
      const { documents, before: next } = found.value
      const json: ReviewList = {
        reviews: await reviewsOf(ports.entries, documents),
        nextPageToken: next === undefined ? undefined : tokens.seal(next, of),
      }
      return tellJson(json)
    },
  )
  serveRoute(
    app,
    ports,
    surface,
    {
      ...common,
      method: 'post',
      what: 'reviews.create',
      summary: 'Say that you reviewed a part of the record',
      description:
        'Becomes an entry under your name, which nobody changes or takes back. What was found is kept in clear: name calls and sessions, and nothing that was read.',
      recorded: 'by-itself',
      query: nothing,
      body: reviewBody,
      answer: { name: 'Review', schema: review },
    },
    async ({ caller: { principal }, body: { from, to, ...said } }) => {
      const span = { from: Date.parse(from), to: Date.parse(to) }
      if (span.to > ports.clock() + SKEW_MS)
        return refuse({
          problem: 'malformed',
          message: '`to` is still to come: nobody has reviewed it',
        })
      try {
        const entry = await recordReview(ports, recordedPrincipal(principal), { ...said, ...span })
        return tellJson(viewOfReview(entry))
      } catch (cause) {
        return refuse({ problem: 'record-unavailable', cause })
      }
    },
  )
}
