import type { Analysis } from '../../analysis/analysis.ts'
import type { Json } from '../../bigquery/call.ts'
import { otherJobKind, parseJobResource, parseQueryRequest } from '../../bigquery/query-request.ts'
import { type ProjectId, formatTable, parseProjectId } from '../../bigquery/reference.ts'
import { principalKey } from '../../identity/principal.ts'
import { type Result, err } from '../../kernel/result.ts'
import type { Obligations } from '../../policy/decision.ts'
import { connectionOf } from '../../policy/evaluate.ts'
import type { Facts } from '../../policy/policy.ts'
import { callIdFrom } from '../../recording/call-id.ts'
import { openSession } from '../../session/open-session.ts'
import type { Caller } from '../caller.ts'
import type { Known } from '../decide-statement.ts'
import type { MethodRequest, ServeMethod } from '../method.ts'
import { bareFacts, refuse } from '../outcome.ts'
import { makeStatement } from '../pipeline.ts'
import { insertHandle, queryHandle } from '../query-handles.ts'
import {
  type QueryRun,
  callOf,
  jobOfRun,
  runOfJob,
  runOfQuery,
  wireParameter,
} from '../query-run.ts'
import type { Refusal } from '../refusal.ts'

/** `jobs.query` and `jobs.insert`: the life of a query, from its text to its first rows or its job. */
export const runQuery: ServeMethod = async (ports, request) => {
  const { method } = request
  const projectId = parseProjectId(request.path['projectId'] ?? '')
  const unread = bareFacts(method, projectId)
  if (projectId === undefined)
    return refuse({ problem: 'not-found', what: 'Project' }, request.callId, unread)
  const parsed = readRun(request, projectId)
  if (!parsed.ok) return refuse(parsed.error, request.callId, unread)
  const usual = connectionOf(request.caller.policy, projectId)?.location
  const run = { ...parsed.value, location: parsed.value.location ?? usual }
  const caller = inNamedSession(request.caller, run)
  const callId = repeatableId(caller, run) ?? request.callId

  const { sql, defaultDataset, parameters, parameterMode, location } = run
  const justification = request.caller.facts.justification ?? run.labels['sluice_justification']
  const statement = {
    callId,
    sql,
    defaults: { projectId, defaultDataset },
    parameters,
    parameterMode,
    location,
    recorded: (known: Known | undefined) => ({
      ...unread,
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
  const handle =
    run.method === 'jobs.query'
      ? queryHandle(ports, caller, run, request.parameters)
      : insertHandle(ports, caller, run, request.parameters)
  return makeStatement(ports, caller, statement, handle)
}

function readRun(request: MethodRequest, projectId: ProjectId): Result<QueryRun, Refusal> {
  const { method, body } = request
  const kind = method === 'jobs.insert' ? otherJobKind(body) : undefined
  if (kind !== undefined)
    return err({
      problem: 'not-offered',
      what: `${kind} jobs`,
      hint: 'it governs queries; move data with a pipeline of your own',
    })
  const run =
    method === 'jobs.insert'
      ? chain(parseJobResource(body), (job) => runOfJob(projectId, job))
      : chain(parseQueryRequest(body), (query) => runOfQuery(projectId, query))
  return run.ok ? run : err({ problem: 'malformed', message: run.error })
}

function chain<A, B>(first: Result<A, string>, next: (value: A) => Result<B, string>) {
  return first.ok ? next(first.value) : first
}

/** A session named by a job label, for clients that can set labels but no headers. */
function inNamedSession(caller: Caller, run: QueryRun): Caller {
  const facts = {
    ...caller.facts,
    labels: run.labels,
    sessionName: caller.facts.sessionName ?? run.labels['sluice_session'],
  }
  return { ...caller, facts, session: openSession(caller.principal, facts) }
}

/** The id a repeat of the same request will have too; scoped to the principal. */
function repeatableId(caller: Caller, run: QueryRun): string | undefined {
  const key = run.method === 'jobs.query' ? run.requestId : run.jobId
  return key === undefined || run.dryRun
    ? undefined
    : callIdFrom(principalKey(caller.principal), [run.method, run.projectId, key])
}

function recordedParameters(run: QueryRun): Json | undefined {
  return run.parameters.length === 0 ? undefined : run.parameters.map(wireParameter)
}

/** What the record says of a statement once it is known what it does. */
function knownFacts(run: QueryRun, { analysis, estimatedBytes }: Known, callId: string) {
  return {
    sql: analysis.canonicalSql,
    strippedSql: analysis.strippedSql,
    fingerprint: analysis.fingerprint,
    statementType: analysis.statementType,
    tables: analysis.tables.map(formatTable),
    targets: analysis.targets.map(formatTable),
    routines: analysis.touched?.lineage.routines,
    estimatedBytes,
    job: run.method === 'jobs.query' || run.dryRun ? undefined : jobOfRun(run, callId),
  }
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
