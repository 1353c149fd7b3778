import { principalKey } from '../identity/principal.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Grant, GrantEvent } from './grant.ts'
import { isOpen } from './hours.ts'
import { standingOf } from './standing.ts'

/** Why a grant is not started, or not ended, by whoever wants to. */
type StartProblem =
  /** Nobody has approved it yet. */
  | { readonly problem: 'not-approved' }
  /** Nothing may start any more. */
  | { readonly problem: 'over' }
  /** What was approved had to start before. */
  | { readonly problem: 'too-late' }
  /** What was approved may start at other hours only. */
  | { readonly problem: 'closed' }
  /** Somebody else claimed the start, and has not said yet how it went. */
  | { readonly problem: 'being-started' }
  | { readonly problem: 'started-already' }
  /** Nobody claimed the start. */
  | { readonly problem: 'not-claimed' }
  | { readonly problem: 'not-yours' }

type Events = Result<readonly GrantEvent[], StartProblem>

/** After so long whoever claimed a start is taken for dead. Claiming it again is safe: BigQuery takes a job id once. */
export const CLAIM_MS = 60_000

/**
 * What time does to a grant: nobody decided, what was approved did not start, or the time box is over. Not while
 * somebody starts it: whether it runs is then to be found out first.
 */
export function expire(grant: Grant, at: number): readonly GrantEvent[] {
  const { state, until, isStarting } = standingOf(grant)
  const isDue =
    (state === 'approval-awaited' && at >= grant.expiresAt) ||
    (state === 'active' && until !== undefined && at >= until && !isStarting)
  return isDue ? [{ type: 'expired', at }] : []
}

/** The requester, `owner` (a `principalKey`), takes it back; not any more once it starts. */
export function cancel(grant: Grant, owner: string, at: number): Events {
  if (principalKey(grant.request.principal) !== owner) return err({ problem: 'not-yours' })
  const expired = expire(grant, at)
  if (expired.length > 0) return ok(expired)
  const { final, hasStarted, isStarting } = standingOf(grant)
  if (final !== undefined) return final.type === 'cancelled' ? ok([]) : err({ problem: 'over' })
  if (hasStarted) return err({ problem: 'started-already' })
  return isStarting ? err({ problem: 'being-started' }) : ok([{ type: 'cancelled', at }])
}

/** Whoever adds the event that this is starts what was approved, and nobody else does. */
export function claimStart(grant: Grant, at: number): Events {
  const { state, final, until, hasStarted, isStarting, claimedAt = 0 } = standingOf(grant)
  if (final !== undefined) return err({ problem: 'over' })
  if (hasStarted) return err({ problem: 'started-already' })
  if (state !== 'active' || until === undefined) return err({ problem: 'not-approved' })
  if (isStarting && at < claimedAt + CLAIM_MS) return err({ problem: 'being-started' })
  if (at >= until) return err({ problem: 'too-late' })
  return isWithinHours(grant, at) ? ok([{ type: 'starting', at }]) : err({ problem: 'closed' })
}

/**
 * What was claimed has started. Also once it was revoked meanwhile: then it runs, and is to be stopped.
 */
export function confirmStart(grant: Grant, at: number): Events {
  const { hasStarted, isStarting } = standingOf(grant)
  if (hasStarted) return ok([])
  return isStarting ? ok([{ type: 'started', at }]) : err({ problem: 'not-claimed' })
}

/**
 * What was approved does not start. `claim` is `claimedAt` for who claimed the start and found that nothing runs,
 * undefined for who did not claim it: nobody ends what somebody else is just starting.
 */
export function endUnstarted(
  grant: Grant,
  { reason, claim }: { readonly reason: string; readonly claim: number | undefined },
  at: number,
): Events {
  const { state, final, hasStarted, isStarting, claimedAt } = standingOf(grant)
  if (hasStarted) return err({ problem: 'started-already' })
  if (isStarting && claim !== claimedAt) return err({ problem: 'being-started' })
  if (!isStarting && final !== undefined)
    return final.type === 'not-started' ? ok([]) : err({ problem: 'over' })
  if (state === 'approval-awaited') return err({ problem: 'not-approved' })
  return ok([{ type: 'not-started', at, reason }])
}

/** Whether what was approved may start now, as far as the hours of all who approve it go. */
export function isWithinHours({ terms }: Pick<Grant, 'terms'>, at: number): boolean {
  return terms.every(({ hours }) => hours === undefined || isOpen(hours, at))
}
