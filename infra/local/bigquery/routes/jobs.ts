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
import { dryRunResource } from '../jobs/dry-run-resource.ts'
import { insertRequest } from '../jobs/job-request.ts'
import { jobResource, listedJob } from '../jobs/job-resource.ts'
import { insertSpec } from '../jobs/job-spec.ts'
import type { JobStore } from '../jobs/job-store.ts'
import type { Job } from '../jobs/job.ts'
import { startJob } from '../jobs/run-job.ts'
import { dryRun, type World } from '../jobs/run-sql.ts'
import { listPage } from './list-page.ts'
import { jobOf } from './queries.ts'

/** `jobs.insert`, `jobs.get`, `jobs.list` and `jobs.cancel`. */
export function jobRoutes(world: World, jobs: JobStore): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/projects/{projectId}/jobs',
      handle: async (request) => {
        const projectId = pathId(request, 'projectId')
        world.catalog.datasets(projectId)
        const body = parseBody(insertRequest, request)
        const spec = insertSpec(projectId, request.user, body)
        if (body.configuration.dryRun === true) {
          const facts = await dryRun(spec, world)
          return dryRunResource(spec, LOCATION, facts)
        }
        // Before the job starts: an existing id must not run anything.
        if (spec.jobId !== undefined) jobs.refuseTaken(projectId, spec.jobId)
        const job = startJob(spec, world)
        jobs.add(job)
        return jobResource(job)
      },
    },
    {
      method: 'GET',
      path: '/projects/{projectId}/jobs',
      handle: (request) => {
        const isFull = queryText(request, 'projection')?.toLowerCase() === 'full'
        const { items, ...next } = listPage(request, listed(request, world, jobs), 50)
        const shown = items.map((job) => listedJob(job, isFull))
        return { kind: 'bigquery#jobList', etag: `jobs-${shown.length}`, jobs: shown, ...next }
      },
    },
    {
      method: 'GET',
      path: '/projects/{projectId}/jobs/{jobId}',
      handle: (request) => jobResource(jobOf(request, jobs)),
    },
    {
      method: 'POST',
      path: '/projects/{projectId}/jobs/{jobId}/cancel',
      handle: (request) => {
        const job = jobOf(request, jobs)
        job.stop(
          new BigQueryError('stopped', 'Job execution was cancelled: User requested cancellation'),
        )
        return { kind: 'bigquery#jobCancelResponse', job: jobResource(job) }
      },
    },
  ]
}

function listed(request: ApiRequest, { catalog }: World, jobs: JobStore): readonly Job[] {
  const projectId = pathId(request, 'projectId')
  catalog.datasets(projectId)
  const isEverybodys = queryFlag(request, 'allUsers')
  const states = request.query.getAll('stateFilter').map((state) => state.toUpperCase())
  const from = queryCount(request, 'minCreationTime') ?? 0
  const until = queryCount(request, 'maxCreationTime') ?? Infinity
  return jobs
    .all()
    .filter(
      ({ reference, user, state, creationTime }) =>
        reference.projectId === projectId &&
        (isEverybodys || user === request.user) &&
        (states.length === 0 || states.includes(state)) &&
        creationTime >= from &&
        creationTime <= until,
    )
}
