import { otherJobKind, parseJobResource, parseQueryRequest } from '../../bigquery/query-request.ts'
import { type ProjectId, parseProjectId } from '../../bigquery/reference.ts'
import { principalKey } from '../../identity/principal.ts'
import { type Result, err } from '../../kernel/result.ts'
import { connectionOf } from '../../policy/evaluate.ts'
import { bareFacts } from '../../recording/bare-facts.ts'
import { callIdFrom } from '../../recording/call-id.ts'
import { openSession } from '../../session/open-session.ts'
import type { Caller } from '../caller.ts'
import { answerHeld } from '../held/answer-held.ts'
import type { MethodRequest, ServeMethod } from '../method.ts'
import { refuse } from '../outcome.ts'
import { makeStatement } from '../pipeline.ts'
import { insertHandle, queryHandle, waitingUntil } from '../query-handles.ts'
import { type QueryRun, runOfJob, runOfQuery } from '../query-run.ts'
import type { Refusal } from '../refusal.ts'
import { statementOfRun } from '../statement-of-run.ts'

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

  const statement = statementOfRun(caller, run, callId)
  const handle =
    run.method === 'jobs.query'
      ? queryHandle(ports, caller, run, request.parameters)
      : insertHandle(ports, caller, run, request.parameters)
  const waiting = { until: waitingUntil(ports, caller, run), parameters: request.parameters }
  return makeStatement(ports, caller, statement, {
    handle,
    run,
    whenHeld: (job) => answerHeld(ports, caller, run, job, waiting),
  })
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
