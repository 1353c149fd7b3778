import { LOCATION } from '../catalog/catalog.ts'
import { BigQueryError } from '../errors.ts'
import type { Job } from './job.ts'

/** The jobs of this process, and which request started which. */
export interface JobStore {
  readonly add: (job: Job) => void
  /** Throws `duplicate` when there is a job of this id. */
  readonly refuseTaken: (projectId: string, jobId: string) => void
  /** Throws `notFound`. */
  readonly get: (projectId: string, jobId: string, location?: string) => Job
  /** Newest first. */
  readonly all: () => readonly Job[]
  /** Every job that there was, in no order; of those that are forgotten only what they were, not their results. */
  readonly ever: () => readonly Job[]
  /** The job whose result this anonymous table is. */
  readonly ofTable: (projectId: string, datasetId: string, tableId: string) => Job | undefined
  /** The job that an equal request with this id started less than 15 minutes ago, else `start`'s. */
  readonly once: (requestKey: string, start: () => Job) => Job
}

const REQUEST_ID_MS = 15 * 60_000
const JOBS_KEPT = 1_000
const PAST_KEPT = 100_000

/** A store that forgets the results of the oldest of more than 1,000 jobs, and of more than 100,000 that they were. */
export function jobStore(clock: () => number): JobStore {
  const jobs = new Map<string, Job>()
  const tables = new Map<string, Job>()
  const requests = new Map<string, { readonly job: Job; readonly until: number }>()

  const past = new Map<string, Job>()
  const forget = (key: string, job: Job): void => {
    jobs.delete(key)
    tables.delete(tableOf(job))
    const { outcome: _, ...left } = job
    past.set(key, left)
    const [first] = past.keys()
    if (past.size > PAST_KEPT && first !== undefined) past.delete(first)
  }
  return {
    add: (job) => {
      const { projectId, jobId, location } = job.reference
      const key = `${projectId}:${jobId}`
      if (jobs.has(key)) {
        throw new BigQueryError(
          'duplicate',
          `Already Exists: Job ${projectId}:${location}.${jobId}`,
        )
      }
      jobs.set(key, job)
      tables.set(tableOf(job), job)
      const [oldest] = jobs
      if (jobs.size > JOBS_KEPT && oldest !== undefined) forget(...oldest)
    },
    refuseTaken: (projectId, jobId) => {
      if (!jobs.has(`${projectId}:${jobId}`)) return
      throw new BigQueryError('duplicate', `Already Exists: Job ${projectId}:${LOCATION}.${jobId}`)
    },
    get: (projectId, jobId, location) => {
      const job = jobs.get(`${projectId}:${jobId}`)
      const there = location === undefined || location.toUpperCase() === job?.reference.location
      if (job !== undefined && there) return job
      const where = location === undefined ? '' : `${location}.`
      throw new BigQueryError('notFound', `Not found: Job ${projectId}:${where}${jobId}`)
    },
    all: () => [...jobs.values()].toReversed(),
    ever: () => [...past.values(), ...jobs.values()],
    ofTable: (projectId, datasetId, tableId) => tables.get(`${projectId}.${datasetId}.${tableId}`),
    once: (requestKey, start) => {
      const now = clock()
      for (const [key, { until }] of requests) {
        if (until > now) break
        requests.delete(key)
      }
      const known = requests.get(requestKey)
      if (known !== undefined) return known.job
      const job = start()
      requests.set(requestKey, { job, until: now + REQUEST_ID_MS })
      return job
    },
  }
}

function tableOf({ reference, anonymousTable: { datasetId, tableId } }: Job): string {
  return `${reference.projectId}.${datasetId}.${tableId}`
}
