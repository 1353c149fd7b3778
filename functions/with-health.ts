import type { Gateway } from './wiring.ts'

type Fetch = Gateway['fetch']

/** The same, but that `health` answers `/healthz` and `/readyz`: the platform asks every function alike, without a token. */
export function withHealth(fetch: Fetch, health: Fetch): Fetch {
  return (request, env) =>
    request.method === 'GET' && HEALTH.includes(new URL(request.url).pathname)
      ? health(request, env)
      : fetch(request, env)
}

const HEALTH = ['/healthz', '/readyz']
