import type { Grant, Voter } from '../approval/grant.ts'
import type { PeopleSeen } from '../approval/people-seen.ts'
import { principalKey } from '../identity/principal.ts'
import type { KnownPerson } from '../policy/approval-terms.ts'

/** The groups of a voter right now; undefined when nobody knows any more. */
export type GroupsNow = (voter: Voter) => readonly string[] | undefined

/**
 * What groups everybody who voted on a grant is in by now: as policy says of people who vote without a token, and
 * as their latest token said of all others. Rejects when the store cannot be reached.
 */
export async function groupsNow(
  grant: Grant,
  voters: readonly Voter[],
  people: readonly KnownPerson[],
  peopleSeen: PeopleSeen,
): Promise<GroupsNow> {
  const voted = grant.events.flatMap((event) => (event.type === 'voted' ? [event.vote.by] : []))
  const known = new Map<string, readonly string[] | undefined>()
  for (const voter of [...voted, ...voters]) {
    const key = keyOf(voter)
    if (known.has(key)) continue
    // oxlint-disable-next-line no-await-in-loop -- a handful
    known.set(key, await groupsOf(voter, people, peopleSeen))
  }
  return (voter) => known.get(keyOf(voter))
}

async function groupsOf(
  voter: Voter,
  people: readonly KnownPerson[],
  peopleSeen: PeopleSeen,
): Promise<readonly string[] | undefined> {
  const account = principalKey(voter)
  const person = people.find(({ accounts }) => accounts.includes(account))
  if (voter.channel === 'slack' && person?.slackUser === voter.proof) return person.groups
  const seen = await peopleSeen.groupsNow(voter.issuer, voter.subject)
  return seen?.groups
}

const keyOf = (voter: Voter): string => `${voter.channel} ${voter.proof} ${principalKey(voter)}`
