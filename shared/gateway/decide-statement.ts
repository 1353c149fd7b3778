import type { Analysis, NameDefaults } from '../analysis/analysis.ts'
import type { BigQueryCall } from '../bigquery/call.ts'
import type { QueryParameter } from '../bigquery/query-parameter.ts'
import { type TableReference, formatTable, tableReference } from '../bigquery/reference.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { inSpan } from '../kernel/span.ts'
import { columnView } from '../policy/column-view.ts'
import type { Decision, Obligations } from '../policy/decision.ts'
import { evaluate, evaluateByName } from '../policy/evaluate.ts'
import type { TouchedColumns } from '../policy/governed-columns.ts'
import { needsEstimate, needsSchemas } from '../policy/needs.ts'
import type { Facts, Policy } from '../policy/policy.ts'
import { sureDenial } from '../policy/sure-denial.ts'
import type { CallFacts } from '../recording/entry.ts'
import { type Decidable, callerFacts } from './caller.ts'
import { noteDecision } from './note-decision.ts'
import { lookUp } from './own-jobs.ts'
import type { Ports } from './ports.ts'
import type { Refusal } from './refusal.ts'
import { runDry } from './run-dry.ts'
import { type OwnQuestions, questionsFor, whileAsking } from './schemas.ts'

/** A statement somebody wants run, before anything is known of it. */
export interface Statement {
  readonly callId: string
  readonly sql: string
  readonly defaults: NameDefaults
  readonly parameters: readonly QueryParameter[]
  readonly parameterMode: string | undefined
  readonly location: string | undefined
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
  /** Tags of the columns it reads; undefined where analysis was not asked for columns. */
  readonly tags?: readonly string[] | undefined
}

/** A statement of which everything is known that policy asks for, and what policy says to it. */
export interface Decided extends Known {
  readonly decision: Decision
  /** What it does to columns, where policy or approval asks for that. */
  readonly touched: TouchedColumns | undefined
}

/** What deciding asks of the world. */
export type DecidingPorts = OwnQuestions & Pick<Ports, 'analyze' | 'derivedTags' | 'memory'>

/** The bytes a statement would process, once BigQuery sees in it what the analysis saw. */
export type Estimate = (
  ports: DecidingPorts,
  policy: Policy,
  statement: Statement,
  analysis: Analysis,
) => Promise<Result<number | undefined, Refusal>>

/** Why nothing can be decided, or why the decision is no. */
export interface Undecided {
  readonly refusal: Refusal
  readonly facts: CallFacts
  readonly decision: Decision | undefined
}

/**
 * Stages 4 and 5 for a statement. Asks as little as it takes: what policy denies for the names in it makes
 * nobody look at a schema, and only what it would permit is run dry. So a caller learns nothing of tables
 * they may not query, not even from the time it takes. `estimate` is BigQuery's dry run, unless that was made before.
 */
export function decideStatement(
  ports: DecidingPorts,
  caller: Decidable,
  statement: Statement,
  estimate: Estimate = byDryRun,
): Promise<Result<Decided, Undecided>> {
  return inSpan('decide', {}, async (span) => {
    const decided = await decide(ports, caller, statement, estimate)
    const { decision } = decided.ok ? decided.value : decided.error
    if (decision !== undefined) noteDecision(span, decision)
    else if (!decided.ok) span.fail(decided.error.refusal.problem)
    return decided
  })
}

async function decide(
  ports: DecidingPorts,
  caller: Decidable,
  statement: Statement,
  estimate: Estimate,
): Promise<Result<Decided, Undecided>> {
  const { policy } = caller
  const { sql, defaults } = statement
  const named = await inSpan('analyze', {}, () =>
    ports.analyze(sql, defaults, needsSchemas(policy) ? 'later' : undefined),
  )
  // Fail closed: a dry run that calls it a SELECT of nothing governed could let some of it pass, were it not for
  // what BigQuery does not list there: EXTERNAL_QUERY, models, INFORMATION_SCHEMA of other people's jobs.
  if (!named.ok) return undecided(named.error, statement)
  const byName = { analysis: named.value, estimatedBytes: undefined }
  const denial = sureDenial(policy, factsOf(caller, statement, byName))
  if (denial !== undefined) return denied(denial, statement, byName)

  const seen = needsSchemas(policy)
    ? await withColumns(ports, caller, statement, byName)
    : ok({ known: byName, touched: undefined })
  if (!seen.ok) return seen
  const { known, touched } = seen.value
  // Nothing less than nothing: whatever no estimate permits, no estimate does.
  const hoped = needsEstimate(policy) ? { ...known, estimatedBytes: 0 } : known
  const decision = evaluate(policy, factsOf(caller, statement, hoped), touched)
  if (decision.effect === 'deny') return denied(decision, statement, known)
  // Whoever approves it wants to know what it costs.
  const isSure = decision.effect === 'permit' && !decision.obligations.governed
  if (isSure && !needsEstimate(policy)) return ok({ ...known, decision, touched })
  if (decision.effect === 'permit' || touched !== undefined)
    return checked(ports, caller, statement, { known, touched }, estimate)
  // What people approve is also what stands under the names: a view is not to become another one.
  const traced = await withColumns(ports, caller, statement, byName)
  return traced.ok ? checked(ports, caller, statement, traced.value, estimate) : traced
}

