import type { Decision, DenyReason } from './decision.ts'
import type { Connection, Facts, Policy, Rule } from './policy.ts'

/**
 * The policy decision point. Pure and order-free: a deny beats every permit, no match is a denial,
 * the strictest obligation wins, and the order of rules and projects changes nothing.
 *
 * Every project the query touches, the billing project first of all, must belong to a connection;
 * the limits of each of them apply.
 */
export function evaluate(policy: Policy, facts: Facts): Decision {
  const verdicts = policy.rules.map((rule) => ({ rule, verdict: verdictOf(rule, facts) }))
  const matched = verdicts.filter(({ verdict }) => verdict !== 'no-match')
  const rules = matched.map(({ rule }) => rule.id).toSorted()
  const policyDigest = policy.digest
  const deny = (reason: DenyReason): Decision => ({ effect: 'deny', rules, reason, policyDigest })

  const { projects } = facts.query
  const connections = projects
    .map((project) => connectionOf(policy, project))
    .filter((connection) => connection !== undefined)
  // Fail closed: no project at all is a caller of ours that forgot to name the billing project.
  if (projects.length === 0 || connections.length < projects.length) return deny('no-connection')
  const denying = matched.filter(({ rule }) => rule.effect === 'deny')
  if (denying.some(({ verdict }) => verdict === 'match')) return deny('denied-by-rule')
  if (denying.length > 0) return deny('condition-failed')
  if (matched.length === 0) return deny('no-matching-rule')

  const limits = connections.map((connection) => connection.limits)
  return {
    effect: 'permit',
    rules,
    obligations: {
      maximumBytesBilled: strictest([
        ...limits.map((limit) => limit.maximumBytesBilled),
        ...matched.map(({ rule }) => rule.maximumBytesBilled),
      ]),
      jobTimeoutMs: strictest(limits.map((limit) => limit.jobTimeoutMs)),
      maximumRows: undefined,
      masks: [],
      governed: false,
    },
    policyDigest,
  }
}

/** The one connection that queries of this project go through, if policy has any. */
export function connectionOf(policy: Policy, projectId: string): Connection | undefined {
  return policy.connections.find(({ projects }) => projects.some((id) => id === projectId))
}

type Verdict = 'match' | 'no-match' | 'failed'

function verdictOf(rule: Rule, facts: Facts): Verdict {
  try {
    return rule.when(facts) ? 'match' : 'no-match'
  } catch {
    // Fail closed: a deny that cannot be ruled out counts, a permit that cannot be shown does not.
    return rule.effect === 'deny' ? 'failed' : 'no-match'
  }
}

function strictest(limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
