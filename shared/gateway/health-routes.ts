import { Hono } from 'hono'

/** `/healthz`: the process answers. `/readyz`: 200 when it can serve, else 503 with the reasons. For the platform; nobody is asked who they are. */
export function healthRoutes(notReady: () => Promise<readonly string[]>): Hono {
  const app = new Hono()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    const reasons = await notReady()
    return reasons.length === 0
      ? c.json({ status: 'ready' })
      : c.json({ status: 'not ready', reasons }, 503)
  })
  return app
}
