import { setTimeout as wait } from 'node:timers/promises'

import { castVote, hasVote } from '../../approval/cast-vote.ts'
import type { Grant, Vote } from '../../approval/grant.ts'
import { ok } from '../../kernel/result.ts'
import { newCallId } from '../../recording/call-id.ts'
import { recordGrant } from '../../recording/record-grant.ts'
import { formatBytes } from '../bytes-and-cost.ts'
import { groupsNow } from '../groups-now.ts'
import type { VoteBody } from './approvals-bodies.ts'
import type { ApprovalsCaller } from './approvals-caller.ts'
import type { ApprovalsPorts } from './approvals-ports.ts'
import { type ApprovalsRefusal, type Outcome, refuse } from './approvals-refusal.ts'
import { findApproval } from './find-approval.ts'
import { hasRole } from './has-role.ts'
import { maySee, voterOf } from './may.ts'
import { stateOf } from './view-of.ts'

/** Between looks for what became of a vote: some seconds in all. */
const PAUSES_MS = [50, 100, 200, 300, 500, 800, 1_000]

/**
 * Passes somebody's vote on to the resolver, and says what became of it, or that it is on its way. What cannot count is
 * refused at once, and on the record; the resolver decides again.
 */
export async function castApiVote(
  ports: ApprovalsPorts,
  caller: ApprovalsCaller,
  id: string,
  body: VoteBody,
): Promise<Outcome> {
  const found = await findApproval(ports, caller, id, maySee)
  if (!found.ok) return found
  const grant = found.value
  const vote = voteOf(caller, newCallId(ports.random), body)
  const problem = (await problemOf(ports, caller, grant, vote)) ?? boxProblem(grant, vote)
  if (problem !== undefined) return refuse(problem, { grant, vote })
  try {
    await ports.publish({
      type: 'dev.sluice.approval.vote',
      id: vote.id,
      at: caller.at,
      grant: grant.id,
      vote,
    })
  } catch (cause) {
    return refuse({ problem: 'queue-unavailable', cause })
  }
  return outcomeOf(ports, grant, vote)
}

function voteOf({ principal }: ApprovalsCaller, id: string, body: VoteBody): Vote {
  const { verdict, reason, digest, box } = body
  return {
    id,
    by: voterOf(principal),
    verdict,
    reason,
    digest,
    box: box && { durationMs: box.duration, maximumBytes: box.maximumBytes },
  }
}

/** Why the vote would not count, by what is known now. */
async function problemOf(
  { peopleSeen }: ApprovalsPorts,
  caller: ApprovalsCaller,
  grant: Grant,
  vote: Vote,
): Promise<ApprovalsRefusal | undefined> {
  const { people } = caller.policy
  const groups = await groupsNow(grant, [vote.by], people, peopleSeen)
  const cast = castVote(grant, vote, { people, groupsNow: groups }, caller.at)
  if (!cast.ok) return cast.error
  // The grant has the terms of when it was asked for; who is an approver, the policy says now.
  return hasRole(caller, 'approver') ? undefined : { problem: 'no-approver' }
}

/** Nobody shall think that they granted more than they did. */
function boxProblem({ terms }: Grant, { box, verdict }: Vote): ApprovalsRefusal | undefined {
  if (box === undefined) return undefined
  if (verdict === 'deny') return { problem: 'malformed', message: 'a no has no time box' }
  const caps = terms.flatMap(({ timeBox }) => timeBox ?? [])
  if (caps.length < terms.length) return { problem: 'box-too-large', most: 'the query at hand' }
  const longestMs = Math.min(...caps.map((cap) => cap.longestMs))
  const maximumBytes = Math.min(...caps.map((cap) => cap.maximumBytes))
  return box.durationMs > longestMs || box.maximumBytes > maximumBytes
    ? {
        problem: 'box-too-large',
        most: `${longestMs / 60_000} minutes and ${formatBytes(maximumBytes)}`,
      }
    : undefined
}

async function outcomeOf(ports: ApprovalsPorts, grant: Grant, vote: Vote): Promise<Outcome> {
  for (const pause of PAUSES_MS) {
    // oxlint-disable-next-line no-await-in-loop -- look after look
    const outcome = await look(ports, grant, vote)
    if (outcome !== undefined) return outcome
    // oxlint-disable-next-line no-await-in-loop
    await (ports.sleep ?? wait)(pause)
  }
  return (await look(ports, grant, vote)) ?? ok({ status: 202, body: stateOf(grant, false) })
}

async function look(
  ports: ApprovalsPorts,
  before: Grant,
  vote: Vote,
): Promise<Outcome | undefined> {
  const grant = (await ports.grants.find(before.id)) ?? before
  if (hasVote(grant, vote.id)) {
    const recorded = await recordGrant(ports, grant, ports.known)
    return recorded.ok ? ok({ status: 200, body: stateOf(recorded.value, true) }) : undefined
  }
  const refused = await ports.entries.get(`${grant.call}~vote~${vote.id}`)
  return refused?.entry.type === 'refused-vote'
    ? refuse({ problem: 'vote-refused', why: refused.entry.problem })
    : undefined
}
