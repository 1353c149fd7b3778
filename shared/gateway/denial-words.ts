import type { ColumnUse } from '../analysis/lineage.ts'
import { unreachable } from '../kernel/unreachable.ts'
import type { Decision } from '../policy/decision.ts'

/** Why policy does not let the caller do this, and what to change: never which rule, nor what it says. */
export function denialWords(decision: Exclude<Decision, { effect: 'permit' }>): string {
  if (decision.effect === 'require-approval')
    return 'this needs the approval of a person, for which this gateway cannot ask yet'
  switch (decision.reason) {
    case 'no-connection':
      return 'Sluice has no connection for a project that this names'
    case 'no-matching-rule':
      return 'no rule of the policy lets you do this'
    case 'denied-by-rule':
      return 'a rule of the policy forbids this'
    case 'condition-failed':
      return 'a rule of the policy could not be evaluated for this request, so it counts as forbidden'
    case 'oracle':
      return `masked columns may be selected, but not decide what is answered; ${list(decision.uses)}`
    case 'unmasked-target':
      return `masked data may be written only where it stays masked; ${list(decision.uses)}`
    case 'justification-missing':
      return 'this needs a justification: send the header `sluice-justification` or the job label `sluice_justification`'
    default:
      return unreachable(decision.reason)
  }
}

function list(uses: readonly ColumnUse[] = []): string {
  return uses.map(({ column, use, by }) => `\`${column}\` is in ${by ?? use}`).join(', ')
}
