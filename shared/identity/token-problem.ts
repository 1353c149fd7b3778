/** What was wrong with a token that a trusted issuer, or Sluice, seems to have signed. */
export type TokenFault =
  /** The `alg` header is none that policy allows for the issuer; `none` and HMAC never are. */
  | 'algorithm'
  /** A `crit` header: the token demands an extension nobody here understands. */
  | 'critical-header'
  /** A JWT for another purpose (RFC 8725 §3.11): a logout token, a security event, a DPoP proof. */
  | 'type'
  /** The issuer publishes no such key (yet), or publishes it no longer. */
  | 'key-unknown'
  | 'signature'
  | 'audience'
  | 'not-yet-valid'
  /** `exp`, `iat`, `nbf` or `iss` is missing, not a number, or in the future. */
  | 'claims'
  | 'subject'
  | 'required-claim'
  | 'client'
  /** The `act` chain is malformed or too deep. */
  | 'act'
  /** The token is bound to a key (`cnf`), and a bearer proves no possession of it. */
  | 'sender-constrained'

/** Why a token names nobody: `IdentityProblem` with what a caller can be told of it. */
export type TokenProblem =
  | { readonly problem: 'token-malformed' }
  | { readonly problem: 'token-expired'; readonly issuer: string; readonly expiredAt: number }
  | { readonly problem: 'issuer-unknown' }
  | { readonly problem: 'token-invalid'; readonly issuer: string; readonly code: TokenFault }
  | { readonly problem: 'issuer-unreachable'; readonly issuer: string }
