/** Asymmetric JWS algorithms (RFC 7518, RFC 8037). A shared secret proves nothing about who signed. */
export const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

export type Algorithm = (typeof algorithms)[number]

/** Where a claim is: a name at the top, or the names on the way down to it. */
export type ClaimPath = string | readonly string[]

/** A claim must equal one of these; `*` stands for any run of characters. */
export type ClaimPatterns = Readonly<Record<string, readonly string[]>>

/** An OIDC issuer whose tokens Sluice accepts, as policy describes it. */
export interface TrustedIssuer {
  /** Exactly `iss`; keys and endpoints come from its discovery document. */
  readonly issuer: string
  /** One of them must be in `aud`. */
  readonly audiences: readonly string[]
  readonly algorithms: readonly Algorithm[]
  readonly groupsClaim: ClaimPath
  readonly clientClaim: ClaimPath
  /** When present, a token for any other client is refused. */
  readonly clients: readonly string[] | undefined
  readonly requiredClaims: ClaimPatterns
  /** Claims kept besides those that are required or mapped, named as keys of `ClaimPatterns` are. */
  readonly recordedClaims: readonly string[]
  /** A token whose claims match all of `when` puts its subject into `group`. */
  readonly groupMappings: readonly { readonly group: string; readonly when: ClaimPatterns }[]
  /** Sluice's own OAuth client at this issuer, for people who sign in through `gcloud auth login`. */
  readonly signIn:
    | { readonly clientId: string; readonly clientSecret: string | undefined }
    | undefined
}
