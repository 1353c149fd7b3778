import type { Context, Hono } from 'hono'

import { verdictView } from '../../views/log-view.ts'
import type { ConsoleEnv } from '../console-env.ts'
import { showProblem } from '../show-problem.tsx'
import { showLog } from './log-page.tsx'
import { spanNamed } from './verify-spans.ts'

/** The log, and verifying a part of it now. */
export function logPages(app: Hono<ConsoleEnv>): void {
  app.get('/log', (c) => showLog(c))
  app.get('/log/verify', (c) => c.redirect('/console/log', 303))
  app.post('/log/verify', (c) => verify(c))
}

async function verify(c: Context<ConsoleEnv>): Promise<Response> {
  const { span } = await c.req.parseBody()
  const body = spanNamed(span, new Date().getTime())
  if (body === undefined)
    return showLog(c, { problem: { status: 400, message: 'choose what is to be verified' } })
  const call = { method: 'POST', path: '/v1/log/verify', body } as const
  const verdict = await c.get('ask')(call, verdictView)
  if (verdict.ok) return showLog(c, { verdict: verdict.value })
  return verdict.error.status === 401
    ? showProblem(c, verdict.error)
    : showLog(c, { problem: verdict.error })
}
