import { unreachable } from '../kernel/unreachable.ts'
import type { Decision, DeniedUse } from '../policy/decision.ts'
import type { CallFacts } from '../recording/entry.ts'

/** Why policy does not let the caller do this, and what to change: never which rule, nor what it says. */
export function denialWords(
  decision: Extract<Decision, { effect: 'deny' }>,
  facts: Pick<CallFacts, 'tables' | 'targets'>,
): string {
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
      return `a masked column may be selected, but not decide what is answered or whether the query fails; ${list(decision.uses, facts)}`
    case 'unmasked-target':
      return `masked data may be written only where it stays masked; ${list(decision.uses, facts)}`
    case 'justification-missing':
      return 'this needs a justification: send the header `sluice-justification` or the job label `sluice_justification`'
    default:
      return unreachable(decision.reason)
  }
}

/** More than these help nobody, and a statement can have thousands. */
const MOST_USES = 5

function list(
  uses: readonly DeniedUse[] = [],
  facts: Pick<CallFacts, 'tables' | 'targets'>,
): string {
  const said = [...new Set(uses.map((use) => `${named(use.column, facts)}: ${advice(use)}`))]
  const more = said.length - MOST_USES
  return `${said.slice(0, MOST_USES).join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}

/** A column in words that tell no more than the statement did: of a view, not what lies under it. */
function named(column: string, { tables, targets }: Pick<CallFacts, 'tables' | 'targets'>): string {
  const names = [...new Set([...targets, ...tables])]
  const lower = column.toLowerCase()
  if (names.some((name) => lower.startsWith(`${name.toLowerCase()}.`))) return `\`${column}\``
  return names.length === 1
    ? `a masked column of \`${names[0]}\``
    : 'a masked column of a view or wildcard table'
}

/** What an agent has to change. */
function advice({ use, by }: DeniedUse): string {
  switch (use) {
    case 'failure':
      return failureAdvice(by)
    case 'filter':
      return 'it is in a filter; select it without filtering on it'
    case 'group':
      return 'it is in GROUP BY or DISTINCT; group by another column'
    case 'join':
      return 'it is in a join; join on another column'
    case 'limit':
      return 'it is in LIMIT; write a number'
    case 'order':
      return 'it is in ORDER BY; order by another column'
    case 'set-operation':
      return 'a set operation compares it; use UNION ALL'
    case 'window':
      return 'it is in a window; partition and order by other columns'
    case 'write':
      return 'leave it out'
    default:
      return unreachable(use)
  }
}

/** What cannot fail in the place of what can. */
const SAFE: Readonly<Record<string, string>> = {
  CAST: 'SAFE_CAST',
  ADD: 'SAFE_ADD',
  SUBTRACT: 'SAFE_SUBTRACT',
  MULTIPLY: 'SAFE_MULTIPLY',
  DIVIDE: 'SAFE_DIVIDE',
  DIV: 'SAFE_DIVIDE',
  UNARY_MINUS: 'SAFE_NEGATE',
}

function failureAdvice(by: string | undefined): string {
  if (by === undefined) return 'what is computed from it may fail; select it as it is'
  const safe = SAFE[by.toUpperCase()]
  if (safe !== undefined) return `${by} may fail on it; use ${safe}`
  return /^\w+$/.test(by)
    ? `${by} may fail on it; use SAFE.${by} if there is that, or select the column as it is`
    : `the query may fail on it (${by}); select the column as it is`
}
