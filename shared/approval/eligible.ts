import { type PrincipalFacts, principalKey } from '../identity/principal.ts'
import type { ApprovalTerms, KnownPerson } from '../policy/approval-terms.ts'
import type { Grant, Vote, Voter } from './grant.ts'
import { isOpen, opensAt } from './hours.ts'
import { samePerson } from './same-person.ts'
import type { VoteProblem } from './vote-problem.ts'

/** Why this vote cannot count on this grant, or undefined. */
export function voteProblem(
  grant: Grant,
  { by, verdict, digest }: Vote,
  people: readonly KnownPerson[],
  at: number,
): VoteProblem | undefined {
  const conflict = conflictOf(grant, by, people)
  if (conflict !== undefined) return conflict
  if (digest !== grant.digest) return { problem: 'other-request' }
  const problems = grant.terms.map((terms) => termsProblem(terms, grant, by, verdict, at))
  // Enough that it can count for one of them.
  return problems.includes(undefined) ? undefined : (problems.find(isSoon) ?? problems[0])
}

/** Why somebody who may approve a grant may not stop it, or undefined. It may be stopped at any hour. */
export function stopProblem(
  grant: Grant,
  by: Voter,
  people: readonly KnownPerson[],
  at: number,
): VoteProblem | undefined {
  return voteProblem(
    grant,
    { id: '', by, verdict: 'deny', reason: '', digest: grant.digest, box: undefined },
    people,
    at,
  )
}

type ConflictMember = 'issuer' | 'subject' | 'email' | 'clientId' | 'actors'

/** Why this account cannot judge what this requester wants, whatever its groups. */
export function conflictOf(
  { request }: { readonly request: { readonly principal: Pick<PrincipalFacts, ConflictMember> } },
  by: Pick<Voter, ConflictMember>,
  people: readonly KnownPerson[],
): VoteProblem | undefined {
  const { principal } = request
  if (principalKey(by) === principalKey(principal)) return { problem: 'own-request' }
  if (by.actors.length > 0) return { problem: 'agent' }
  const isActor = principal.actors.some(
    ({ issuer, subject }) =>
      // Fail closed: an actor without an issuer may be of any.
      (subject === by.subject && (issuer ?? by.issuer) === by.issuer) || subject === by.clientId,
  )
  // A machine by which they asked, that signs in for itself.
  const isClient = by.issuer === principal.issuer && by.subject === principal.clientId
  if (isActor || isClient) return { problem: 'acts-for-requester' }
  return samePerson(people, by, principal) ? { problem: 'same-person' } : undefined
}

/** Whether this is no person: it signs in as its own client, or is a service account of Google's. */
export function isMachine({ subject, clientId, email }: Voter): boolean {
  return (
    [subject, email ?? ''].some((name) => /[@.]gserviceaccount\.com$/i.test(name)) ||
    subject === clientId
  )
}

/** When members of the escalation group may vote, if there is one. */
export function escalatesAt(
  { escalation }: ApprovalTerms,
  { requestedAt }: Pick<Grant, 'requestedAt'>,
): number {
  return escalation === undefined ? Infinity : requestedAt + escalation.afterMs
}

function termsProblem(
  terms: ApprovalTerms,
  grant: Grant,
  by: Voter,
  verdict: Vote['verdict'],
  at: number,
): VoteProblem | undefined {
  if (isMachine(by) && !terms.machines.includes(principalKey(by))) return { problem: 'machine' }
  const isAsked = terms.approvers.groups.some(({ group }) => by.groups.includes(group))
  if (!isAsked) {
    const { escalation } = terms
    if (escalation === undefined || !by.groups.includes(escalation.group))
      return { problem: 'no-approver' }
    const from = escalatesAt(terms, grant)
    if (at < from) return { problem: 'not-yet', from }
  }
  const { hours } = terms
  // A no is safe at any hour.
  if (verdict === 'deny' || hours === undefined || isOpen(hours, at)) return undefined
  return { problem: 'closed', opensAt: opensAt(hours, at) }
}

/** What the voter can wait for says more than what they cannot change. */
function isSoon(problem: VoteProblem | undefined): boolean {
  return problem?.problem === 'not-yet' || problem?.problem === 'closed'
}
