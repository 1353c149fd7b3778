import { z } from '@hono/zod-openapi'
import type { Hono } from 'hono'

import { savedSearch } from '../../views/review-view.ts'
import type { ConsoleEnv } from '../console-env.ts'
import { showProblem } from '../show-problem.tsx'
import { exportCalls } from './export-calls.ts'
import { showSearch } from './search-page.tsx'

/** Search, what is saved of it, and what leaves through it. */
export function searchPages(app: Hono<ConsoleEnv>): void {
  app.get('/search', showSearch)
  app.get('/export', exportCalls)
  app.post('/searches', async (c) => {
    const { name, query } = await c.req.parseBody()
    const body = { name, query }
    const saved = await c.get('ask')({ method: 'POST', path: '/v1/searches', body }, savedSearch)
    if (!saved.ok) return showProblem(c, saved.error, { section: 'search' })
    return c.redirect(`/console/search?${saved.value.query}`, 303)
  })
  app.post('/searches/:id/delete', async (c) => {
    const path = `/v1/searches/${encodeURIComponent(c.req.param('id'))}`
    const deleted = await c.get('ask')({ method: 'DELETE', path }, z.object({}))
    if (!deleted.ok) return showProblem(c, deleted.error, { section: 'search' })
    return c.redirect('/console/search', 303)
  })
}
