import type { Grant, GrantId } from '../../approval/grant.ts'
import { standingOf } from '../../approval/standing.ts'
import { expire } from '../../approval/transitions.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { type RecordedGrant, recordGrant } from '../../recording/record-grant.ts'
import { lookUp } from '../own-jobs.ts'
import { pause } from '../pause.ts'
import type { Ports } from '../ports.ts'
import { causeOf } from '../recording-refusal.ts'
import type { Refusal } from '../refusal.ts'

/** How a held query stands: people are asked or it is about to start, or it runs. */
export interface HeldState {
  readonly state: 'waiting' | 'running'
  readonly grant: RecordedGrant
}

/** A call, and the grant by which it has leave or waits for it. */
export interface HeldCall {
  readonly grant: GrantId
  readonly call: string
}

/** Between two looks: a decision is noticed at once, and a wait of hours is not thousands of reads. */
const FIRST_LOOK_MS = 150
const LONGEST_LOOK_MS = 1_000

/**
 * Waits until a held query runs, at most until `until` (epoch milliseconds) or until the caller goes. The
 * refusal says why it never will. What is due to expire expires here, whoever looks.
 */
export async function awaitDecision(
  ports: Ports,
  job: HeldCall,
  { until, signal }: { readonly until: number; readonly signal: AbortSignal },
): Promise<Result<HeldState, Refusal>> {
  for (let ms = FIRST_LOOK_MS; ; ms = Math.min(ms * 1.5, LONGEST_LOOK_MS)) {
    // oxlint-disable-next-line no-await-in-loop -- each look waits for the one before
    const state = await heldState(ports, job)
    if (!state.ok || state.value.state === 'running') return state
    const left = until - ports.clock()
    // oxlint-disable-next-line no-await-in-loop
    if (left <= 0 || !(await pause(Math.min(ms, left), signal))) return state
  }
}

/** How a held query stands right now. One that ran under somebody's time box runs until that is revoked. */
export async function heldState(
  ports: Ports,
  { grant: id, call }: HeldCall,
): Promise<Result<HeldState, Refusal>> {
  const found = await lookUp(() => current(ports, id))
  if (!found.ok) return found
  const grant = found.value
  if (grant === undefined) return err({ problem: 'not-approved', grant: undefined })
  const recorded = await recordGrant(ports, grant, ports.memory.grants)
  if (!recorded.ok) return err({ problem: 'record-unavailable', cause: causeOf(recorded.error) })
  const { state, hasStarted } = standingOf(grant)
  if (grant.call !== call && state !== 'revoked')
    return ok({ state: 'running', grant: recorded.value })
  switch (state) {
    case 'approval-awaited':
      return ok({ state: 'waiting', grant: recorded.value })
    case 'active':
    case 'ended':
      if (hasStarted) return ok({ state: 'running', grant: recorded.value })
      return state === 'active'
        ? ok({ state: 'waiting', grant: recorded.value })
        : err({ problem: 'not-approved', grant })
    case 'expired':
      // Of a time box only the leave for other queries has expired.
      return hasStarted
        ? ok({ state: 'running', grant: recorded.value })
        : err({ problem: 'not-approved', grant })
    case 'denied':
    case 'revoked':
      return err({ problem: 'not-approved', grant })
  }
}

async function current(ports: Ports, id: GrantId): Promise<Grant | undefined> {
  const grant = await ports.grants.find(id)
  if (grant === undefined) return undefined
  const at = ports.clock()
  if (expire(grant, at).length === 0) return grant
  const changed = await ports.grants.change(id, (now) => ok(expire(now, at)))
  return changed.ok ? changed.value : grant
}
