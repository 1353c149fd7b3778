import type { Context, Hono } from 'hono'

import { REPORT } from '../../views/review-view.ts'
import type { ApiProblem, ConsoleEnv } from '../console-env.ts'
import { withQuery } from '../places.ts'
import { showReport } from '../report/report-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { showReviews } from './reviews-page.tsx'
import { signReview, textOf } from './sign-review.ts'

/** Reviews, and the evidence report with its sign-off. */
export function reviewPages(app: Hono<ConsoleEnv>): void {
  app.get('/reviews', (c) => showReviews(c))
  app.post('/reviews', (c) => sign(c))
  app.get('/report', (c) => showReport(c))
  app.post('/report', (c) => signOff(c))
}

async function sign(c: Context<ConsoleEnv>): Promise<Response> {
  const form = await c.req.parseBody()
  const query = textOf(form['query']).trim().replace(/^\?/, '')
  const signed = await signReview(c, form, query)
  if (signed.ok) return c.redirect('/console/reviews?did=signed', 303)
  if (signed.error.status === 401) return showProblem(c, signed.error)
  const words = `It is not on the record: ${signed.error.message}.`
  const written = {
    from: textOf(form['from']),
    to: textOf(form['to']),
    query,
    findings: textOf(form['findings']),
  }
  return showReviews(c, { words, status: statusOf(signed.error), written })
}

async function signOff(c: Context<ConsoleEnv>): Promise<Response> {
  const form = await c.req.parseBody()
  const signed = await signReview(c, form, REPORT)
  if (!signed.ok) return showProblem(c, signed.error, { section: 'reviews' })
  const { from, to } = signed.value
  return c.redirect(withQuery('/console/report', { from, to, did: 'signed' }), 303)
}

function statusOf({ status }: ApiProblem): 400 | 403 | 503 {
  return status === 400 || status === 403 ? status : 503
}
