import type { Result } from '../../kernel/result.ts'

/** Where an issuer's discovery document says that people sign in. */
export interface SignInEndpoints {
  readonly authorizationEndpoint: string
  /** RFC 9207: whether its redirects always carry `iss`. */
  readonly namesItself: boolean
  /** Absent when the document does not say. */
  readonly scopes: readonly string[] | undefined
}

/** Sluice as an OAuth client of an issuer. */
export interface SignInClient {
  readonly clientId: string
  readonly clientSecret: string | undefined
}

/** What Sluice redeems for tokens, at the token endpoint. */
export type SignInGrant =
  | {
      readonly kind: 'code'
      readonly code: string
      readonly codeVerifier: string
      readonly redirectUri: string
    }
  | { readonly kind: 'refresh'; readonly refreshToken: string }

/** Port. Talks to the issuers of the policy; rejects with `IssuerUnreachable` when one does not answer. */
export interface IssuerClient {
  readonly endpoints: (issuer: string) => Promise<SignInEndpoints>
  /** The tokens, or `refused`: the issuer says the grant is not good (any more). */
  readonly redeem: (
    issuer: string,
    client: SignInClient,
    grant: SignInGrant,
  ) => Promise<
    Result<
      { readonly idToken: string | undefined; readonly refreshToken: string | undefined },
      'refused'
    >
  >
}
