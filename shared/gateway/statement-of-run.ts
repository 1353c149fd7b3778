import type { Analysis } from '../analysis/analysis.ts'
import type { Json } from '../bigquery/call.ts'
import { formatTable } from '../bigquery/reference.ts'
import type { Obligations } from '../policy/decision.ts'
import type { Facts } from '../policy/policy.ts'
import { bareFacts } from '../recording/bare-facts.ts'
import type { CallFacts } from '../recording/entry.ts'
import type { Decidable } from './caller.ts'
import type { Known, Statement } from './decide-statement.ts'
import { type QueryRun, callOf, jobOfRun, wireParameter } from './query-run.ts'

/** A run as a statement to decide on, under the id of its call. */
export function statementOfRun(
  caller: Pick<Decidable, 'facts'>,
  run: QueryRun,
  callId: string,
): Statement {
  const { sql, defaultDataset, parameters, parameterMode, location, projectId } = run
  const justification = justificationOf(caller, run)
  return {
    callId,
    sql,
    defaults: { projectId, defaultDataset },
    parameters,
    parameterMode,
    location,
    recorded: (known: Known | undefined): CallFacts => ({
      ...bareFacts(run.method, projectId),
      sql,
      dryRun: run.dryRun,
      parameters: recordedParameters(run),
      justification,
      ...(known === undefined ? {} : knownFacts(run, known, callId)),
    }),
    facts: (known: Known) => queryFacts(run, known, justification ?? ''),
    call: (analysis: Analysis, obligations: Obligations) =>
      callOf(run, analysis, obligations, callId),
  }
}

/** Why the caller wants it: by header, or by job label. */
export function justificationOf(
  caller: Pick<Decidable, 'facts'>,
  run: QueryRun,
): string | undefined {
  return caller.facts.justification ?? run.labels['sluice_justification']
}

function recordedParameters(run: QueryRun): Json | undefined {
  return run.parameters.length === 0 ? undefined : run.parameters.map(wireParameter)
}

/** What the record says of a statement once it is known what it does. */
function knownFacts(run: QueryRun, { analysis, estimatedBytes, tags }: Known, callId: string) {
  return {
    sql: analysis.canonicalSql,
    strippedSql: analysis.strippedSql,
    fingerprint: analysis.fingerprint,
    statementType: analysis.statementType,
    tables: analysis.tables.map(formatTable),
    targets: analysis.targets.map(formatTable),
    routines: analysis.touched?.lineage.routines,
    columns: analysis.touched?.lineage.columns,
    filterColumns: filterColumnsOf(analysis),
    tags,
    estimatedBytes,
    job: run.method === 'jobs.query' || run.dryRun ? undefined : jobOfRun(run, callId),
  }
}

function filterColumnsOf({ touched }: Analysis): readonly string[] | undefined {
  const uses = touched?.lineage.uses.filter(({ use }) => use !== 'failure')
  return uses && [...new Set(uses.map(({ column }) => column))].toSorted()
}

function queryFacts(
  run: QueryRun,
  { analysis, estimatedBytes }: Known,
  justification: string,
): Facts['query'] {
  const all = [...analysis.tables, ...analysis.targets]
  return {
    statementType: analysis.statementType,
    tables: [...new Set(all.map(formatTable))],
    targets: analysis.targets.map(formatTable),
    projects: [...new Set([run.projectId, ...all.map((table) => table.projectId)])],
    parameters: run.parameters.flatMap(({ name }) => name ?? []),
    dryRun: run.dryRun,
    routines: analysis.touched?.lineage.routines ?? [],
    estimatedBytes,
    justification,
  }
}
