import { principalKey } from '../identity/principal.ts'
import type { GrantEvent, Vote } from './grant.ts'

/** The last vote of each account, in the order in which the accounts first voted. */
export function latestVotes(events: readonly GrantEvent[]): readonly Vote[] {
  const votes = events.flatMap((event) => (event.type === 'voted' ? [event.vote] : []))
  return [...new Map(votes.map((vote) => [principalKey(vote.by), vote])).values()]
}
