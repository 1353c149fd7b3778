import type { Context, Hono } from 'hono'

import { replayReport } from '../../views/replay-view.ts'
import type { ConsoleEnv } from '../console-env.ts'
import { places } from '../places.ts'
import { showProblem } from '../show-problem.tsx'
import { showReplay } from './replay-page.tsx'

/** Replays: running recorded calls again in a sandbox, and how that compared. */
export function replayPages(app: Hono<ConsoleEnv>): void {
  app.get('/replays', (c) => c.redirect('/console/sessions', 303))
  app.post('/replays', (c) => run(c))
  app.get('/replays/:id', (c) => showReplay(c))
}

async function run(c: Context<ConsoleEnv>): Promise<Response> {
  const form = await c.req.parseBody()
  const body = {
    session: given(form['session']),
    call: given(form['call']),
    connection: given(form['connection']),
    asOf: given(form['asOf']),
  }
  const call = { method: 'POST', path: '/v1/replays', body } as const
  const report = await c.get('ask')(call, replayReport)
  if (report.ok) return c.redirect(places.replay(report.value.replay), 303)
  return showProblem(c, report.error, { section: 'sessions' })
}

/** What a field of a form says; undefined where it says nothing, or is a file. */
function given(field: unknown): string | undefined {
  return typeof field === 'string' && field !== '' ? field : undefined
}
