import type { Context } from 'hono'

import { type ApprovalSummary, approvalList } from '../../../approval-desk/api/approval-view.ts'
import { Empty } from '../components/empty.tsx'
import { Panel } from '../components/panel.tsx'
import type { ConsoleEnv } from '../console-env.ts'
import { withQuery } from '../places.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { OpenRequests } from './open-requests.tsx'
import { settledCalls } from './settled-calls.ts'
import { Settled } from './settled.tsx'

/** `GET /console/approvals`: what waits for the reader first, what expires soonest on top; then what was settled. */
export async function showApprovals(c: Context<ConsoleEnv>): Promise<Response> {
  const pageToken = c.req.query('pageToken')
  const ask = c.get('ask')
  const list = await ask({ path: withQuery('/v1/approvals', { pageToken }) }, approvalList)
  const facts = { title: 'Approvals', section: 'approvals' } as const
  if (!list.ok) return showProblem(c, list.error, facts)
  const { approvals, nextPageToken } = list.value
  const waiting = approvals.filter(isForYou).toSorted(soonestFirst)
  const others = approvals.filter((approval) => !isForYou(approval))
  const settled = pageToken === undefined ? await settledCalls(ask, c.get('viewer')) : undefined
  return showPage(
    c,
    { ...facts, lead: leadOf(waiting.length) },
    <>
      <div id="waiting" data-refresh>
        <Panel title="Waits for you" id="waits" flush>
          {waiting.length === 0 ? (
            <Empty title="Nothing waits for you.">
              What does comes up here by itself, and in Slack where that is set up.
            </Empty>
          ) : (
            <OpenRequests caption="Waits for you" requests={waiting} />
          )}
        </Panel>
        {others.length > 0 && (
          <Panel title="Open besides: your own, or leave that was given" id="others" flush>
            <OpenRequests caption="Open besides" requests={others} />
          </Panel>
        )}
      </div>
      {nextPageToken !== undefined && (
        <nav class="pages" aria-label="More requests">
          <a
            class="button"
            rel="next"
            href={withQuery('/console/approvals', { pageToken: nextPageToken })}
          >
            More that are open
          </a>
        </nav>
      )}
      {settled !== undefined && (
        <Panel title="Settled lately" id="settled" flush>
          <Settled calls={settled} />
        </Panel>
      )}
    </>,
  )
}

/** To vote, or to look at a glass that was broken. */
const isForYou = ({ youMay }: ApprovalSummary): boolean =>
  youMay.includes('vote') || youMay.includes('review')

const soonestFirst = (a: ApprovalSummary, b: ApprovalSummary): number =>
  Date.parse(a.expiresAt) - Date.parse(b.expiresAt)

function leadOf(waiting: number): string {
  if (waiting === 0) return 'No request waits for your decision.'
  return waiting === 1
    ? 'One request waits for your decision.'
    : `${waiting} requests wait for your decision.`
}
