import type { Context } from 'hono'

import { type Result, err } from '../../../kernel/result.ts'
import { type Review, review } from '../../views/review-view.ts'
import type { ApiProblem, ConsoleEnv } from '../console-env.ts'
import { spanOfDates } from './span-of-dates.ts'

/** Sends what a form says to the API, as the review of whoever is signed in; `query` unless the form has one. */
export async function signReview(
  c: Context<ConsoleEnv>,
  form: Readonly<Record<string, unknown>>,
  query: string,
): Promise<Result<Review, ApiProblem>> {
  const span = spanOfDates(form['from'], form['to'], new Date().getTime())
  if (span === undefined)
    return err({
      status: 400,
      message: 'the period has to begin before it ends, and to have begun',
    })
  const body = { ...span, query, verdict: form['verdict'], findings: textOf(form['findings']) }
  return c.get('ask')({ method: 'POST', path: '/v1/reviews', body }, review)
}

/** What a field of a form says; nothing for a file, or where there is none. */
export function textOf(field: unknown): string {
  return typeof field === 'string' ? field : ''
}
