import type { Decision } from './decision.ts'
import { evaluateByName } from './evaluate.ts'
import { unknownFields } from './needs.ts'
import type { Facts, Policy, Rule } from './policy.ts'

/**
 * The denial that the names in a statement are enough for, whatever its columns, its routines and its estimate
 * turn out to be; undefined when it may yet be permitted. What is denied here needs no look at a schema.
 */
export function sureDenial(
  policy: Policy,
  facts: Facts,
): Extract<Decision, { effect: 'deny' }> | undefined {
  const unknown = unknownFields({
    columns: false,
    estimatedBytes: facts.query.estimatedBytes !== undefined,
  })
  const isOpen = (rule: Rule): boolean => unknown.some((field) => rule.mentions.has(field))
  const rules = policy.rules
    .filter((rule) => rule.effect !== 'deny' || !isOpen(rule))
    .map((rule) => (isOpen(rule) ? hopeful(rule) : rule))
  const decision = evaluateByName({ ...policy, rules }, facts)
  if (decision.effect !== 'deny') return undefined
  const open = new Set(policy.rules.filter(isOpen).map(({ id }) => id))
  return { ...decision, rules: decision.rules.filter((id) => !open.has(id)) }
}

/** A rule that may match; what it demands is asked for when it does. */
const hopeful = (rule: Rule): Rule => ({ ...rule, when: () => true, needsJustification: false })
