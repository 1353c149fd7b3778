import type { Noting } from '../kernel/span.ts'
import type { Decision } from '../policy/decision.ts'

/** Says in a trace what policy said, by which of its rules, and under which edition of it. */
export function noteDecision({ note }: Noting, decision: Decision): void {
  note({
    'sluice.decision': decision.effect,
    'sluice.rules': [...decision.rules],
    'sluice.policy.digest': decision.policyDigest,
    ...(decision.effect === 'deny' ? { 'sluice.deny.reason': decision.reason } : {}),
  })
}
