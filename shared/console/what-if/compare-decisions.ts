import type { Decision } from '../../policy/decision.ts'
import type { OutputMask } from '../../policy/mask.ts'
import { isAsStrict } from '../../policy/strictest-mask.ts'
import type { WhatIfReport } from '../views/policy-view.ts'

/** What becomes of a call under another policy. */
export type Change = Exclude<WhatIfReport['changes'][number]['change'], 'not-compared'>

/**
 * How two decisions on the same call differ. Whatever lets somebody see or do more is named before what takes something
 * away, except that nobody sees more of what is denied. A call that was denied and would be held is newly held: nothing is
 * let out until people say so. Limits are not compared.
 */
export function compareDecisions(before: Decision, after: Decision): Change {
  if (after.effect === 'deny') return before.effect === 'deny' ? 'same' : 'newly-denied'
  if (before.effect === 'deny') return after.effect === 'permit' ? 'let-out' : 'newly-held'
  const masked = { before: before.obligations.masks, after: after.obligations.masks }
  const asked = { before: approvalsOf(before), after: approvalsOf(after) }
  if (!isCovered(masked.before, masked.after) || hasMore(asked.before, asked.after))
    return 'let-out'
  if (hasMore(asked.after, asked.before)) return 'newly-held'
  return isCovered(masked.after, masked.before) ? 'same' : 'newly-masked'
}

/** Whether everything that `masks` hide is hidden by `others`. */
function isCovered(masks: readonly OutputMask[], others: readonly OutputMask[]): boolean {
  return masks.every(({ path, mask }) =>
    others.some((other) => isWithin(path, other.path) && isAsStrict(other.mask, mask)),
  )
}

/** Whether a path ends at another one, or below it: a mask on a STRUCT hides its fields. */
function isWithin(path: readonly number[], outer: readonly number[]): boolean {
  return outer.every((step, index) => path[index] === step)
}

function hasMore(some: readonly string[], others: readonly string[]): boolean {
  return some.some((each) => !others.includes(each))
}

/** Being held counts, whoever has to approve it. */
function approvalsOf(decision: Exclude<Decision, { effect: 'deny' }>): readonly string[] {
  return decision.effect === 'permit' ? [] : decision.approvals
}
