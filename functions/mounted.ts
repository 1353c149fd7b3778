import type { AppOptions } from '../shared/gateway/app.ts'

/** An app as another one mounts it. */
export function mounted(app: {
  fetch(request: Request, env: unknown): Response | Promise<Response>
}): AppOptions['mounted'][string] {
  return (request, env) => app.fetch(request, env)
}