/** The decision once BigQuery's dry run agrees with the analysis, with its estimate. */
async function checked(
  ports: DecidingPorts,
  caller: Decidable,
  statement: Statement,
  { known, touched }: Seen,
  estimate: Estimate,
): Promise<Result<Decided, Undecided>> {
  const { policy } = caller
  const estimatedBytes = await estimate(ports, policy, statement, known.analysis)
  if (!estimatedBytes.ok) return undecided(estimatedBytes.error, statement, known)
  const estimated = { ...known, estimatedBytes: estimatedBytes.value }
  const decision = evaluate(policy, factsOf(caller, statement, estimated), touched)
  return decision.effect === 'deny'
    ? denied(decision, statement, estimated)
    : ok({ ...estimated, decision, touched })
}

const byDryRun: Estimate = (ports, policy, statement, analysis) => {
  const { defaults, parameters, parameterMode, location } = statement
  const { projectId } = defaults
  return runDry(ports.memory, questionsFor(ports, policy, projectId), analysis, {
    projectId,
    sql: analysis.canonicalSql,
    // Canonical text names everything in full.
    defaultDataset: undefined,
    parameters,
    parameterMode,
    location,
  })
}

/** A statement, and what it does to columns. */
interface Seen {
  readonly known: Known
  readonly touched: TouchedColumns | undefined
}

/** The same statement with what it does to columns. */
async function withColumns(
  ports: DecidingPorts,
  caller: Decidable,
  statement: Statement,
  byName: Known,
): Promise<Result<Seen, Undecided>> {
  const { policy } = caller
  const { sql, defaults, parameters, parameterMode } = statement
  const { catalog } = questionsFor(ports, policy, defaults.projectId)
  const asked = await inSpan('analyze columns', {}, () =>
    whileAsking(() => ports.analyze(sql, defaults, { catalog, parameters, parameterMode })),
  )
  if (!asked.ok) return undecided(asked.error, statement, byName)
  const traced = asked.value
  if (!traced.ok) {
    // Whether a table or a column exists is for those to know who may query what they name.
    const facts = factsOf(caller, statement, byName)
    const decision = evaluateByName(policy, facts)
    return decision.effect === 'deny'
      ? denied(decision, statement, byName)
      : undecided(traced.error, statement, byName)
  }
  const analysis = traced.value
  const { touched } = analysis
  if (touched === undefined) throw new Error('an analysis with schemas that touches nothing')
  const derived = await lookUp(() => ports.derivedTags.of(tablesOf(analysis)))
  if (!derived.ok) return undecided(derived.error, statement, byName)
  const { lineage, policyTags } = touched
  const columns = { lineage, policyTags, derived: derived.value }
  const { tags } = columnView(policy.governance, columns).facts
  return ok({ known: { ...byName, analysis, tags }, touched: columns })
}

function factsOf(caller: Decidable, statement: Statement, known: Known): Facts {
  return { ...callerFacts(caller), query: statement.facts(known) }
}

/** Every table that is read or written, those under views too. */
function tablesOf({ tables, targets, touched }: Analysis): readonly TableReference[] {
  const under = (touched?.sources ?? []).flatMap(({ kind, name }) => {
    const table = kind === 'table' ? parseTable(name) : undefined
    return table === undefined ? [] : [table]
  })
  const all = [...tables, ...targets, ...under]
  return [...new Map(all.map((table) => [formatTable(table), table])).values()]
}

function parseTable(name: string): TableReference | undefined {
  const [, project = '', dataset = '', table = ''] = /^(.+)\.([^.]+)\.([^.]+)$/s.exec(name) ?? []
  return tableReference(project, dataset, table)
}

function denied(
  decision: Extract<Decision, { effect: 'deny' }>,
  statement: Statement,
  known: Known,
): Result<never, Undecided> {
  return undecided({ problem: 'denied', decision }, statement, known, decision)
}

function undecided(
  refusal: Refusal,
  statement: Statement,
  known?: Known,
  decision?: Decision,
): Result<never, Undecided> {
  return err({ refusal, facts: statement.recorded(known), decision })
}
