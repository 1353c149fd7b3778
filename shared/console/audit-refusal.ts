import type { ErrorCode, ErrorReason } from '../bigquery/error.ts'
import type { IdentityProblem } from '../identity/principal.ts'

/** Every way the audit API can say no. `cause` is for the log. */
export type AuditRefusal =
  | IdentityProblem
  | { readonly problem: 'not-ready' }
  | { readonly problem: 'malformed'; readonly message: string }
  | { readonly problem: 'body-too-large'; readonly limit: number }
  /** Not an auditor, or somebody's agent. */
  | { readonly problem: 'no-auditor' }
  | { readonly problem: 'record-unavailable'; readonly cause: unknown }
  | { readonly problem: 'failed'; readonly cause: unknown }

interface Words {
  readonly code: ErrorCode
  readonly reason: ErrorReason
  readonly message: string
}

/** What the caller is told. */
export function auditRefusalWords(refusal: AuditRefusal): Words {
  switch (refusal.problem) {
    case 'token-missing':
      return say(401, 'authError', 'a bearer token is required; see the WWW-Authenticate header')
    case 'token-malformed':
      return say(401, 'authError', 'the bearer token is not a JWT; sign in again')
    case 'token-expired':
      return say(401, 'authError', 'the bearer token has expired; sign in again')
    case 'issuer-unknown':
      return say(401, 'authError', 'the bearer token comes from an issuer Sluice does not trust')
    case 'token-invalid':
      return say(401, 'authError', 'the bearer token is not valid for this Sluice; sign in again')
    case 'issuer-unreachable':
      return unavailable("the token issuer's keys cannot be had right now; try again")
    case 'not-ready':
      return unavailable('Sluice is not ready to decide; try again')
    case 'malformed':
      return say(400, 'invalid', refusal.message)
    case 'body-too-large':
      return say(413, 'invalid', `the request body is larger than ${refusal.limit} bytes`)
    case 'no-auditor':
      return say(
        403,
        'accessDenied',
        'Access Denied: this is for people whom policy names auditors, with a token of their own',
      )
    case 'record-unavailable':
      return unavailable('Sluice cannot record this right now; try again')
    case 'failed':
      return unavailable('Sluice cannot answer this right now; its log says why')
  }
}

const say = (code: ErrorCode, reason: ErrorReason, message: string): Words => ({
  code,
  reason,
  message,
})

const unavailable = (message: string): Words => say(503, 'backendError', message)
