import type { Analysis } from '../../analysis/analysis.ts'
import { getCall } from '../../bigquery/build-call.ts'
import type { Json } from '../../bigquery/call.ts'
import { otherJobKind, parseJobResource, parseQueryRequest } from '../../bigquery/query-request.ts'
import { type ProjectId, formatTable, parseProjectId } from '../../bigquery/reference.ts'
import { principalKey } from '../../identity/principal.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { maskRows } from '../../masking/mask-reply.ts'
import { scanReply } from '../../masking/reply-scanner.ts'
import { connectionOf, evaluate } from '../../policy/evaluate.ts'
import type { Facts } from '../../policy/policy.ts'
import { callIdFrom } from '../../recording/call-id.ts'
import type { CallFacts, RecordedJob } from '../../recording/entry.ts'
import type { RecordedPermit } from '../../recording/recorded-permit.ts'
import { about } from '../../recording/resume.ts'
import { openSession } from '../../session/open-session.ts'
import { type Caller, callerFacts } from '../caller.ts'
import { isComplete, jobOf, rowsDelivered } from '../delivery-facts.ts'
import { jobDelivered, rebuildJob } from '../job-resource.ts'
import { hasFailed, startedHere } from '../job-state.ts'
import { holdMs } from '../long-poll.ts'
import type { MethodRequest, ServeMethod } from '../method.ts'
import { bareFacts, refuse } from '../outcome.ts'
import { claimJob, jobRecord, linkResult } from '../own-jobs.ts'
import type { Parameters } from '../parameters.ts'
import { type Handle, type Ports, make } from '../pipeline.ts'
import { type QueryRun, callOf, jobOfRun, runOfJob, runOfQuery } from '../query-run.ts'
import type { Refusal } from '../refusal.ts'
import { parseResource } from '../resources.ts'
import { sendOnce } from '../send.ts'
import { waitForJob } from '../wait-for-job.ts'

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

  const { sql, defaultDataset } = run
  const asked = { ...unread, sql, dryRun: run.dryRun, parameters: recordedParameters(run) }
  const analysis = await ports.analyze(sql, { projectId, defaultDataset })
  if (!analysis.ok) return refuse(analysis.error, callId, asked)
  const facts = analysedFacts(asked, run, analysis.value, callId)

  return make(ports, caller, {
    callId,
    facts,
    decide: () =>
      evaluate(caller.policy, { ...callerFacts(caller), query: queryFacts(run, analysis.value) }),
    call: (obligations) => callOf(run, analysis.value, obligations, callId),
    handle:
      run.method === 'jobs.query'
        ? queryHandle(ports, caller, run, request.parameters)
        : insertHandle(ports, caller, run, request.parameters),
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

function recordedParameters(run: QueryRun): Json | undefined {
  if (run.parameters.length === 0) return undefined
  const plain: Json = JSON.parse(JSON.stringify(run.parameters))
  return plain
}

function analysedFacts(
  asked: CallFacts,
  run: QueryRun,
  analysis: Analysis,
  callId: string,
): CallFacts {
  return {
    ...asked,
    sql: analysis.canonicalSql,
    strippedSql: analysis.strippedSql,
    fingerprint: analysis.fingerprint,
    statementType: analysis.statementType,
    tables: analysis.tables.map(formatTable),
    targets: analysis.targets.map(formatTable),
    job: run.method === 'jobs.query' || run.dryRun ? undefined : jobOfRun(run, callId),
  }
}

function queryFacts(run: QueryRun, analysis: Analysis): Facts['query'] {
  const all = [...analysis.tables, ...analysis.targets]
  return {
    statementType: analysis.statementType,
    tables: [...new Set(all.map(formatTable))],
    targets: analysis.targets.map(formatTable),
    projects: [...new Set([run.projectId, ...all.map((table) => table.projectId)])],
    parameters: run.parameters.flatMap(({ name }) => name ?? []),
    dryRun: run.dryRun,
  }
}

/** `jobs.query`: one round trip when BigQuery is quick; else it is asked until the hold is over. */
function queryHandle(ports: Ports, caller: Caller, run: QueryRun, parameters: Parameters): Handle {
  const until = caller.at + holdOf(ports, caller, run)
  return {
    repeatable: run.dryRun || run.requestId !== undefined,
    named: !run.dryRun && run.requestId !== undefined,
    send: (recorded) =>
      waitForJob(
        {
          ...ports,
          signal: caller.signal,
          until,
          // So that whoever gives up waiting finds the job again, and can cancel it.
          onJob: (job) => keepJob(ports, caller, recorded, job).catch(() => false),
          hasFailed: (job) =>
            hasFailed(ports, caller, jobRecord(caller, recorded, job), job.location),
        },
        (timeoutMs, job) =>
          job === undefined ? recorded : about(recorded, pollCall(run, job, timeoutMs)),
      ),
    mask: (reply, recorded) => {
      const scanned = scanReply(reply.body)
      if (!scanned.ok) return scanned
      if (!isComplete(scanned.value) && scanned.value.rows > 0) return err('unexpected-shape')
      const masked = maskRows(scanned.value, {
        fields: parameters.fields,
        kind: 'bigquery#queryResponse',
      })
      const job = run.dryRun ? undefined : jobOf(scanned.value)
      return ok({
        reply: masked,
        delivery: rowsDelivered(scanned.value, masked, parameters.fields),
        ends: isComplete(scanned.value) ? 'call' : 'pending',
        failed: false,
        keep: job && (() => keepJob(ports, caller, recorded, job)),
      })
    },
  }
}

/** The caller gets hold of a job only once it is theirs for good. */
async function keepJob(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  job: RecordedJob,
): Promise<boolean> {
  startedHere(ports, jobRecord(caller, recorded, job))
  return claimJob(ports, caller, recorded, job)
}

/** `jobs.insert`: the job id is claimed before BigQuery hears of it, so nobody else can take it. */
function insertHandle(ports: Ports, caller: Caller, run: QueryRun, parameters: Parameters): Handle {
  return {
    repeatable: run.dryRun || run.jobId !== undefined,
    named: !run.dryRun && run.jobId !== undefined,
    claim: async (recorded) => {
      if (run.dryRun) return ok(undefined)
      const job = jobOfRun(run, recorded.callId)
      try {
        const claimed = await claimJob(ports, caller, recorded, job)
        const what = `Job ${job.projectId}:${job.location ?? ''}.${job.jobId}`
        return claimed ? ok(undefined) : err({ problem: 'job-id-taken', what })
      } catch (cause) {
        return err({ problem: 'record-unavailable', cause })
      }
    },
    send: sendOnce(ports.upstream, caller.signal),
    mask: (reply, recorded) => {
      const parsed = parseResource(reply.body)
      if (!parsed.ok) return parsed
      const masked = rebuildJob(parsed.value, caller, parameters.fields)
      const { delivery, done, failed } = jobDelivered(parsed.value, masked)
      return ok({
        reply: masked,
        delivery,
        ends: done || run.dryRun ? 'call' : 'pending',
        failed,
        keep: async () => {
          if (run.dryRun) return true
          const job = jobRecord(caller, recorded, jobOfRun(run, recorded.callId))
          startedHere(ports, job)
          await linkResult(ports, job, parsed.value)
          return true
        },
      })
    },
  }
}

function holdOf(ports: Ports, caller: Caller, run: QueryRun): number {
  if (run.dryRun) return 0
  const { apiClient, userAgent } = caller.facts
  const { maxResults, timeoutMs } = run
  return holdMs({ method: 'jobs.query', timeoutMs, maxResults, apiClient, userAgent }, ports.hold)
}

function pollCall(run: QueryRun, job: RecordedJob, timeoutMs: number) {
  return getCall('jobs.getQueryResults', run.projectId, ['queries', job.jobId], {
    location: job.location,
    maxResults: run.maxResults,
    timeoutMs,
    'formatOptions.useInt64Timestamp': run.formatOptions?.useInt64Timestamp,
    'formatOptions.timestampOutputFormat': run.formatOptions?.timestampOutputFormat,
  })
}
