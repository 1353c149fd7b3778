import type { ColumnView, SeenColumns } from './column-view.ts'
import { columnView } from './column-view.ts'
import type { Decision, DeniedUse, DenyReason, Obligations } from './decision.ts'
import type { TouchedColumns } from './governed-columns.ts'
import { type Match, matchRules, opens } from './match-rules.ts'
import { needsSchemas } from './needs.ts'
import type { Asked, Connection, Facts, Policy } from './policy.ts'

/**
 * The policy decision point. Pure and order-free: a deny beats `require-approval`, which beats a permit; no match is
 * a denial, the strictest obligation wins, and the order of rules and projects changes nothing.
 *
 * Every project the query touches, the billing project first of all, must belong to a connection, also those
 * of routines; the limits of each of them apply.
 *
 * A mask is lifted when the rules that open the query list all tags of its entry under `unmask`. Each of
 * these rules opens the whole query by itself, so one that lifts nothing takes nothing away.
 *
 * Throws when `touched` is left out although policy says something of columns: see `needsSchemas`.
 */
export function evaluate(policy: Policy, facts: Facts, touched?: TouchedColumns): Decision {
  // Fail closed: without lineage nothing would be masked.
  if (touched === undefined && needsSchemas(policy))
    throw new Error('a decision on columns without their lineage')
  return decide(policy, facts, touched && columnView(policy.governance, touched))
}

/**
 * The decision on a query as if it read no column: `SELECT COUNT(*)`. For lists and descriptions, of which
 * no data leaves.
 */
export function evaluateByName(policy: Policy, facts: Facts): Decision {
  return decide(policy, facts, undefined)
}

/** The one connection that queries of this project go through, if policy has any. */
export function connectionOf(policy: Policy, projectId: string): Connection | undefined {
  return policy.connections.find(({ projects }) => projects.some((id) => id === projectId))
}

/** What conditions see. */
export function askedOf(facts: Facts, view: ColumnView | undefined): Asked {
  const routines = [...new Set([...facts.query.routines, ...(view?.routines ?? [])])]
  return { ...facts, query: { ...facts.query, ...(view?.facts ?? NO_COLUMNS), routines } }
}

const NO_COLUMNS = { columns: [], filterColumns: [], tags: [] }
const NOTHING_SEEN: SeenColumns = {
  masks: [],
  oracles: { effect: 'allow', uses: [] },
  governed: false,
}

function decide(policy: Policy, facts: Facts, view: ColumnView | undefined): Decision {
  const asked = askedOf(facts, view)
  const matches = matchRules(policy, asked)
  const rules = matches.map(({ rule }) => rule.id).toSorted()
  const policyDigest = policy.digest
  const deny = (reason: DenyReason, uses?: readonly DeniedUse[]): Decision =>
    uses === undefined
      ? { effect: 'deny', rules, reason, policyDigest }
      : { effect: 'deny', rules, reason, uses, policyDigest }

  const { statementType, justification } = facts.query
  const projects = [...facts.query.projects, ...asked.query.routines.map(projectOf)]
  const connections = projects
    .map((project) => connectionOf(policy, project))
    .filter((connection) => connection !== undefined)
  // Fail closed: no project at all is a caller of ours that forgot to name the billing project.
  if (facts.query.projects.length === 0 || connections.length < projects.length)
    return deny('no-connection')
  const denying = matches.filter(({ rule }) => rule.effect === 'deny')
  if (denying.some(({ verdict }) => verdict === 'match')) return deny('denied-by-rule')
  if (denying.length > 0) return deny('condition-failed')
  const opening = matches.filter((match) => opens(match, asked))
  if (opening.length === 0) return deny('no-matching-rule')

  const unmasked = view?.unmaskedSources(statementType) ?? []
  if (unmasked.length > 0)
    return deny(
      'unmasked-target',
      unmasked.map((column) => ({ column, use: 'write' })),
    )
  const seen = view?.seenBy(liftedBy(opening)) ?? NOTHING_SEEN
  if (seen.oracles.effect === 'deny') return deny('oracle', seen.oracles.uses)
  if (matches.some(({ rule }) => rule.needsJustification) && justification.trim() === '')
    return deny('justification-missing')

  const obligations = obligationsOf(connections, matches, seen)
  const approvals = approvalsOf(policy, matches, seen)
  return approvals.length === 0
    ? { effect: 'permit', rules, obligations, policyDigest }
    : { effect: 'require-approval', rules, obligations, approvals, policyDigest }
}

/** Everything that asks for people's approval asks for its own. */
function approvalsOf(
  { governance }: Policy,
  matches: readonly Match[],
  { oracles }: SeenColumns,
): readonly string[] {
  const asked = [
    ...matches.flatMap(({ rule }) => (rule.effect === 'require-approval' ? [rule.approval] : [])),
    ...(oracles.effect === 'require-approval' ? [governance.oracles.approval] : []),
  ]
  // Fail closed: parsing a policy makes sure that each names one.
  return [...new Set(asked.map((id) => id ?? 'none'))].toSorted()
}

/** The project of a table or routine. */
const projectOf = (name: string): string => name.split('.').slice(0, -2).join('.')

function liftedBy(opening: readonly Match[]): ReadonlySet<string> {
  return new Set(opening.flatMap(({ rule }) => [...rule.unmask]))
}

function obligationsOf(
  connections: readonly Connection[],
  matches: readonly Match[],
  { masks, governed }: SeenColumns,
): Obligations {
  const limits = connections.map((connection) => connection.limits)
  return {
    maximumBytesBilled: strictest([
      ...limits.map((limit) => limit.maximumBytesBilled),
      ...matches.map(({ rule }) => rule.maximumBytesBilled),
    ]),
    jobTimeoutMs: strictest(limits.map((limit) => limit.jobTimeoutMs)),
    maximumRows: strictest(matches.map(({ rule }) => rule.maximumRows)),
    masks,
    governed,
  }
}

function strictest(limits: readonly (number | undefined)[]): number | undefined {
  const known = limits.filter((limit) => limit !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
