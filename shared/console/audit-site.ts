import { Hono } from 'hono'

import { errorBody } from '../bigquery/error.ts'
import type { AppOptions } from '../gateway/app.ts'
import { healthRoutes } from '../gateway/health-routes.ts'

/**
 * What the function `console` serves: the audit API, the log and the pages, and nothing of BigQuery's. A path that is none
 * of them is a 404 in BigQuery's words.
 */
export function auditSite({
  mounted,
  notReady,
  onFailure,
}: Pick<AppOptions, 'mounted' | 'notReady' | 'onFailure'>): Hono {
  const app = new Hono()
  app.route('/', healthRoutes(notReady))
  for (const [path, fetch] of Object.entries(mounted))
    app.mount(path, (request: Request, env: unknown) => fetch(request, env))
  app.get('/', (c) => c.redirect('/console/', 302))
  app.notFound((c) => c.json(errorBody(404, 'notFound', 'Not found: such a path'), 404))
  app.onError((cause, c) => {
    onFailure(cause)
    return c.json(errorBody(503, 'backendError', 'Sluice cannot answer this right now'), 503)
  })
  return app
}
