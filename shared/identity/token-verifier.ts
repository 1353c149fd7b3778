import { createHash } from 'node:crypto'

import type { JWTPayload } from 'jose'

import { type Result, err, ok } from '../kernel/result.ts'
import type { KeySets } from './key-sets.ts'
import type { OwnTokens } from './own-tokens.ts'
import type { Credential, Principal } from './principal.ts'
import { toPrincipal } from './to-principal.ts'
import type { TokenProblem } from './token-problem.ts'
import type { TrustedIssuer } from './trusted-issuer.ts'
import { unverifiedJwt } from './unverified-jwt.ts'
import { verifyIssuerToken } from './verify-issuer-token.ts'
import type { Vouched } from './vouched.ts'

/** A token that holds: who it names, and what its issuer vouched for. */
export interface VerifiedToken {
  readonly principal: Principal
  readonly vouched: Vouched
  /** RFC 8693 §4.4: who may act for the subject; as the issuer wrote it. */
  readonly mayAct: unknown
}

/** Verifies a token of a trusted issuer or of Sluice itself. Rejects only for a bug. */
export type VerifyToken = (
  token: string,
  now: number,
) => Promise<Result<VerifiedToken, TokenProblem>>

/** What tokens are verified against. */
export interface Trust {
  readonly issuers: readonly TrustedIssuer[]
  readonly keySets: KeySets
  readonly ownTokens: OwnTokens
}

/** Throws when an issuer is trusted twice, or is the gateway itself. */
export function tokenVerifier({ issuers, keySets, ownTokens }: Trust): VerifyToken {
  const trusted = new Map(issuers.map((issuer) => [issuer.issuer, issuer]))
  if (trusted.size !== issuers.length) throw new Error('an issuer is trusted twice')
  if (trusted.has(ownTokens.issuer)) throw new Error('the gateway itself is a trusted issuer')

  return async (token, now) => {
    const unverified = unverifiedJwt(token)
    if (unverified === undefined) return err({ problem: 'token-malformed' })

    // The unverified `iss` only chooses what to verify with; verification compares it again.
    if (unverified.issuer === ownTokens.issuer) {
      const own = await ownTokens.verify(token, unverified, now)
      if (!own.ok) return own
      const { claims, vouched } = own.value
      // Fail closed: policy may have ceased to trust who vouched for it.
      const voucher = trusted.get(vouched.issuer)
      if (voucher === undefined) return err({ problem: 'issuer-unknown' })
      return judged(vouched, voucher, credential('exchanged', token, claims), undefined)
    }

    const issuer = trusted.get(unverified.issuer)
    if (issuer === undefined) return err({ problem: 'issuer-unknown' })
    const verified = await verifyIssuerToken(token, unverified, issuer, keySets, now)
    if (!verified.ok) return verified
    const { claims, vouched } = verified.value
    return judged(vouched, issuer, credential('bearer', token, claims), claims['may_act'])
  }
}

/** SHA-256 of a token, base64url: what may be kept of it. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function judged(
  vouched: Vouched,
  issuer: TrustedIssuer,
  presented: Omit<Credential, 'lifetime'>,
  mayAct: unknown,
): Result<VerifiedToken, TokenProblem> {
  const principal = toPrincipal(vouched, issuer, presented)
  return principal.ok
    ? ok({ principal: principal.value, vouched, mayAct })
    : err({ problem: 'token-invalid', issuer: issuer.issuer, code: principal.error })
}

function credential(
  kind: Credential['kind'],
  token: string,
  { jti, iat, exp }: JWTPayload,
): Omit<Credential, 'lifetime'> {
  return {
    kind,
    tokenDigest: tokenDigest(token),
    tokenId: typeof jti === 'string' ? jti : undefined,
    issuedAt: Math.floor(Number(iat) * 1000),
    expiresAt: Math.floor(Number(exp) * 1000),
  }
}
