import type { ErrorCode, ErrorReason } from '../bigquery/error.ts'
import type { IdentityProblem } from '../identity/principal.ts'
import type { ErasureProblem } from '../recording/erasure/erase.ts'

/** Every way the audit API can say no. `cause` is for the log. */
export type AuditRefusal =
  | IdentityProblem
  | { readonly problem: 'not-ready' }
  | { readonly problem: 'malformed'; readonly message: string }
  | { readonly problem: 'body-too-large'; readonly limit: number }
  /** Not an auditor, or somebody's agent. */
  | { readonly problem: 'no-auditor' }
  /** Not a records-manager, or somebody's agent. */
  | { readonly problem: 'no-records-manager' }
  /** Nobody decides what the record keeps and has it erased, too. */
  | { readonly problem: 'policy-admin' }
  /** No hold of this id. */
  | { readonly problem: 'no-hold' }
  | ErasureProblem
  /** Neither an auditor, nor a requester who asks for what they did themselves; or somebody's agent. */
  | { readonly problem: 'no-exporter' }
  /** Likewise, who wants to look. */
  | { readonly problem: 'no-reader' }
  /** Neither an auditor nor a policy-admin; or somebody's agent. */
  | { readonly problem: 'no-policy-reader' }
  /** A policy is being tried on recorded calls already. */
  | { readonly problem: 'trying' }
  /** Private facts are not for them. */
  | { readonly problem: 'no-private-reader' }
  /** Nothing is on the record of a session of this id, or nothing that is theirs. */
  | { readonly problem: 'no-session' }
  /** Likewise, of a call. */
  | { readonly problem: 'no-call' }
  /** No replay has this id. */
  | { readonly problem: 'no-replay' }
  /** Policy has no such sandbox, it is too much at once, or too long ago. */
  | {
      readonly problem: 'not-replayable'
      readonly why: 'no-sandbox' | 'too-many-calls' | 'no-time-travel'
    }
  /** The API has nothing there. */
  | { readonly problem: 'no-such-method' }
  /** There is no log yet that anything could be proved by. */
  | { readonly problem: 'nothing-sealed' }
  /** A part of the record is being verified for somebody already. */
  | { readonly problem: 'verifying' }
  /** No saved search of theirs has this id. */
  | { readonly problem: 'no-saved-search' }
  /** They have saved as many as are kept. */
  | { readonly problem: 'too-many-searches'; readonly most: number }
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
      return denied('this is for people whom policy names auditors, with a token of their own')
    case 'no-records-manager':
      return denied(
        'this is for people whom policy names records-managers, with a token of their own',
      )
    case 'policy-admin':
      return denied('nobody who is a policy-admin has anything erased')
    case 'no-hold':
      return say(404, 'notFound', 'Not found: a hold of this id that is in force')
    case 'on-hold':
      return say(409, 'invalid', `nothing was erased: it is on hold, by ${list(refusal.holds)}`)
    case 'approval-open':
      return say(
        409,
        'invalid',
        `nothing was erased: what waits for people, or has their leave, has to end first: ${list(refusal.grants)}`,
      )
    case 'nothing-to-erase':
      return say(404, 'notFound', 'Not found: private facts of it that are not erased')
    case 'no-exporter':
    case 'no-reader':
      return denied(
        'the record is for auditors, and for requesters as far as they did it, with a token of their own',
      )
    case 'no-policy-reader':
      return denied(
        'the policy is for people whom it names auditors or policy-admins, with a token of their own',
      )
    case 'trying':
      return unavailable('a policy is being tried already; try again in a moment')
    case 'no-private-reader':
      return denied('private facts are for auditors whom policy names private-readers too')
    case 'no-session':
      return say(404, 'notFound', 'Not found: a session of this id')
    case 'no-call':
      return say(404, 'notFound', 'Not found: a call of this id')
    case 'no-replay':
      return say(404, 'notFound', 'Not found: a replay of this id')
    case 'not-replayable':
      return say(409, 'invalid', `nothing was run: ${NOT_REPLAYABLE[refusal.why]}`)
    case 'no-such-method':
      return say(
        404,
        'notFound',
        'Not found: the audit API has nothing there; see `/v1/openapi.json`',
      )
    case 'nothing-sealed':
      return unavailable('nothing is sealed yet; try again in a minute')
    case 'verifying':
      return unavailable('a part of the record is being verified already; try again in a moment')
    case 'no-saved-search':
      return say(404, 'notFound', 'Not found: a saved search of yours with this id')
    case 'too-many-searches':
      return say(409, 'invalid', `nothing was saved: ${refusal.most} searches are kept; delete one`)
    case 'record-unavailable':
      return unavailable('Sluice cannot record this right now; try again')
    case 'failed':
      return unavailable('Sluice cannot answer this right now; its log says why')
  }
}

const NOT_REPLAYABLE = {
  'no-sandbox': 'policy has no sandbox of this id, or more than one: name its connection',
  'too-many-calls': 'a session of more than 100 calls is replayed call by call',
  'no-time-travel': 'the sandbox does not know what its tables were at the time',
} as const

const say = (code: ErrorCode, reason: ErrorReason, message: string): Words => ({
  code,
  reason,
  message,
})

const denied = (message: string): Words => say(403, 'accessDenied', `Access Denied: ${message}`)

const unavailable = (message: string): Words => say(503, 'backendError', message)

const MOST_LISTED = 10

function list(ids: readonly string[]): string {
  const more = ids.length - MOST_LISTED
  const shown = ids.slice(0, MOST_LISTED).join(', ')
  return more > 0 ? `${shown} and ${more} more` : shown
}
