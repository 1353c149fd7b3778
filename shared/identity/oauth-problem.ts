import { MAX_TOKEN_BYTES } from './bearer-token.ts'
import type { TokenProblem } from './token-problem.ts'
import type { TrustedIssuer } from './trusted-issuer.ts'

/** A parameter that occurs once; one without a value counts as absent (RFC 6749 §3.2). */
export type Form = ReadonlyMap<string, string>

/** An OAuth error (RFC 6749 §5.2, RFC 8693 §2.2.2). Every client shows `description` verbatim. */
export interface OAuthProblem {
  readonly error:
    | 'invalid_request'
    | 'invalid_grant'
    | 'invalid_client'
    | 'invalid_target'
    | 'unsupported_grant_type'
    | 'temporarily_unavailable'
  readonly description: string
}

/** A successful reply of the token endpoint (RFC 6749 §5.1, RFC 8693 §2.2.1). */
export interface TokenReply {
  readonly access_token: string
  readonly issued_token_type?: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly refresh_token?: string
}

/**
 * What to tell the holder of a token that did not hold. `what` names the token, such as
 * `subject_token`. Says what policy says, never what the token claims.
 */
export function explain(
  problem: TokenProblem,
  issuers: readonly TrustedIssuer[],
  what: string,
): OAuthProblem {
  switch (problem.problem) {
    case 'token-malformed':
      return {
        error: 'invalid_request',
        description: `the ${what} is no signed JWT of at most ${MAX_TOKEN_BYTES} bytes; give the OIDC token itself, and look into the file or command it comes from`,
      }
    case 'issuer-unknown':
      return {
        error: 'invalid_grant',
        description: `the iss of the ${what} is none of the issuers this gateway trusts, letter for letter: ${listed(issuers.map(({ issuer }) => issuer))}`,
      }
    case 'issuer-unreachable':
      return {
        error: 'temporarily_unavailable',
        description: `the keys of the issuer cannot be fetched right now; try again: \`${problem.issuer}\``,
      }
    case 'token-expired':
      return {
        error: 'invalid_grant',
        description: `the ${what} expired at ${new Date(problem.expiredAt).toISOString()}; sign in again, or renew the file or command it comes from`,
      }
    case 'token-invalid': {
      const issuer = issuers.find((one) => one.issuer === problem.issuer)
      return {
        error: 'invalid_grant',
        description: `the ${what} is not accepted: ${reason(problem.code, issuer)}`,
      }
    }
  }
}

function reason(
  code: Extract<TokenProblem, { problem: 'token-invalid' }>['code'],
  issuer: TrustedIssuer | undefined,
): string {
  switch (code) {
    case 'audience':
      return `it is meant for somebody else; request one whose aud is ${listed(issuer?.audiences)}`
    case 'algorithm':
      return `it is signed with an algorithm that policy does not allow; allowed are ${listed(issuer?.algorithms)}`
    case 'client':
      return 'it was issued to a client that policy does not allow'
    case 'required-claim':
      return 'it lacks a claim that policy requires of this issuer, or has another value there'
    case 'key-unknown':
      return 'the issuer publishes no key with its kid; get a new token'
    case 'signature':
      return 'its signature is wrong'
    case 'not-yet-valid':
      return 'it is not valid yet; is the clock of the machine right?'
    case 'subject':
      return 'it names no subject (sub)'
    case 'type':
      return 'it is a JWT of another kind; give an access token or an ID token'
    case 'sender-constrained':
      return 'it is bound to a key (cnf) and cannot be used as a bearer token'
    case 'act':
      return 'its act claim is malformed or too deep'
    case 'critical-header':
      return 'its crit header asks for an extension that is not supported'
    case 'claims':
      return 'its claims are malformed, or one of iss, exp and iat is missing'
  }
}

/** Values as messages have them: in backticks. */
export function listed(values: readonly string[] = []): string {
  return values.map((value) => `\`${value}\``).join(', ')
}
