import type { MiddlewareHandler } from 'hono'

import type { VerifyPush } from '../identity/push-token.ts'
import type { Clock } from '../kernel/clock.ts'
import { unreachable } from '../kernel/unreachable.ts'

export interface BelievedOptions {
  readonly verifyPush: VerifyPush
  readonly clock: Clock
  readonly onRefused: (problem: string) => void
}

/** Lets only requests through that Google signed for us. Reads nothing of any other. */
export function believed({ verifyPush, clock, onRefused }: BelievedOptions): MiddlewareHandler {
  return async (c, next) => {
    const verified = await verifyPush(c.req.header('authorization'), clock())
    if (verified.ok) return next()
    const { problem } = verified.error
    onRefused('code' in verified.error ? `${problem}: ${verified.error.code}` : problem)
    switch (problem) {
      case 'issuer-unreachable':
        return c.json({ error: "the issuer's keys cannot be had right now; try again" }, 503)
      case 'other-account':
        return c.json({ error: 'this endpoint is for another account' }, 403)
      case 'token-missing':
      case 'token-malformed':
      case 'token-expired':
      case 'token-invalid':
      case 'issuer-unknown':
        return c.json({ error: 'a token of Google for this endpoint is required' }, 401)
      default:
        return unreachable(problem)
    }
  }
}
