import type { Analysis } from '../analysis/analysis.ts'
import { insertCall, queryCall } from '../bigquery/build-call.ts'
import type { BigQueryCall, Json } from '../bigquery/call.ts'
import { parseJson } from '../bigquery/json.ts'
import type { QueryParameter } from '../bigquery/query-parameter.ts'
import type { JobResource, QueryRequest } from '../bigquery/query-request.ts'
import {
  type DatasetReference,
  type JobId,
  type ProjectId,
  parseDatasetId,
  parseJobId,
  parseProjectId,
} from '../bigquery/reference.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Obligations } from '../policy/decision.ts'
import type { RecordedJob } from '../recording/envelope.ts'
import { STEP_MS } from './send.ts'

/** A query the caller wants run, whichever method it came by. */
export interface QueryRun {
  readonly method: 'jobs.query' | 'jobs.insert'
  readonly projectId: ProjectId
  readonly sql: string
  readonly defaultDataset: DatasetReference | undefined
  readonly location: string | undefined
  readonly parameters: readonly QueryParameter[]
  readonly parameterMode: string | undefined
  readonly dryRun: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly maximumBytesBilled: string | undefined
  readonly jobTimeoutMs: string | undefined
  readonly useQueryCache: boolean | undefined
  readonly priority: string | undefined
  readonly maxResults: number | undefined
  readonly timeoutMs: number | undefined
  readonly formatOptions: QueryRequest['formatOptions']
  /** Both make a repeat of the request the same request. */
  readonly requestId: string | undefined
  readonly jobId: JobId | undefined
}

/** Reads a `jobs.query` body as a run, or says what does not fit. */
export function runOfQuery(projectId: ProjectId, body: QueryRequest): Result<QueryRun, string> {
  const defaultDataset = datasetOf(projectId, body.defaultDataset)
  if (!defaultDataset.ok) return defaultDataset
  return ok({
    method: 'jobs.query',
    projectId,
    sql: body.query,
    defaultDataset: defaultDataset.value,
    location: body.location,
    parameters: body.queryParameters ?? [],
    parameterMode: body.parameterMode,
    dryRun: body.dryRun ?? false,
    labels: body.labels ?? {},
    maximumBytesBilled: body.maximumBytesBilled,
    jobTimeoutMs: body.jobTimeoutMs,
    useQueryCache: body.useQueryCache,
    priority: undefined,
    maxResults: body.maxResults,
    timeoutMs: body.timeoutMs,
    formatOptions: body.formatOptions,
    requestId: body.requestId,
    jobId: undefined,
  })
}

/** Reads a `jobs.insert` body as a run, or says what does not fit. */
export function runOfJob(projectId: ProjectId, body: JobResource): Result<QueryRun, string> {
  const { query, dryRun, labels, jobTimeoutMs } = body.configuration
  const reference = body.jobReference
  // The path decides what is billed and governed; a body that says otherwise is a mistake or a trick.
  if (reference?.projectId !== undefined && reference.projectId !== projectId)
    return err('`jobReference.projectId` is not the project in the path')
  const defaultDataset = datasetOf(projectId, query.defaultDataset)
  if (!defaultDataset.ok) return defaultDataset
  return ok({
    method: 'jobs.insert',
    projectId,
    sql: query.query,
    defaultDataset: defaultDataset.value,
    location: reference?.location,
    parameters: query.queryParameters ?? [],
    parameterMode: query.parameterMode,
    dryRun: dryRun ?? false,
    labels: labels ?? {},
    maximumBytesBilled: query.maximumBytesBilled,
    jobTimeoutMs,
    useQueryCache: query.useQueryCache,
    priority: query.priority,
    maxResults: undefined,
    timeoutMs: undefined,
    formatOptions: undefined,
    requestId: undefined,
    jobId: reference?.jobId === undefined ? undefined : parseJobId(reference.jobId),
  })
}

/**
 * The call that goes to BigQuery: the canonical text and the options Sluice owns, rebuilt from what
 * was parsed. `callId` makes a repeat of the call the same job.
 */
export function callOf(
  run: QueryRun,
  analysis: Analysis,
  obligations: Obligations,
  callId: string,
): BigQueryCall {
  const { location } = run
  const statement = {
    query: analysis.canonicalSql,
    useLegacySql: false,
    defaultDataset: run.defaultDataset && { ...run.defaultDataset },
    parameterMode: run.parameterMode,
    queryParameters: run.parameters.length === 0 ? undefined : run.parameters.map(wireParameter),
    maximumBytesBilled: strictest(run.maximumBytesBilled, obligations.maximumBytesBilled),
    useQueryCache: run.useQueryCache,
  }
  const jobTimeoutMs = strictest(run.jobTimeoutMs, obligations.jobTimeoutMs)
  const labels = { ...run.labels }
  if (run.method === 'jobs.query')
    return queryCall(run.projectId, {
      ...statement,
      maxResults: firstRows(run, obligations.maximumRows),
      // BigQuery's own 10 s otherwise, also for whoever wants an answer at once.
      timeoutMs: run.timeoutMs === undefined ? undefined : Math.min(run.timeoutMs, STEP_MS),
      formatOptions: run.formatOptions && { ...run.formatOptions },
      location,
      jobTimeoutMs,
      dryRun: run.dryRun ? true : undefined,
      labels,
      requestId: run.dryRun ? undefined : `sluice-${callId}`,
    })
  return insertCall(run.projectId, {
    configuration: {
      query: { ...statement, priority: run.priority },
      dryRun: run.dryRun ? true : undefined,
      jobTimeoutMs,
      labels,
    },
    jobReference: {
      projectId: run.projectId,
      jobId: run.dryRun ? undefined : jobOfRun(run, callId).jobId,
      location,
    },
  })
}

/** How many rows to ask for at first, when no more than `maximumRows` may leave. */
export function firstRows(run: QueryRun, maximumRows: number | undefined): number | undefined {
  return maximumRows === undefined
    ? run.maxResults
    : Math.min(run.maxResults ?? maximumRows, maximumRows)
}

/** The job a `jobs.insert` starts: named by the client, or after its call. */
export function jobOfRun(run: QueryRun, callId: string): RecordedJob {
  const { projectId, location } = run
  return { projectId, jobId: run.jobId ?? `sluice_${callId}`, location }
}

function datasetOf(
  projectId: ProjectId,
  reference: { projectId?: string | undefined; datasetId: string } | undefined,
): Result<DatasetReference | undefined, string> {
  if (reference === undefined) return ok(undefined)
  const project = parseProjectId(reference.projectId ?? projectId)
  const dataset = parseDatasetId(reference.datasetId)
  return project === undefined || dataset === undefined
    ? err('`defaultDataset` does not name a dataset')
    : ok({ projectId: project, datasetId: dataset })
}

/** The client's own limit where it is the lower one. Zero is no limit: some clients mean that by it. */
function strictest(asked: string | undefined, limit: number | undefined): string | undefined {
  if (asked === undefined || BigInt(asked) === 0n)
    return limit === undefined ? undefined : String(limit)
  if (limit === undefined) return asked
  return BigInt(asked) < BigInt(limit) ? asked : String(limit)
}

/** A parameter as JSON, without `undefined` members deep inside: digest, wire and record agree. */
export function wireParameter(parameter: QueryParameter): Json {
  return parseJson(JSON.stringify(parameter))
}
