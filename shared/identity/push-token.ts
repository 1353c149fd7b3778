import type { JWTPayload } from 'jose'

import { type Result, err, ok } from '../kernel/result.ts'
import { bearerToken } from './bearer-token.ts'
import type { KeySets } from './key-sets.ts'
import type { TokenProblem } from './token-problem.ts'
import { unverifiedJwt } from './unverified-jwt.ts'
import { keysOf } from './verify-issuer-token.ts'
import { type Expected, verifyJwt } from './verify-jwt.ts'

/** Whose pushes and schedules are believed. */
export interface PushTrust {
  /** Google's is `https://accounts.google.com`. Who controls it can forge every vote. */
  readonly issuer: string
  /** Exactly the `aud` that the subscription or the schedule is configured with. */
  readonly audience: string
  /** The service account it is configured with. Who can act as it can forge every vote. */
  readonly serviceAccount: string
  readonly keySets: KeySets
}

/** Why a request is not believed to come from our subscription or schedule. */
export type PushProblem =
  | TokenProblem
  | { readonly problem: 'token-missing' }
  /** A good token of Google's for us, of somebody else. */
  | { readonly problem: 'other-account' }

/** Verifies an `Authorization` header. Rejects only for a bug. */
export type VerifyPush = (
  authorization: string | undefined,
  now: number,
) => Promise<Result<void, PushProblem>>

/**
 * Verifies the OIDC token that Google signs for a push subscription or for Cloud Scheduler.
 * https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 */
export function pushTokenVerifier(trust: PushTrust): VerifyPush {
  const expected: Expected = {
    issuer: trust.issuer,
    audiences: [trust.audience],
    algorithms: ['RS256'],
  }
  return async (authorization, now) => {
    const token = bearerToken(authorization)
    if (!token.ok) return token
    const claims = await verified(token.value, expected, trust.keySets, now)
    if (!claims.ok) return claims
    const { aud, email, email_verified: emailVerified } = claims.value
    // jose is content when we are one of several.
    if (aud !== trust.audience)
      return err({ problem: 'token-invalid', issuer: trust.issuer, code: 'audience' })
    // Everybody with a Google account can have a token of this issuer for this audience.
    return email === trust.serviceAccount && emailVerified === true
      ? ok(undefined)
      : err({ problem: 'other-account' })
  }
}

async function verified(
  token: string,
  expected: Expected,
  keySets: KeySets,
  now: number,
): Promise<Result<JWTPayload, TokenProblem>> {
  const unverified = unverifiedJwt(token)
  if (unverified === undefined) return err({ problem: 'token-malformed' })
  if (unverified.issuer !== expected.issuer) return err({ problem: 'issuer-unknown' })
  const keys = await keysOf(expected.issuer, keySets)
  return keys.ok ? verifyJwt(token, unverified, keys.value, expected, now) : keys
}
