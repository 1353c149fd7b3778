import { unreachable } from '../kernel/unreachable.ts'
import type { GrantState } from './grant.ts'

/** Why somebody may not vote on a grant, stop it, or close its review. */
export type VoteProblem =
  | { readonly problem: 'own-request' }
  /** They act for the requester: an actor of their token, or the client of one. */
  | { readonly problem: 'acts-for-requester' }
  /** Policy or their address says that they are the requester under another account. */
  | { readonly problem: 'same-person' }
  /** An agent votes for them. */
  | { readonly problem: 'agent' }
  | { readonly problem: 'machine' }
  /** They are in no group that is asked. */
  | { readonly problem: 'no-approver' }
  /** They are, from then on. */
  | { readonly problem: 'not-yet'; readonly from: number }
  /** Outside the hours; `opensAt`: when they begin, if ever. */
  | { readonly problem: 'closed'; readonly opensAt: number | undefined }
  /** What they were shown is not what would run. */
  | { readonly problem: 'other-request' }
  | { readonly problem: 'reason-missing' }
  | { readonly problem: 'box-invalid' }
  | { readonly problem: 'voted-already' }
  | { readonly problem: 'approved-already' }
  /** Nothing can change it any more. */
  | { readonly problem: 'over'; readonly state: GrantState }
  | { readonly problem: 'nothing-to-review' }

/** What to tell whoever wanted to. */
export function voteProblemWords(problem: VoteProblem): string {
  switch (problem.problem) {
    case 'own-request':
      return 'this is your own request; somebody else has to decide'
    case 'acts-for-requester':
      return 'you act for whoever asked; somebody else has to decide'
    case 'same-person':
      return 'this account belongs to whoever asked; somebody else has to decide'
    case 'agent':
      return 'nobody can vote through an agent; sign in yourself'
    case 'machine':
      return 'the policy lets no machine of this name vote'
    case 'no-approver':
      return 'you are in none of the groups that may approve this'
    case 'not-yet':
      return `your group may decide only when nobody else has, from \`${time(problem.from)}\``
    case 'closed':
      return problem.opensAt === undefined
        ? 'this cannot be approved at any time'
        : `this can be approved only at certain hours, from \`${time(problem.opensAt)}\``
    case 'other-request':
      return 'what you were shown is not what would run; look at the request again'
    case 'reason-missing':
      return 'say why, for whoever asked and for the record'
    case 'box-invalid':
      return 'give the time and the bytes as whole numbers above 0'
    case 'voted-already':
      return 'you have approved this already; your vote counts once'
    case 'approved-already':
      return 'this has been approved already'
    case 'over':
      return overWords(problem.state)
    case 'nothing-to-review':
      return 'there is nothing to review here'
    default:
      return unreachable(problem)
  }
}

function overWords(state: GrantState): string {
  switch (state) {
    case 'denied':
      return 'this has been denied, and that is final'
    case 'expired':
      return 'this has expired; whoever needs it can ask again'
    case 'revoked':
      return 'this has been revoked'
    case 'ended':
    case 'active':
    case 'approval-awaited':
      return 'this is over; nothing is left to decide'
    default:
      return unreachable(state)
  }
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`
}
