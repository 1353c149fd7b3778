import { castVote, hasVote } from '../approval/cast-vote.ts'
import type { Grant } from '../approval/grant.ts'
import type { Receive, VoteCast } from '../approval/messages.ts'
import { standingOf } from '../approval/standing.ts'
import type { VoteProblem } from '../approval/vote-problem.ts'
import { err } from '../kernel/result.ts'
import { recordRefusedVote } from '../recording/record-refused-vote.ts'
import type { Desk } from './desk.ts'
import { followUp } from './follow-up.ts'
import { groupsNow } from './groups-now.ts'

/**
 * Settles votes, whichever way they came: each counts once, however often and in whatever order they are
 * delivered, and what follows from them is done. Rejects when something is left to do: deliver it again.
 */
export function voteResolver(desk: Desk): Receive<VoteCast> {
  return async (cast) => {
    const refusal = await count(desk, cast)
    if (refusal !== undefined) {
      const recorded = await recordRefusedVote(desk, refusal.grant, cast.vote, refusal.problem)
      if (!recorded.ok) throw new Error(`not recorded: ${recorded.error.problem}`)
    }
    // Also after a vote that does not count: another one may have been left half done.
    const grant = await followUp(desk, cast.grant)
    // Whoever is asked as well sees who has voted so far.
    if (refusal === undefined && standingOf(grant).state === 'approval-awaited')
      await desk.announce.settled(grant)
  }
}

/** Counts a vote; the problem when it does not count. */
async function count(
  desk: Desk,
  { grant: id, vote }: VoteCast,
): Promise<{ readonly grant: Grant; readonly problem: string } | undefined> {
  const { people } = desk.policy
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- again when somebody voted in between
    const before = await desk.grants.find(id)
    // It may be on its way: the vote was faster.
    if (before === undefined) throw new Error(`no grant \`${id}\` yet`)
    // oxlint-disable-next-line no-await-in-loop
    const groups = await groupsNow(before, [vote.by], people, desk.peopleSeen)
    // oxlint-disable-next-line no-await-in-loop
    const changed = await desk.grants.change<VoteProblem | typeof LOOK_AGAIN>(id, (grant) =>
      grant.events.length === before.events.length
        ? castVote(grant, vote, { people, groupsNow: groups }, desk.clock())
        : err(LOOK_AGAIN),
    )
    if (changed.ok)
      return hasVote(changed.value, vote.id)
        ? undefined
        : { grant: changed.value, problem: 'expired' }
    const { problem } = changed.error
    if (problem !== 'look-again') return { grant: before, problem }
  }
}

const LOOK_AGAIN = { problem: 'look-again' } as const
