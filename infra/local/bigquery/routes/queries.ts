import { setTimeout as sleep } from 'node:timers/promises'

import { LOCATION } from '../catalog/catalog.ts'
import { BigQueryError } from '../errors.ts'
import {
  type ApiRequest,
  parseBody,
  pathId,
  queryCount,
  queryFlag,
  queryText,
} from '../http/api-request.ts'
import type { Route } from '../http/router.ts'
import { type QueryRequest, queryRequest } from '../jobs/job-request.ts'
import { dmlStats } from '../jobs/job-resource.ts'
import { querySpec } from '../jobs/job-spec.ts'
import type { JobStore } from '../jobs/job-store.ts'
import type { Job } from '../jobs/job.ts'
import { type PageRequest, resultPage } from '../jobs/result-page.ts'
import { startJob } from '../jobs/run-job.ts'
import { dryRun, type JobSpec, type World } from '../jobs/run-sql.ts'
import { tableSchema } from '../types/table-schema.ts'

const DEFAULT_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 200_000

/** `jobs.query` and `jobs.getQueryResults`: they wait for the job as long as the client wants. */
export function queryRoutes(world: World, jobs: JobStore): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/projects/{projectId}/queries',
      handle: async (request) => {
        const projectId = pathId(request, 'projectId')
        world.catalog.datasets(projectId)
        const body = parseBody(queryRequest, request)
        const spec = querySpec(projectId, request.user, body)
        if (body.dryRun === true) return dryRunReply(spec, world)
        const job = startOnce(spec, body, world, jobs)
        await wait(job, body.timeoutMs)
        return {
          kind: 'bigquery#queryResponse',
          ...resultsReply(job, {
            maxResults: body.maxResults,
            format: { useInt64Timestamp: body.formatOptions?.useInt64Timestamp === true },
          }),
        }
      },
    },
    {
      method: 'GET',
      path: '/projects/{projectId}/queries/{jobId}',
      handle: async (request) => {
        const job = jobOf(request, jobs)
        await wait(job, queryCount(request, 'timeoutMs'))
        return {
          kind: 'bigquery#getQueryResultsResponse',
          ...resultsReply(job, {
            pageToken: queryText(request, 'pageToken'),
            startIndex: queryCount(request, 'startIndex'),
            maxResults: queryCount(request, 'maxResults'),
            format: { useInt64Timestamp: queryFlag(request, 'formatOptions.useInt64Timestamp') },
          }),
        }
      },
    },
  ]
}

/** The job in a request's path. Throws `notFound`. */
export function jobOf(request: ApiRequest, jobs: JobStore): Job {
  return jobs.get(
    pathId(request, 'projectId'),
    pathId(request, 'jobId'),
    queryText(request, 'location'),
  )
}

function startOnce(spec: JobSpec, body: QueryRequest, world: World, jobs: JobStore): Job {
  const start = (): Job => {
    const job = startJob(spec, world)
    jobs.add(job)
    return job
  }
  const { requestId } = body
  if (requestId === undefined) return start()
  if (requestId.length > 36) {
    throw new BigQueryError('invalid', `Invalid request ID "${requestId}": longer than 36`)
  }
  // Duplicates are requests that would do the same: how long one waits for the reply does not count.
  return jobs.once(
    JSON.stringify([spec.projectId, spec.user, requestId, spec.configuration]),
    start,
  )
}

async function wait(job: Job, timeoutMs = DEFAULT_WAIT_MS): Promise<void> {
  if (job.state === 'DONE') return
  const timer = new AbortController()
  const { signal } = timer
  const time = sleep(Math.min(timeoutMs, LONGEST_WAIT_MS), undefined, { signal, ref: false })
  await Promise.race([job.done, time.catch(() => {})])
  timer.abort()
}

/** What both methods say of a job. Throws its problem when it failed. */
function resultsReply(job: Job, page: PageRequest): object {
  const { reference: jobReference, outcome, facts, state, problem } = job
  if (problem !== undefined) throw problem
  if (state !== 'DONE' || outcome === undefined) return { jobReference, jobComplete: false }
  const { result, dml } = outcome
  const done = {
    jobReference,
    jobComplete: true,
    cacheHit: false,
    totalBytesProcessed: String(facts?.totalBytesProcessed ?? 0),
  }
  // Without `totalRows` clients know that there is nothing to read.
  if (result === undefined) {
    if (dml === undefined) return done
    const affected = String(dml.inserted + dml.updated + dml.deleted)
    return { ...done, numDmlAffectedRows: affected, dmlStats: dmlStats(dml) }
  }
  const { rows, ...next } = resultPage(result.columns, result.rows, page)
  return {
    ...done,
    schema: tableSchema(result.columns),
    totalRows: String(result.rows.length),
    ...(rows.length > 0 && { rows }),
    ...next,
  }
}

async function dryRunReply(spec: JobSpec, world: World): Promise<object> {
  const facts = await dryRun(spec, world)
  return {
    kind: 'bigquery#queryResponse',
    jobReference: { projectId: spec.projectId, location: LOCATION },
    jobComplete: true,
    cacheHit: false,
    totalBytesProcessed: String(facts.totalBytesProcessed),
    ...(facts.columns !== undefined && { schema: tableSchema(facts.columns) }),
  }
}
