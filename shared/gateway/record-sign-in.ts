import type { MiddlewareHandler } from 'hono'
import { z } from 'zod'

import { bareFacts } from '../recording/bare-facts.ts'
import { recordAnonymousRefusal } from '../recording/record-refusal.ts'
import type { Ports } from './ports.ts'
import { causeOf } from './recording-refusal.ts'
import { requestFacts } from './serve.ts'
import type { Surface } from './surface.ts'

/** What the endpoints of `sign-in/` that can refuse somebody are called with. */
export const signInEndpoints = {
  POST: ['/v1/token', '/v1/oauthtoken', '/v1/introspect'],
  GET: ['/v1/authorize', '/v1/callback'],
} as const

const oauthError = z.object({ error: z.string(), error_description: z.string().optional() })

/**
 * Puts refused sign-ins on the record, as far as the budget for unknown callers goes: the OAuth error
 * as it was answered, nothing of what was asked. The answer stays as it is, also when that fails.
 */
export function recordRefusedSignIns(ports: Ports, surface: Surface): MiddlewareHandler {
  return async (c, next) => {
    await next()
    // What broke is recorded by whoever answers for it.
    if (c.error !== undefined) return
    try {
      const detail = await refusalIn(c.res)
      if (detail === undefined) return
      const { sourceAddress: address, userAgent } = requestFacts(c, surface)
      const recorded = await recordAnonymousRefusal(ports, surface.refusalBudget, {
        facts: bareFacts(`${c.req.method} ${c.req.path}`, undefined),
        session: undefined,
        problem: 'sign-in-refused',
        detail,
        decision: undefined,
        source: { address, userAgent },
      })
      if (!recorded.ok) surface.onFailure(causeOf(recorded.error))
    } catch (cause) {
      surface.onFailure(cause)
    }
  }
}

/** Why somebody was refused: in JSON, in the way back to gcloud, or on a page for people. */
async function refusalIn(response: Response): Promise<string | undefined> {
  const location = response.headers.get('location')
  if (location !== null) return text(Object.fromEntries(new URL(location).searchParams))
  if (response.status < 400) return undefined
  const json = response.headers.get('content-type')?.startsWith('application/json') === true
  return (json ? text(await response.clone().json()) : undefined) ?? `status ${response.status}`
}

function text(answer: unknown): string | undefined {
  const parsed = oauthError.safeParse(answer)
  if (!parsed.success) return undefined
  const { error, error_description: description } = parsed.data
  return description === undefined ? error : `${error}: ${description}`
}
