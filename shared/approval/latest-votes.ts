import { principalKey } from '../identity/principal.ts'
import type { GrantEvent } from './grant.ts'

/** A vote, and when it came. */
export type Voted = Extract<GrantEvent, { type: 'voted' }>

/** The last vote of each account, in the order in which the accounts first voted. */
export function latestVotes(events: readonly GrantEvent[]): readonly Voted[] {
  const voted = events.filter((event) => event.type === 'voted')
  return [...new Map(voted.map((event) => [principalKey(event.vote.by), event])).values()]
}
