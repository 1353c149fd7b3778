import type { JWTPayload, JWTVerifyGetKey } from 'jose'

import { type Result, err, ok } from '../kernel/result.ts'
import { IssuerUnreachable, type KeySets } from './key-sets.ts'
import type { TokenProblem } from './token-problem.ts'
import type { TrustedIssuer } from './trusted-issuer.ts'
import type { UnverifiedJwt } from './unverified-jwt.ts'
import { verifyJwt } from './verify-jwt.ts'
import { type Vouched, readVouched } from './vouched.ts'

/** Verifies a token as one of `issuer`'s and reads what the issuer vouches for. */
export async function verifyIssuerToken(
  token: string,
  unverified: UnverifiedJwt,
  issuer: TrustedIssuer,
  keySets: KeySets,
  now: number,
): Promise<Result<{ readonly claims: JWTPayload; readonly vouched: Vouched }, TokenProblem>> {
  const keys = await keysOf(issuer.issuer, keySets)
  if (!keys.ok) return keys
  const claims = await verifyJwt(token, unverified, keys.value, issuer, now)
  if (!claims.ok) return claims
  const vouched = readVouched(claims.value, issuer)
  if (!vouched.ok)
    return err({ problem: 'token-invalid', issuer: issuer.issuer, code: vouched.error })
  return ok({ claims: claims.value, vouched: vouched.value })
}

/** The keys of an issuer, or that they cannot be had right now. */
export async function keysOf(
  issuer: string,
  keySets: KeySets,
): Promise<Result<JWTVerifyGetKey, TokenProblem>> {
  try {
    return ok(await keySets(issuer))
  } catch (cause) {
    if (cause instanceof IssuerUnreachable) return err({ problem: 'issuer-unreachable', issuer })
    throw cause
  }
}
