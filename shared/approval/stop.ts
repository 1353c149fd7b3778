import { type Result, err, ok } from '../kernel/result.ts'
import type { KnownPerson } from '../policy/approval-terms.ts'
import { conflictOf, isMachine, stopProblem } from './eligible.ts'
import type { Grant, GrantEvent, Voter } from './grant.ts'
import { standingOf } from './standing.ts'
import { expire } from './transitions.ts'
import type { VoteProblem } from './vote-problem.ts'

/** Somebody who looks after a grant, and what they say of it. */
export interface Remark {
  readonly by: Voter
  /** Whether policy lets them look after all grants. */
  readonly isAdmin: boolean
  /** Why they revoke it, or what their review found. */
  readonly text: string
  /** The policy's. */
  readonly people: readonly KnownPerson[]
}

type Events = Result<readonly GrantEvent[], VoteProblem>

/**
 * Takes a grant back, whatever it waits for, at any hour; what runs is then to be stopped. Whoever might have voted
 * on it may, and a policy-admin.
 */
export function revoke(grant: Grant, { by, isAdmin, text, people }: Remark, at: number): Events {
  const expired = expire(grant, at)
  if (expired.length > 0) return ok(expired)
  const { state, final } = standingOf(grant)
  if (final !== undefined) return err({ problem: 'over', state })
  const problem = isAdmin ? agentProblem(by) : stopProblem(grant, by, people, at)
  if (problem !== undefined) return err(problem)
  if (text.trim() === '') return err({ problem: 'reason-missing' })
  return ok([{ type: 'revoked', at, by, reason: text }])
}

/**
 * Closes the review of a broken glass. Never by whoever broke it, nor by a machine: by somebody who might have
 * approved it, or a policy-admin.
 */
export function review(grant: Grant, { by, isAdmin, text, people }: Remark, at: number): Events {
  if (!standingOf(grant).reviewOpen) return err({ problem: 'nothing-to-review' })
  const problem =
    conflictOf(grant, by, people) ??
    (isMachine(by) ? { problem: 'machine' } : undefined) ??
    (isAdmin ? undefined : stopProblem(grant, by, people, at))
  if (problem !== undefined) return err(problem)
  if (text.trim() === '') return err({ problem: 'reason-missing' })
  return ok([{ type: 'reviewed', at, by, finding: text }])
}

function agentProblem({ actors }: Voter): VoteProblem | undefined {
  return actors.length > 0 ? { problem: 'agent' } : undefined
}
