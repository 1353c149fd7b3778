import type { Asked, Policy, Rule } from './policy.ts'

/** A rule that has a say: it matched, or it restricts and could not be evaluated. */
export interface Match {
  readonly rule: Rule
  readonly verdict: 'match' | 'failed'
}

/** The rules that have a say in what is asked. */
export function matchRules({ rules }: Policy, asked: Asked): readonly Match[] {
  return rules.flatMap((rule) => {
    const verdict = verdictOf(rule, asked)
    return verdict === 'no-match' ? [] : [{ rule, verdict }]
  })
}

/**
 * Whether a rule opens what is asked. A routine reads tables that are not in `query.tables`, so a rule that says
 * nothing of routines opens no query that runs one.
 */
export function opens({ rule, verdict }: Match, asked: Asked): boolean {
  return rule.effect !== 'deny' && verdict === 'match' && !overlooksRoutines(rule, asked)
}

function overlooksRoutines(rule: Rule, { query }: Asked): boolean {
  return query.routines.length > 0 && !rule.mentions.has('routines')
}

function verdictOf(rule: Rule, asked: Asked): Match['verdict'] | 'no-match' {
  // One that asks for approval has its say all the same.
  if (rule.effect === 'permit' && overlooksRoutines(rule, asked)) return 'no-match'
  try {
    return rule.when(asked) ? 'match' : 'no-match'
  } catch {
    // Fail closed: what restricts and cannot be ruled out counts, what opens and cannot be shown does not.
    return rule.effect === 'permit' ? 'no-match' : 'failed'
  }
}
