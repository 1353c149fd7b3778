import type { Decision } from './decision.ts'
import { evaluate, evaluateByName } from './evaluate.ts'
import type { TouchedColumns } from './governed-columns.ts'
import { unknownFields } from './needs.ts'
import type { Facts, Policy, Rule } from './policy.ts'

/**
 * The denial that what is known of a statement is enough for, whatever its estimate turns out to be, and without
 * `touched` its columns and routines; undefined when it may yet be permitted. What is denied here needs no look at
 * a schema and no dry run.
 */
export function sureDenial(
  policy: Policy,
  facts: Facts,
  touched?: TouchedColumns,
): Extract<Decision, { effect: 'deny' }> | undefined {
  const unknown = unknownFields({
    columns: touched !== undefined,
    estimatedBytes: facts.query.estimatedBytes !== undefined,
  })
  const isOpen = (rule: Rule): boolean => unknown.some((field) => rule.mentions.has(field))
  const rules = policy.rules
    .filter((rule) => rule.effect !== 'deny' || !isOpen(rule))
    .map((rule) => (isOpen(rule) ? hopeful(rule) : rule))
  const hoped = { ...policy, rules }
  const decision =
    touched === undefined ? evaluateByName(hoped, facts) : evaluate(hoped, facts, touched)
  if (decision.effect !== 'deny') return undefined
  const open = new Set(policy.rules.filter(isOpen).map(({ id }) => id))
  return { ...decision, rules: decision.rules.filter((id) => !open.has(id)) }
}

/** A rule that may match; what it demands is asked for when it does. */
const hopeful = (rule: Rule): Rule => ({ ...rule, when: () => true, needsJustification: false })
