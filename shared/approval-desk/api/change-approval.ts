import type { Grant, GrantEvent, GrantEventType } from '../../approval/grant.ts'
import { standingOf } from '../../approval/standing.ts'
import { review, revoke } from '../../approval/stop.ts'
import { cancel } from '../../approval/transitions.ts'
import { principalKey } from '../../identity/principal.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { recordGrant } from '../../recording/record-grant.ts'
import type { ApprovalsCaller } from './approvals-caller.ts'
import type { ApprovalsPorts } from './approvals-ports.ts'
import { type ApprovalsRefusal, type Outcome, refuse } from './approvals-refusal.ts'
import { findApproval } from './find-approval.ts'
import { mayRevoke, maySee, remarkOf } from './may.ts'
import { stateOf } from './view-of.ts'

/** Takes leave back that people gave, or a request that waits; what runs is then stopped. */
export function revokeApproval(
  ports: ApprovalsPorts,
  caller: ApprovalsCaller,
  id: string,
  { reason }: { readonly reason: string },
): Promise<Outcome> {
  return change(ports, caller, id, {
    mayKnow: mayRevoke,
    leaves: 'revoked',
    made: (grant) => revoke(grant, remarkOf(caller, reason), ports.clock()),
  })
}

/** Closes the review of a broken glass. */
export function reviewApproval(
  ports: ApprovalsPorts,
  caller: ApprovalsCaller,
  id: string,
  { finding }: { readonly finding: string },
): Promise<Outcome> {
  return change(ports, caller, id, {
    mayKnow: maySee,
    leaves: 'reviewed',
    made: (grant) => review(grant, remarkOf(caller, finding), ports.clock()),
  })
}

/** The requester takes the request back, as `jobs.cancel` does. */
export function cancelApproval(
  ports: ApprovalsPorts,
  caller: ApprovalsCaller,
  id: string,
): Promise<Outcome> {
  return change(ports, caller, id, {
    mayKnow: maySee,
    leaves: 'cancelled',
    made: (grant) => {
      const cancelled = cancel(grant, principalKey(caller.principal), ports.clock())
      if (cancelled.ok) return cancelled
      const isOthers = cancelled.error.problem === 'not-yours'
      return err({ problem: isOthers ? 'not-requester' : 'begun-or-over' })
    },
  })
}

interface Change {
  readonly mayKnow: (grant: Grant, caller: ApprovalsCaller) => boolean
  /** The event that is there once it is done. */
  readonly leaves: GrantEventType
  readonly made: (grant: Grant) => Result<readonly GrantEvent[], ApprovalsRefusal>
}

async function change(
  ports: ApprovalsPorts,
  caller: ApprovalsCaller,
  id: string,
  { mayKnow, leaves, made }: Change,
): Promise<Outcome> {
  const found = await findApproval(ports, caller, id, mayKnow)
  if (!found.ok) return found
  const changed = await ports.grants.change(found.value.id, made)
  if (!changed.ok) return refuse(changed.error)
  const recorded = await recordGrant(ports, changed.value, ports.known)
  if (!recorded.ok) return refuse({ problem: 'record-unavailable', cause: recorded.error })
  await ports.settled(recorded.value).catch(ports.onTrouble)
  // Time was faster: it has expired instead.
  const isDone = recorded.value.events.some(({ type }) => type === leaves)
  return isDone
    ? ok({ status: 200, body: stateOf(recorded.value, true) })
    : refuse({ problem: 'over', state: standingOf(recorded.value).state })
}
