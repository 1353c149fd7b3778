import type { ApprovalTerms } from './approval-terms.ts'
import type { Decision } from './decision.ts'
import type { Policy } from './policy.ts'

/** How people approve what was decided, in the order of `decision.approvals`. Throws for an id that policy does not have. */
export function termsOf(
  { approvals }: Pick<Policy, 'approvals'>,
  decision: Pick<Extract<Decision, { effect: 'require-approval' }>, 'approvals'>,
): readonly ApprovalTerms[] {
  return decision.approvals.map((id) => {
    const terms = approvals.get(id)
    // Fail closed: a decision by another policy, or one that parsing should have refused.
    if (terms === undefined) throw new Error(`the policy has no approval \`${id}\``)
    return terms
  })
}
