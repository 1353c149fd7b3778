import { randomBytes } from 'node:crypto'

import { type Catalog, LOCATION } from '../catalog/catalog.ts'
import type { DatasetReference } from '../catalog/reference.ts'
import type { Engine } from '../engine/engine.ts'
import type { EnginePool } from '../engine/pool.ts'
import { BigQueryError, cannot } from '../errors.ts'
import { bytesBilled } from '../sql/bytes-processed.ts'
import type { SqlContext } from '../sql/context.ts'
import { ConcurrentUpdate } from '../sql/dml.ts'
import { execute } from '../sql/execute.ts'
import { type Plan, planStatement } from '../sql/plan.ts'
import type { QueryParameter } from './job-request.ts'
import type { Job } from './job.ts'
import type { Json } from './json.ts'
import { engineParameters } from './parameters.ts'

/** What a query job is to do. */
export interface JobSpec {
  readonly projectId: string
  readonly jobId?: string | undefined
  readonly sql: string
  readonly defaultDataset?: DatasetReference | undefined
  readonly parameterMode?: string | undefined
  readonly parameters: readonly QueryParameter[]
  readonly maximumBytesBilled?: number | undefined
  readonly timeoutMs?: number | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly configuration: Readonly<Record<string, Json>>
}

/** What jobs run with. */
export interface World {
  readonly catalog: Catalog
  readonly pool: EnginePool
  /** For dry runs. */
  readonly planners: EnginePool
  readonly clock: () => number
  readonly informationSchema: SqlContext['informationSchema']
  /** Awaited by every job when it runs and before it looks at its SQL. */
  readonly beforeJob: (sql: string, labels: Readonly<Record<string, string>>) => Promise<void>
}

const ATTEMPTS = 10
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
  world.pool
    .run((engine) => runSql(spec, world, engine, job), { signal: abort.signal, onStart })
    .then(finish, (cause: unknown) => finish({ problem: problemOf(cause) }))
  return job
}

/** Plans a statement as a dry run does: nothing runs, and undeclared parameters are guessed. Throws. */
export async function dryRun(spec: JobSpec, world: World): Promise<Plan> {
  return world.planners.run(async (engine) => {
    const context = contextOf(spec, world, engine)
    const plan = await planStatement(
      spec.sql,
      context,
      engineParameters(spec.parameterMode, spec.parameters),
      true,
    )
    refuseBytes(spec, plan)
    return plan
  })
}

async function runSql(
  spec: JobSpec,
  world: World,
  engine: Engine,
  job: Job,
): Promise<Partial<Job>> {
  await world.beforeJob(spec.sql, spec.labels)
  const context = contextOf(spec, world, engine)
  const parameters = engineParameters(spec.parameterMode, spec.parameters)
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      const plan = await planStatement(spec.sql, context, parameters, false)
      job.plan = plan
      refuseBytes(spec, plan)
      // oxlint-disable-next-line no-await-in-loop
      return { outcome: await execute(plan, context, parameters, world.clock) }
    } catch (cause) {
      if (!(cause instanceof ConcurrentUpdate) || attempt === ATTEMPTS) throw cause
    }
  }
}

function contextOf(spec: JobSpec, world: World, engine: Engine): SqlContext {
  const { catalog, informationSchema } = world
  const { projectId, defaultDataset } = spec
  return {
    engine,
    catalog,
    informationSchema,
    projectId,
    ...(defaultDataset && { defaultDataset }),
  }
}

function refuseBytes({ maximumBytesBilled }: JobSpec, plan: Plan): void {
  const billed = bytesBilled(plan.totalBytesProcessed, plan.referencedTables.length)
  if (maximumBytesBilled === undefined || maximumBytesBilled < 0 || billed <= maximumBytesBilled)
    return
  throw new BigQueryError(
    'bytesBilledLimitExceeded',
    `Query exceeded limit for bytes billed: ${maximumBytesBilled}. ${billed} or higher required.`,
  )
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
