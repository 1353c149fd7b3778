import type { Grant, Vote } from '../../approval/grant.ts'
import { type VoteProblem, voteProblemWords } from '../../approval/vote-problem.ts'
import type { ErrorCode, ErrorReason } from '../../bigquery/error.ts'
import type { IdentityProblem } from '../../identity/principal.ts'
import { type Result, err } from '../../kernel/result.ts'

/** Every way the approvals API can say no. */
export type ApprovalsRefusal =
  | IdentityProblem
  | VoteProblem
  | { readonly problem: 'not-ready' }
  | { readonly problem: 'malformed'; readonly message: string }
  | { readonly problem: 'body-too-large'; readonly limit: number }
  /** There is none of this id, or none that the caller may know of. */
  | { readonly problem: 'not-found' }
  /** A token that is not the caller's own. */
  | { readonly problem: 'delegated' }
  /** Only whoever asked takes a request back. */
  | { readonly problem: 'not-requester' }
  | { readonly problem: 'begun-or-over' }
  | { readonly problem: 'box-too-large'; readonly most: string }
  /** The resolver decided otherwise; it is on the record. */
  | { readonly problem: 'vote-refused'; readonly why: string }
  /** Nobody may have heard of the vote. `cause` is for the log, as below. */
  | { readonly problem: 'queue-unavailable'; readonly cause: unknown }
  | { readonly problem: 'record-unavailable'; readonly cause: unknown }
  | { readonly problem: 'failed'; readonly cause: unknown }

/** A refusal, and the vote it is of, if it is of one. */
export interface Refused {
  readonly refusal: ApprovalsRefusal
  readonly vote?: { readonly grant: Grant; readonly vote: Vote }
}

/** What a call of the API comes to. */
export type Outcome = Result<{ readonly status: 200 | 202; readonly body: object }, Refused>

export function refuse(refusal: ApprovalsRefusal, vote?: Refused['vote']): Result<never, Refused> {
  return err(vote === undefined ? { refusal } : { refusal, vote })
}

interface Words {
  readonly code: ErrorCode
  readonly reason: ErrorReason
  readonly message: string
}

/** What the caller is told. */
export function refusalWords(refusal: ApprovalsRefusal): Words {
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
    case 'not-found':
      return say(404, 'notFound', 'Not found: a request for approval of this id')
    case 'delegated':
      return denied('nobody can act here through an agent; come with a token of your own')
    case 'not-requester':
      return denied('only whoever asked can take a request back')
    case 'begun-or-over':
      return say(409, 'invalid', 'it runs already, or is over; cancel its job if it runs')
    case 'box-too-large':
      return say(400, 'invalid', `policy lets nobody grant that much here: ${refusal.most}`)
    case 'vote-refused':
      return denied(`your vote does not count: \`${refusal.why}\`; look at the request again`)
    case 'queue-unavailable':
      return unavailable('Sluice cannot pass your vote on right now; vote again')
    case 'record-unavailable':
      return unavailable('Sluice cannot record this right now; look at the request, and try again')
    case 'failed':
      return unavailable('Sluice cannot answer this right now; try again')
    case 'reason-missing':
    case 'box-invalid':
      return say(400, 'invalid', voteProblemWords(refusal))
    case 'other-request':
    case 'voted-already':
    case 'approved-already':
    case 'over':
    case 'nothing-to-review':
      return say(409, 'invalid', voteProblemWords(refusal))
    case 'own-request':
    case 'acts-for-requester':
    case 'same-person':
    case 'agent':
    case 'machine':
    case 'no-approver':
    case 'not-yet':
    case 'closed':
      return denied(voteProblemWords(refusal))
  }
}

const say = (code: ErrorCode, reason: ErrorReason, message: string): Words => ({
  code,
  reason,
  message,
})

const denied = (message: string): Words => say(403, 'accessDenied', `Access Denied: ${message}`)

const unavailable = (message: string): Words => say(503, 'backendError', message)
