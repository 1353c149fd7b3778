import { z } from '@hono/zod-openapi'

import { REPORT } from '../views/review-view.ts'
import { time } from '../views/wire.ts'
import { isSearch } from './is-search.ts'

/** The most that findings have, in characters: they are in clear for as long as the record is kept. */
const MOST_FINDINGS = 4_000

/** `POST /v1/reviews` */
export const reviewBody = z
  .strictObject({
    from: time,
    to: time,
    query: z
      .string()
      .max(4_000)
      .refine(
        (query) => query === '' || query === REPORT || isSearch(query),
        'expected the filters of a search as in its URL, `report`, or nothing for everything',
      )
      .default(''),
    verdict: z.enum(['nothing-found', 'findings']),
    findings: z
      .string()
      .trim()
      .max(MOST_FINDINGS, `at most ${MOST_FINDINGS} characters`)
      .default(''),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), '`from` must be before `to`')
  .refine(
    ({ verdict, findings }) => verdict === 'nothing-found' || findings !== '',
    'say what was found: `findings`',
  )
