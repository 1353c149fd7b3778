import type { Brand } from '../kernel/brand.ts'

/**
 * Who is calling, as a trusted issuer vouched for them. Minted only in `identity/`.
 *
 * Issuer and subject together are the key. An address is not: an issuer may give it to somebody else.
 */
export type Principal = Brand<PrincipalFacts, 'Principal'>

/** What is known of a principal: plain data that proves nothing. */
export interface PrincipalFacts {
  /** `iss` of the OIDC token, also when the caller came with a token Sluice issued in exchange. */
  readonly issuer: string
  readonly subject: string
  /** From the issuer's groups claim and from policy's mapping of claims; sorted, without doubles. */
  readonly groups: readonly string[]
  /** OAuth `client_id` or `azp`, as the policy's claim path says. */
  readonly clientId: string | undefined
  /** Only when the issuer says it is verified. For people to read; never a key. */
  readonly email: string | undefined
  /** Verified claims of the token that policy names (required, mapped, recorded), as texts. */
  readonly claims: Readonly<Record<string, string>>
  /** RFC 8693 `act`: who acts for the subject, outermost first. */
  readonly actors: readonly Actor[]
  readonly credential: Credential
}

/** One link of RFC 8693's `act` chain. */
export interface Actor {
  readonly issuer: string | undefined
  readonly subject: string
}

/** What is known of the token itself. Never the token. */
export interface Credential {
  /** `bearer`: the issuer's own token; `exchanged`: a token Sluice issued for one (RFC 8693). */
  readonly kind: 'bearer' | 'exchanged'
  /** SHA-256 of the presented token, base64url. */
  readonly tokenDigest: string
  /** `jti` of the presented token, where it has one. */
  readonly tokenId: string | undefined
  /**
   * Same sign-in, same value: the issuer's `sid`, else `auth_time`, else `iat` of the OIDC token.
   * Survives the exchange, so a session does too.
   */
  readonly lifetime: string
  /** Epoch milliseconds. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Why nobody could be identified. */
export type IdentityProblem =
  | { readonly problem: 'token-missing' }
  /** Not a JWS of three parts with readable claims. */
  | { readonly problem: 'token-malformed' }
  | { readonly problem: 'token-expired'; readonly issuer: string }
  /** `iss` is none of the policy's issuers. */
  | { readonly problem: 'issuer-unknown' }
  /** Signature, algorithm, audience, time or a required claim; `code` says which, for the record. */
  | { readonly problem: 'token-invalid'; readonly issuer: string; readonly code: string }
  /** The issuer's keys cannot be had right now. */
  | { readonly problem: 'issuer-unreachable'; readonly issuer: string }

/** Verifies an `Authorization` header. Rejects only for a bug. */
export type Identify = (
  authorization: string | undefined,
  now: number,
) => Promise<
  | { readonly ok: true; readonly value: Principal }
  | { readonly ok: false; readonly error: IdentityProblem }
>

/** `issuer` and `sub` as one string, for ids and indexes. */
export function principalKey(principal: {
  readonly issuer: string
  readonly subject: string
}): string {
  // A space cannot occur in an issuer URL, so no two pairs collide.
  return `${principal.issuer} ${principal.subject}`
}
