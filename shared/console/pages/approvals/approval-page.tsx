import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

import { approvalView } from '../../../approval-desk/api/approval-view.ts'
import { visibleLine } from '../../../approval-desk/visible-text.ts'
import { Badge } from '../components/badge.tsx'
import { Approval } from '../components/state-badges.tsx'
import type { ApiProblem, ConsoleEnv } from '../console-env.ts'
import { showPage } from '../show-page.tsx'
import { showProblem } from '../show-problem.tsx'
import { ApprovalBody } from './approval-body.tsx'
import { nameOfPerson } from './approval-words.ts'
import { type Notice, noticeOf } from './notice-of.ts'
import { settledCalls } from './settled-calls.ts'
import { TimeLeft } from './time-left.tsx'

/**
 * A request and all that is to be known before anybody decides, with forms for what the reader may do about it; and why what
 * they did was refused, if it was.
 */
export async function showApproval(
  c: Context<ConsoleEnv>,
  refused?: Notice,
  status: ContentfulStatusCode = 200,
): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const [ask, viewer] = [c.get('ask'), c.get('viewer')]
  const found = await ask({ path: `/v1/approvals/${encodeURIComponent(id)}` }, approvalView)
  const trail = [{ name: 'Approvals', href: '/console/approvals' }]
  if (!found.ok) return showProblem(c, worded(found.error), { section: 'approvals', trail })
  const approval = found.value
  const { issuer, subject } = approval.requester
  const notice = refused ?? noticeOf(c.req.query('did'), approval, viewer.name)
  const similar = await settledCalls(ask, viewer, {
    principal: `${issuer} ${subject}`,
    ...(approval.tables[0] !== undefined && { table: approval.tables[0] }),
  })
  return showPage(
    c,
    {
      title: `${approval.statementType} by ${visibleLine(nameOfPerson(approval.requester), 200)}`,
      lead: (
        <span class="badges">
          <Approval state={approval.state} />
          {approval.brokeGlass && <Badge tone="warn">broke the glass</Badge>}
          {approval.reviewOpen && <Badge tone="wait">to be reviewed</Badge>}
          <TimeLeft request={approval} />
        </span>
      ),
      section: 'approvals',
      trail,
    },
    <ApprovalBody approval={approval} viewer={viewer} notice={notice} similar={similar} />,
    status,
  )
}

function worded(problem: ApiProblem): ApiProblem {
  if (problem.status !== 404) return problem
  return { status: 404, message: 'There is no such request, or it is not yours to see.' }
}
