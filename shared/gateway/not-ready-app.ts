import { Hono } from 'hono'

import { errorBody } from '../bigquery/error.ts'

/**
 * What a gateway serves that could not be put together: 503 for everything, never "allow". The
 * reasons are for `/readyz`, which only the platform and its people ask.
 */
export function notReadyApp(reasons: readonly string[]): Hono {
  const app = new Hono()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', (c) => c.json({ status: 'not ready', reasons }, 503))
  app.all('*', (c) =>
    c.json(errorBody(503, 'backendError', 'Sluice is not ready to decide; try again'), 503),
  )
  return app
}
