import { stopProblem } from '../../approval/eligible.ts'
import type { Grant, GrantEvent, Voter } from '../../approval/grant.ts'
import { samePerson } from '../../approval/same-person.ts'
import { standingOf } from '../../approval/standing.ts'
import { type Remark, review, revoke } from '../../approval/stop.ts'
import { cancel } from '../../approval/transitions.ts'
import { type Principal, principalKey } from '../../identity/principal.ts'
import type { Result } from '../../kernel/result.ts'
import type { Act } from './approval-view.ts'
import type { ApprovalsCaller } from './approvals-caller.ts'
import { hasRole } from './has-role.ts'

/** What somebody may do with a grant right now. */
export function mayDo(grant: Grant, caller: ApprovalsCaller): readonly Act[] {
  const { principal, at } = caller
  const remark = remarkOf(caller, 'x')
  const taken = cancel(grant, principalKey(principal), at)
  const may: Readonly<Record<Act, boolean>> = {
    vote: standingOf(grant).state === 'approval-awaited' && isApproverOf(grant, caller),
    revoke: hasOne(revoke(grant, remark, at)) && mayRevoke(grant, caller),
    review: hasOne(review(grant, remark, at)) && maySee(grant, caller),
    cancel: hasOne(taken),
  }
  return acts.filter((act) => may[act])
}

const acts = ['vote', 'revoke', 'review', 'cancel'] as const

const hasOne = (events: Result<readonly GrantEvent[], unknown>): boolean =>
  events.ok && events.value.length > 0

/** Whether somebody may know enough of a request to revoke it. */
export function mayRevoke(grant: Grant, caller: ApprovalsCaller): boolean {
  return maySee(grant, caller) || hasRole(caller, 'policy-admin')
}

/** Whether a list of what is open has this grant, for this caller. */
export function isToList(grant: Grant, caller: ApprovalsCaller): boolean {
  return (
    isOwnRequest(grant, caller) ||
    mayDo(grant, caller).length > 0 ||
    (standingOf(grant).reviewOpen && hasRole(caller, 'auditor'))
  )
}

/** What a caller says of a grant. */
export function remarkOf(caller: ApprovalsCaller, text: string): Remark {
  const { principal, policy } = caller
  const isAdmin = hasRole(caller, 'policy-admin')
  return { by: voterOf(principal), isAdmin, text, people: policy.people }
}

/** Whether somebody may see all of a request; to everybody else there is none. */
export function maySee(grant: Grant, caller: ApprovalsCaller): boolean {
  const { principal, policy } = caller
  return (
    isOwnRequest(grant, caller) ||
    (principal.actors.length === 0 &&
      samePerson(policy.people, principal, grant.request.principal)) ||
    isApproverOf(grant, caller) ||
    hasRole(caller, 'auditor')
  )
}

function isOwnRequest(grant: Grant, { principal }: ApprovalsCaller): boolean {
  return principalKey(principal) === principalKey(grant.request.principal)
}

/** Whether somebody may decide about a grant, at the hours at which it may be decided. */
function isApproverOf(grant: Grant, caller: ApprovalsCaller): boolean {
  const { principal, policy, at } = caller
  return (
    hasRole(caller, 'approver') &&
    stopProblem(grant, voterOf(principal), policy.people, at) === undefined
  )
}

/** A caller as somebody who votes: what the token proves. */
export function voterOf(principal: Principal): Voter {
  const { issuer, subject, email, clientId, actors, groups, credential } = principal
  const proof = credential.tokenDigest
  return { issuer, subject, email, clientId, actors, groups, channel: 'api', proof }
}
