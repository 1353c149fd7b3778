import type { Analysis, NameDefaults } from '../analysis/analysis.ts'
import type { BigQueryCall } from '../bigquery/call.ts'
import type { QueryParameter } from '../bigquery/query-parameter.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Decision, Obligations } from '../policy/decision.ts'
import { evaluate } from '../policy/evaluate.ts'
import type { Facts } from '../policy/policy.ts'
import type { CallFacts } from '../recording/entry.ts'
import { type Caller, callerFacts } from './caller.ts'
import type { Ports } from './pipeline.ts'
import type { Refusal } from './refusal.ts'

/** A statement somebody wants run, before anything is known of it. */
export interface Statement {
  readonly callId: string
  readonly sql: string
  readonly defaults: NameDefaults
  readonly parameters: readonly QueryParameter[]
  readonly parameterMode: string | undefined
  /** What the record says of it, as far as it is known. */
  readonly recorded: (known: Known | undefined) => CallFacts
  /** What conditions of the policy see of it. */
  readonly facts: (known: Known) => Facts['query']
  /** The call that would run it. */
  readonly call: (analysis: Analysis, obligations: Obligations) => BigQueryCall
}

/** What is known of a statement. */
export interface Known {
  readonly analysis: Analysis
  /** By BigQuery's dry run; undefined when it was not asked. */
  readonly estimatedBytes: number | undefined
}

/** A statement of which everything is known that policy asks for, and what policy says to it. */
export interface Decided extends Known {
  readonly decision: Decision
}

/** Why nothing can be decided, or why the decision is no. */
export interface Undecided {
  readonly refusal: Refusal
  readonly facts: CallFacts
  readonly decision: Decision | undefined
}

/**
 * Stages 4 and 5 for a statement. Asks as little as it takes: a statement that policy denies by the names in it
 * makes nobody look at a schema, and only one that it would permit is run dry. So a caller learns nothing of
 * tables they may not query, not even from the time it takes.
 */
export async function decideStatement(
  ports: Ports,
  caller: Caller,
  statement: Statement,
): Promise<Result<Decided, Undecided>> {
  const { policy } = caller
  const { sql, defaults } = statement
  const named = await ports.analyze(sql, defaults)
  if (!named.ok) return undecided(named.error, statement)
  const decide = (known: Known): Decision =>
    evaluate(policy, { ...callerFacts(caller), query: statement.facts(known) })
  const byName = { analysis: named.value, estimatedBytes: undefined }
  const first = decide(byName)
  return ok({ ...byName, decision: first })
}

function undecided(
  refusal: Refusal,
  statement: Statement,
  known?: Known,
  decision?: Decision,
): Result<never, Undecided> {
  return err({ refusal, facts: statement.recorded(known), decision })
}
