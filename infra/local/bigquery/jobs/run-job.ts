import { randomBytes } from 'node:crypto'

import { LOCATION } from '../catalog/catalog.ts'
import { BigQueryError, cannot } from '../errors.ts'
import type { PlanFacts } from '../sql/plan.ts'
import type { Job } from './job.ts'
import { type JobSpec, runSql, type World } from './run-sql.ts'

const LONGEST_TIMER = 2 ** 31 - 1

/** Starts a job: it is PENDING until a process is free, then RUNNING, then DONE. Never throws. */
export function startJob(spec: JobSpec, world: World): Job {
  const abort = new AbortController()
  const { promise: done, resolve } = Promise.withResolvers<void>()
  const finish = (end: Partial<Job>): void => {
    if (job.state === 'DONE') return
    clearTimeout(timer)
    Object.assign(job, end, { state: 'DONE', endTime: world.clock() })
    resolve()
  }
  const job: Job = {
    reference: {
      projectId: spec.projectId,
      jobId: spec.jobId ?? `job_${randomBytes(18).toString('base64url')}`,
      location: LOCATION,
    },
    configuration: spec.configuration,
    sql: spec.sql,
    user: spec.user,
    labels: spec.labels,
    creationTime: world.clock(),
    anonymousTable: {
      datasetId: '_anon2f6c0ca1a1e0d4b1f7c3',
      tableId: `anon${randomBytes(16).toString('hex')}`,
    },
    state: 'PENDING',
    done,
    stop: (problem) => {
      finish({ problem })
      abort.abort(problem)
    },
  }
  const limit = spec.timeoutMs
  const timer =
    limit === undefined || limit <= 0
      ? undefined
      : setTimeout(() => job.stop(timedOut(limit)), Math.min(limit, LONGEST_TIMER)).unref()
  const onStart = (): void => {
    if (job.state !== 'PENDING') return
    job.state = 'RUNNING'
    job.startTime = world.clock()
  }
  const onPlan = (facts: PlanFacts): void => {
    job.facts = facts
  }
  world.pool
    .run((engine) => runSql(spec, world, engine, onPlan), { signal: abort.signal, onStart })
    .then(
      (outcome) => finish({ outcome }),
      (cause: unknown) => finish({ problem: problemOf(cause) }),
    )
  return job
}

function problemOf(cause: unknown): BigQueryError {
  if (cause instanceof BigQueryError) return cause
  // A fault of ours; retrying will not help, and the message is for whoever has to mend it.
  return cannot(`it failed with ${cause instanceof Error ? cause.message : 'an unknown error'}`)
}

function timedOut(milliseconds: number): BigQueryError {
  const seconds = Math.round(milliseconds / 1000)
  return new BigQueryError(
    'stopped',
    `Job execution was cancelled: Job timed out after ${seconds}s`,
  )
}
