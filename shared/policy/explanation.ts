import type { Analysis, AnalysisProblem, Analyze, NameDefaults } from '../analysis/analysis.ts'
import type { Catalog } from '../analysis/catalog.ts'
import type { QueryParameter } from '../bigquery/query-parameter.ts'
import { formatTable } from '../bigquery/reference.ts'
import type { ApprovalTerms } from './approval-terms.ts'
import type { Decision } from './decision.ts'
import { evaluate, evaluateByName } from './evaluate.ts'
import { needsSchemas } from './needs.ts'
import type { Facts, Policy } from './policy.ts'
import { sureDenial } from './sure-denial.ts'
import { termsOf } from './terms-of.ts'

/** A statement somebody would send, and what would be known about it. */
export interface Question extends Omit<Facts, 'query'> {
  readonly sql: string
  readonly defaults: NameDefaults
  readonly parameters: readonly QueryParameter[]
  readonly justification: string
  readonly estimatedBytes: number | undefined
}

/** What a gateway would say: a decision, or a problem that keeps it from deciding. */
export interface Explanation {
  /** The most that could be found out; undefined when the statement is not understood at all. */
  readonly analysis: Analysis | undefined
  readonly decision: Decision | undefined
  /** How people would have to approve it; all of them. */
  readonly approvals: readonly ApprovalTerms[]
  /** Why it is refused without a decision. */
  readonly problem: AnalysisProblem | undefined
}

/**
 * Decides as a gateway would, and looks at columns even where a gateway would not. Nothing was written
 * from masked columns before. Rejects when GoogleSQL or the catalog cannot be asked.
 */
export async function explain(
  world: { readonly analyze: Analyze; readonly catalog: Catalog | undefined },
  policy: Policy,
  question: Question,
): Promise<Explanation> {
  const answer = await decide(world, policy, question)
  const { decision } = answer
  const approvals = decision?.effect === 'require-approval' ? termsOf(policy, decision) : []
  return { ...answer, approvals }
}

async function decide(
  { analyze, catalog }: { readonly analyze: Analyze; readonly catalog: Catalog | undefined },
  policy: Policy,
  question: Question,
): Promise<Omit<Explanation, 'approvals'>> {
  const { sql, defaults, parameters } = question
  const named = await analyze(sql, defaults, needsSchemas(policy) ? 'later' : undefined)
  if (!named.ok) return { analysis: undefined, decision: undefined, problem: named.error }
  const denial = sureDenial(policy, factsOf(question, named.value))

  if (denial === undefined && catalog === undefined && needsSchemas(policy))
    throw new Error('this policy decides on columns; say which there are with schemas')
  const schemas = catalog && { catalog, parameters, parameterMode: modeOf(parameters) }
  const traced = schemas === undefined ? named : await analyze(sql, defaults, schemas)
  const analysis = traced.ok ? traced.value : named.value
  if (denial !== undefined) return { analysis, decision: denial, problem: undefined }
  const facts = factsOf(question, analysis)
  if (!traced.ok && needsSchemas(policy)) {
    const byName = evaluateByName(policy, facts)
    return byName.effect === 'deny'
      ? { analysis, decision: byName, problem: undefined }
      : { analysis, decision: undefined, problem: traced.error }
  }
  const { touched } = analysis
  const decision = evaluate(policy, facts, touched && { ...touched, derived: [] })
  return { analysis, decision, problem: undefined }
}

function modeOf(parameters: readonly QueryParameter[]): string | undefined {
  if (parameters.length === 0) return undefined
  return parameters[0]?.name === undefined ? 'POSITIONAL' : 'NAMED'
}

function factsOf(question: Question, analysis: Analysis): Facts {
  const { principal, request, defaults, parameters, justification, estimatedBytes } = question
  const all = [...analysis.tables, ...analysis.targets]
  return {
    principal,
    request,
    query: {
      statementType: analysis.statementType,
      tables: [...new Set(all.map(formatTable))],
      targets: analysis.targets.map(formatTable),
      projects: [...new Set([defaults.projectId, ...all.map(({ projectId }) => projectId)])],
      parameters: parameters.flatMap(({ name }) => name ?? []),
      dryRun: false,
      routines: analysis.touched?.lineage.routines ?? [],
      estimatedBytes,
      justification,
    },
  }
}
