import type { JWTVerifyGetKey } from 'jose'

/**
 * Port. The signing keys of an issuer of the policy. Both the port and the function it resolves with
 * reject with `IssuerUnreachable` when the keys cannot be had, and with jose's error when the issuer
 * has no key for the token. Tokens with unknown key ids must not cause a request each.
 */
export type KeySets = (issuer: string) => Promise<JWTVerifyGetKey>

/** The issuer did not answer, or not with what OIDC asks for. An outage, not the caller's fault. */
export class IssuerUnreachable extends Error {
  readonly issuer: string

  constructor(issuer: string, cause: unknown) {
    super(`issuer unreachable: \`${issuer}\``, { cause })
    this.name = 'IssuerUnreachable'
    this.issuer = issuer
  }
}
