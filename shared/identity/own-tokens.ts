import { type JSONWebKeySet, type JWK, type JWTPayload, createLocalJWKSet } from 'jose'

import { type Result, err, ok } from '../kernel/result.ts'
import type { SigningKey } from './signing-key.ts'
import type { TokenProblem } from './token-problem.ts'
import type { UnverifiedJwt } from './unverified-jwt.ts'
import { verifyJwt } from './verify-jwt.ts'
import { Vouched } from './vouched.ts'

/** The claim that carries what the issuer vouched for. */
const VOUCHED = 'urn:sluice:vouched'

/** Long enough that clients need not exchange for every request, short enough to revoke by waiting. */
const MAX_LIFETIME_SECONDS = 60 * 60

/** Tokens of Sluice's own, good for this gateway and nothing else. */
export interface OwnTokens {
  /** `iss`: the gateway's URL. */
  readonly issuer: string
  /**
   * A token for whom `vouched` names; it ends within the hour and never after `until` (epoch
   * milliseconds), when what vouched for it ends. `undefined` when that has passed.
   */
  readonly issue: (vouched: Vouched, until: number, now: number) => Promise<IssuedToken | undefined>
  readonly verify: (
    token: string,
    unverified: UnverifiedJwt,
    now: number,
  ) => Promise<Result<{ readonly claims: JWTPayload; readonly vouched: Vouched }, TokenProblem>>
  /** The public keys, for whoever wants to verify. */
  readonly jwks: JSONWebKeySet
}

interface IssuedToken {
  readonly token: string
  readonly expiresInSeconds: number
}

export interface OwnTokensOptions {
  /** The gateway's URL: `iss`. */
  readonly issuer: string
  /** `aud`; usually the same URL. */
  readonly audience: string
  readonly key: SigningKey
  readonly retired: readonly JWK[]
  /** 256 random bits, base64url, different each time. */
  readonly randomToken: () => string
}

/** Issues and verifies access tokens (RFC 9068) signed with the gateway's key. */
export function ownTokens(options: OwnTokensOptions): OwnTokens {
  const { issuer, audience, key } = options
  const jwks = {
    keys: [
      { ...key.publicJwk, kid: key.kid, alg: key.algorithm, use: 'sig' },
      ...options.retired.map((jwk) => ({ ...jwk, use: 'sig' })),
    ],
  }
  const keys = createLocalJWKSet(jwks)
  const expected = {
    issuer,
    audiences: [audience],
    algorithms: ['ES256', 'EdDSA'],
    // It must not outlive the OIDC token by the tolerance.
    expiryToleranceSeconds: 0,
  } as const

  return {
    issuer,
    jwks,
    issue: async (vouched, until, now) => {
      const iat = Math.floor(now / 1000)
      const exp = Math.min(iat + MAX_LIFETIME_SECONDS, Math.floor(until / 1000))
      if (exp <= iat) return undefined
      const claims = {
        iss: issuer,
        aud: audience,
        sub: vouched.subject,
        client_id: vouched.clientId,
        jti: options.randomToken(),
        iat,
        exp,
        [VOUCHED]: vouched,
      }
      const header = { alg: key.algorithm, typ: 'at+jwt', kid: key.kid }
      const signed = `${base64url(header)}.${base64url(claims)}`
      const signature = Buffer.from(await key.sign(Buffer.from(signed)))
      return {
        token: `${signed}.${signature.toString('base64url')}`,
        expiresInSeconds: exp - iat,
      }
    },
    verify: async (token, unverified, now) => {
      const claims = await verifyJwt(token, unverified, keys, expected, now)
      if (!claims.ok) return claims
      const vouched = Vouched.safeParse(claims.value[VOUCHED])
      if (!vouched.success) return err({ problem: 'token-invalid', issuer, code: 'claims' })
      return ok({ claims: claims.value, vouched: vouched.data })
    },
  }
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
