import type { Context } from 'hono'

import { reviewList } from '../../views/review-view.ts'
import { Pagination } from '../components/pagination.tsx'
import { Panel } from '../components/panel.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { withQuery } from '../places.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import type { Written } from './finding-fields.tsx'
import { ReviewForm } from './review-form.tsx'
import { ReviewList } from './review-list.tsx'

/** Why a review that was sent was not taken, and what was written in it. */
export interface NotTaken {
  readonly words: string
  readonly status: 400 | 403 | 503
  readonly written: Written
}

/** `GET /console/reviews`: who reviewed what, and a form to sign a review of one's own. */
export async function showReviews(c: Context<ConsoleEnv>, notTaken?: NotTaken): Promise<Response> {
  const pageToken = notTaken === undefined ? c.req.query('pageToken') : undefined
  const path = withQuery('/v1/reviews', { pageToken })
  const list = await c.get('ask')({ path }, reviewList)
  if (!list.ok) return showProblem(c, list.error, { section: 'reviews' })
  const { reviews, nextPageToken } = list.value
  const isSigned = notTaken === undefined && c.req.query('did') === 'signed'
  return showPage(
    c,
    {
      title: 'Reviews',
      lead: 'Who looked at which part of the record, and what they found.',
      section: 'reviews',
      actions: (
        <a class="button" href="/console/report">
          Evidence report
        </a>
      ),
    },
    <>
      {isSigned && (
        <p class="note good" role="status">
          Your review is on the record.
        </p>
      )}
      {notTaken && (
        <p class="note bad" role="alert">
          {notTaken.words}
        </p>
      )}
      <div class="call">
        <div class="main-column">
          <Panel title="Reviews, newest first" id="list" flush>
            <ReviewList reviews={reviews} />
          </Panel>
          <Pagination
            label="Pages of reviews"
            first={pageToken === undefined ? undefined : '/console/reviews'}
            next={nextPageToken && withQuery('/console/reviews', { pageToken: nextPageToken })}
          />
        </div>
        <div class="side-column">
          <Panel title="Sign a review" id="new">
            <ReviewForm csrf={c.get('viewer').csrf} written={notTaken?.written ?? {}} />
          </Panel>
        </div>
      </div>
    </>,
    notTaken?.status ?? 200,
  )
}
