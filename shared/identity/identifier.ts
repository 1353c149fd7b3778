import { LRUCache } from 'lru-cache'

import { ok } from '../kernel/result.ts'
import { bearerToken } from './bearer-token.ts'
import type { Identify, Principal } from './principal.ts'
import { type Trust, tokenDigest, tokenVerifier } from './token-verifier.ts'

/** A withdrawn key or a changed issuer takes effect after this at the latest. */
const CACHE_MS = 60_000
const CACHE_ENTRIES = 5000

/**
 * Identifies callers by their bearer token: a trusted issuer's own, or one that Sluice issued for
 * it. What held is remembered for a minute, never beyond the token's `exp`; what did not is verified
 * anew each time.
 */
export function identifier(trust: Trust): Identify {
  const verify = tokenVerifier(trust)
  const held = new LRUCache<string, { readonly principal: Principal; readonly until: number }>({
    max: CACHE_ENTRIES,
  })

  return async (authorization, now) => {
    const bearer = bearerToken(authorization)
    if (!bearer.ok) return bearer

    // Keyed by digest, so that a dump of memory or of the cache holds no credentials.
    const digest = tokenDigest(bearer.value)
    const known = held.get(digest)
    if (known !== undefined && now < known.until) return ok(known.principal)

    const verified = await verify(bearer.value, now)
    if (!verified.ok) return verified
    const { principal } = verified.value
    held.set(digest, {
      principal,
      until: Math.min(principal.credential.expiresAt, now + CACHE_MS),
    })
    return ok(principal)
  }
}
