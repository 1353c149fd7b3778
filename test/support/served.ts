import { serve } from '@hono/node-server'
import type { Hono } from 'hono'

/** Serves an app on a free port of the loopback address. */
export async function served(
  app: (url: string) => Hono,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  let current: Hono | undefined
  const server = serve({
    fetch: (request) => current?.fetch(request) ?? new Response(undefined, { status: 503 }),
    port: 0,
    hostname: '127.0.0.1',
  })
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  current = app(url)
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
