import { type JWTPayload, type JWTVerifyGetKey, errors, jwtVerify } from 'jose'

import { type Result, err, ok } from '../kernel/result.ts'
import { IssuerUnreachable } from './key-sets.ts'
import type { TokenFault, TokenProblem } from './token-problem.ts'
import type { Algorithm } from './trusted-issuer.ts'
import type { UnverifiedJwt } from './unverified-jwt.ts'

/** Clocks of issuers and of ours may differ this much. */
const TOLERANCE_SECONDS = 30

/** What a token must say to be taken for one of this issuer's. */
export interface Expected {
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly algorithms: readonly Algorithm[]
  /** 0 for Sluice's own tokens: they end when they say so. */
  readonly expiryToleranceSeconds?: number
}

/** Verifies signature, issuer, audience and times (RFC 8725). Throws only for a bug. */
export async function verifyJwt(
  token: string,
  unverified: UnverifiedJwt,
  keys: JWTVerifyGetKey,
  expected: Expected,
  now: number,
): Promise<Result<JWTPayload, TokenProblem>> {
  const { issuer } = expected
  const invalid = (code: TokenFault): Result<never, TokenProblem> =>
    err({ problem: 'token-invalid', issuer, code })

  if (!expected.algorithms.some((algorithm) => algorithm === unverified.algorithm))
    return invalid('algorithm')
  if (unverified.critical) return invalid('critical-header')
  if (!/^(?:application\/)?(?:at\+)?jwt$/i.test(unverified.type ?? 'JWT')) return invalid('type')

  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: [...expected.audiences],
      algorithms: [...expected.algorithms],
      requiredClaims: ['exp', 'iat'],
      clockTolerance: expected.expiryToleranceSeconds ?? TOLERANCE_SECONDS,
      currentDate: new Date(now),
    })
    if (typeof payload.iat !== 'number') return invalid('claims')
    if (payload.iat > now / 1000 + TOLERANCE_SECONDS) return invalid('not-yet-valid')
    // Security event and logout tokens of before RFC 8725 differ by this claim only.
    if (payload['events'] !== undefined) return invalid('type')
    if (payload['cnf'] !== undefined) return invalid('sender-constrained')
    return ok(payload)
  } catch (cause) {
    if (cause instanceof IssuerUnreachable) return err({ problem: 'issuer-unreachable', issuer })
    if (cause instanceof errors.JWTExpired)
      return err({ problem: 'token-expired', issuer, expiredAt: Number(cause.payload.exp) * 1000 })
    if (cause instanceof errors.JOSEError) return invalid(fault(cause))
    throw cause
  }
}

function fault(cause: errors.JOSEError): TokenFault {
  if (cause instanceof errors.JWTClaimValidationFailed) {
    if (cause.claim === 'aud') return 'audience'
    return cause.claim === 'nbf' && cause.reason === 'check_failed' ? 'not-yet-valid' : 'claims'
  }
  if (cause instanceof errors.JWSSignatureVerificationFailed) return 'signature'
  if (cause instanceof errors.JOSEAlgNotAllowed) return 'algorithm'
  if (cause instanceof errors.JWKSNoMatchingKey) return 'key-unknown'
  if (cause instanceof errors.JWKSMultipleMatchingKeys) return 'key-unknown'
  return 'claims'
}
