import { Hono } from 'hono'

/** An app as the gateway mounts the audit API: at `/v1`, without seeing that. */
export function atV1(app: {
  fetch(request: Request, env: unknown): Response | Promise<Response>
}): Hono {
  return new Hono().mount('/v1', (request: Request, env: unknown) => app.fetch(request, env))
}
