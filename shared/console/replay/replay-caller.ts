import type { Caller } from '../../gateway/caller.ts'
import { restoredPrincipal } from '../../identity/restored-principal.ts'
import type { Policy } from '../../policy/policy.ts'
import type { RequestEntry } from '../../recording/entry.ts'
import type { RecordedPrincipal } from '../../recording/envelope.ts'
import { openSession } from '../../session/open-session.ts'

/** A replay under way. */
export interface Replay {
  readonly id: string
  readonly by: RecordedPrincipal
  readonly policy: Policy
  readonly at: number
  /** Fires when it has taken too long. */
  readonly signal: AbortSignal
}

/**
 * Whoever asked for a call, as the policy in force now sees them, in a session of its own that says it is a replay. Their
 * allowance is theirs: a replay takes nothing of it.
 */
export function replayCaller(
  { id, by, policy, at, signal }: Replay,
  asked: RequestEntry,
  justification: string | undefined,
): Caller {
  const principal = restoredPrincipal(asked.principal)
  const facts = {
    sourceAddress: undefined,
    userAgent: 'sluice-replay',
    apiClient: undefined,
    sessionName: `replay-${id}`,
    labels: {},
  }
  return {
    principal,
    // Nobody was connected from where the original came.
    session: openSession(principal, facts),
    policy: { ...policy, limits: { everybody: {}, groups: new Map() } },
    facts: { ...facts, sourceAddress: asked.session.verified.sourceAddress, justification },
    at,
    signal,
    replay: { of: asked.call, by },
  }
}
