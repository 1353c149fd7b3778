import { castVote, hasVote } from '../../approval/cast-vote.ts'
import type { GrantId, Vote } from '../../approval/grant.ts'
import type { Grants } from '../../approval/grants.ts'
import type { PeopleSeen } from '../../approval/people-seen.ts'
import { voteProblemWords } from '../../approval/vote-problem.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { KnownPerson } from '../../policy/approval-terms.ts'
import { groupsNow } from '../groups-now.ts'

export interface ForeseeOptions {
  readonly find: Grants['find']
  readonly people: readonly KnownPerson[]
  readonly peopleSeen: PeopleSeen
  readonly clock: Clock
}

/** What will come of a vote, as far as it can be known now. */
export type Foreseen =
  | { readonly grant: 'unknown' }
  /** `problem`: why it will not count; the resolver decides, and puts it on the record. */
  | { readonly grant: 'known'; readonly problem: string | undefined }

/** So that whoever pressed a button hears at once that it was for nothing. Rejects when the store cannot be reached. */
export function foresee(options: ForeseeOptions): (id: GrantId, vote: Vote) => Promise<Foreseen> {
  const { find, people, peopleSeen, clock } = options
  return async (id, vote) => {
    const grant = await find(id)
    if (grant === undefined) return { grant: 'unknown' }
    const groups = await groupsNow(grant, [vote.by], people, peopleSeen)
    const cast = castVote(grant, vote, { people, groupsNow: groups }, clock())
    if (!cast.ok) return { grant: 'known', problem: voteProblemWords(cast.error) }
    const counts = hasVote({ ...grant, events: [...grant.events, ...cast.value] }, vote.id)
    return { grant: 'known', problem: counts ? undefined : EXPIRED }
  }
}

const EXPIRED = voteProblemWords({ problem: 'over', state: 'expired' })
