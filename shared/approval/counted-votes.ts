import { principalKey } from '../identity/principal.ts'
import type { ApprovalTerms, KnownPerson } from '../policy/approval-terms.ts'
import { conflictOf, escalatesAt, isMachine } from './eligible.ts'
import type { Grant, Voter } from './grant.ts'
import { isOpen } from './hours.ts'
import type { Voted } from './latest-votes.ts'
import { type Approver, isMet } from './quorum.ts'
import { byPerson } from './same-person.ts'

/** What is known of people at the moment at which votes are counted. */
export interface Electorate {
  /** The policy's. */
  readonly people: readonly KnownPerson[]
  /** The groups of somebody who voted, right now; undefined when nobody knows any more. */
  readonly groupsNow: (voter: Voter) => readonly string[] | undefined
}

/** Whether these votes, the last of each account, are enough for everything that the grant asks for. */
export function isApproved(
  grant: Grant,
  votes: readonly Voted[],
  electorate: Electorate,
  at: number,
): boolean {
  const { terms } = grant
  return (
    // Fail closed: nobody was asked to approve it.
    terms.length > 0 &&
    terms.every((one) =>
      isMet(one, approversOf(grant, one, votes, electorate), at >= escalatesAt(one, grant)),
    )
  )
}

function approversOf(
  grant: Grant,
  terms: ApprovalTerms,
  votes: readonly Voted[],
  { people, groupsNow }: Electorate,
): readonly Approver[] {
  const counted = votes.flatMap(({ at, vote: { by, verdict, digest } }) => {
    const counts =
      verdict === 'approve' &&
      digest === grant.digest &&
      conflictOf(grant, by, people) === undefined &&
      (!isMachine(by) || terms.machines.includes(principalKey(by))) &&
      (terms.hours === undefined || isOpen(terms.hours, at))
    // Somebody who was taken out of a group since does not count for it, nor somebody whom nobody knows any more.
    const now = counts ? groupsNow(by) : undefined
    return now === undefined
      ? []
      : [{ by, groups: by.groups.filter((group) => now.includes(group)) }]
  })
  return byPerson(people, counted).map((accounts) => ({
    groups: accounts.flatMap(({ groups }) => groups),
  }))
}
