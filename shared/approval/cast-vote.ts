import { principalKey } from '../identity/principal.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { type Electorate, isApproved } from './counted-votes.ts'
import { voteProblem } from './eligible.ts'
import type { Grant, GrantEvent, Vote } from './grant.ts'
import { type Voted, latestVotes } from './latest-votes.ts'
import { samePerson } from './same-person.ts'
import { standingOf } from './standing.ts'
import { isSound, boxOf } from './time-box.ts'
import { expire } from './transitions.ts'
import type { VoteProblem } from './vote-problem.ts'

/**
 * What a vote makes of a grant. A vote that it has makes nothing of it; when time is up, it expires, and the vote is
 * not in it (`hasVote`).
 */
export function castVote(
  grant: Grant,
  vote: Vote,
  electorate: Electorate,
  at: number,
): Result<readonly GrantEvent[], VoteProblem> {
  if (hasVote(grant, vote.id)) return ok([])
  const expired = expire(grant, at)
  if (expired.length > 0) return ok(expired)
  const problem = standingProblem(grant, vote) ?? voteProblem(grant, vote, electorate.people, at)
  if (problem !== undefined) return err(problem)
  return vote.verdict === 'deny' ? refuse(grant, vote, at) : agree(grant, vote, electorate, at)
}

/** Whether this vote was counted. */
export function hasVote({ events }: Grant, id: string): boolean {
  return events.some((event) => event.type === 'voted' && event.vote.id === id)
}

function standingProblem(grant: Grant, { verdict }: Vote): VoteProblem | undefined {
  const { state, final, brokeGlass } = standingOf(grant)
  switch (state) {
    case 'approval-awaited':
      return undefined
    case 'active':
      return verdict === 'deny' ? undefined : { problem: 'approved-already' }
    case 'ended':
      // What runs can be stopped.
      if (final === undefined && verdict === 'deny') return undefined
      return final === undefined && brokeGlass === undefined
        ? { problem: 'approved-already' }
        : { problem: 'over', state }
    case 'denied':
    case 'expired':
    case 'revoked':
      return { problem: 'over', state }
  }
}

function refuse(grant: Grant, vote: Vote, at: number): Result<readonly GrantEvent[], VoteProblem> {
  if (vote.reason.trim() === '') return err({ problem: 'reason-missing' })
  // A no is final before a yes, and takes one back.
  const type = standingOf(grant).state === 'approval-awaited' ? 'denied' : 'revoked'
  return ok([
    { type: 'voted', at, vote },
    { type, at, by: vote.by, reason: vote.reason },
  ])
}

function agree(
  grant: Grant,
  vote: Vote,
  { people, groupsNow }: Electorate,
  at: number,
): Result<readonly GrantEvent[], VoteProblem> {
  if (vote.box !== undefined && !isSound(vote.box)) return err({ problem: 'box-invalid' })
  const before = latestVotes(grant.events)
  if (before.some((one) => samePerson(people, one.vote.by, vote.by)))
    return err({ problem: 'voted-already' })
  const voted: Voted = { type: 'voted', at, vote }
  const votes = [...before, voted]
  const electorate = {
    people,
    // Their own groups are as of this vote, unless somebody knows better.
    groupsNow: (voter: Vote['by']) =>
      groupsNow(voter) ??
      (principalKey(voter) === principalKey(vote.by) ? voter.groups : undefined),
  }
  if (!isApproved(grant, votes, electorate, at)) return ok([voted])
  const { box, forMs } = boxOf(grant, votes)
  return ok([voted, { type: 'approved', at, until: at + forMs, box }])
}
