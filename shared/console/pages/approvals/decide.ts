import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

import { approvalState } from '../../../approval-desk/api/approval-view.ts'
import type { ApiProblem, ConsoleEnv } from '../console-env.ts'
import { places, withQuery } from '../places.ts'
import { showProblem } from '../show-problem.tsx'
import { showApproval } from './approval-page.tsx'
import { callOf, missingOf, readAct } from './read-act.ts'

/** `POST /console/approvals/{id}`: does what a form of the decision page says, and shows the page again with what came of it. */
export async function decide(c: Context<ConsoleEnv>): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const said = readAct(await c.req.parseBody())
  if (said === undefined)
    return showApproval(
      c,
      { tone: 'bad', words: 'That form was not understood: send it again.' },
      400,
    )
  const written = 'reason' in said ? said.reason : ''
  const missing = missingOf(said)
  if (missing !== undefined) return showApproval(c, { tone: 'bad', words: missing, written }, 400)
  const done = await c.get('ask')(callOf(id, said), approvalState)
  if (done.ok) {
    const did = done.value.settled ? said.act : 'on-its-way'
    return c.redirect(withQuery(places.approval(id), { did }), 303)
  }
  if (done.error.status === 401) return showProblem(c, done.error)
  const words = wordsOf(done.error)
  return showApproval(c, { tone: 'bad', words, written }, statusOf(done.error))
}

/** What the API says, and what to do about it. */
function wordsOf({ status, message }: ApiProblem): string {
  const helps = status === 409 ? ' Below is how it stands now.' : ''
  return `It did not count: ${message}.${helps}`
}

function statusOf({ status }: ApiProblem): ContentfulStatusCode {
  return status === 400 || status === 403 || status === 404 || status === 409 ? status : 503
}
