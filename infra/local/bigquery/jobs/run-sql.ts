import type { Catalog } from '../catalog/catalog.ts'
import type { DatasetReference } from '../catalog/reference.ts'
import type { Engine } from '../engine/engine.ts'
import type { EnginePool } from '../engine/pool.ts'
import { BigQueryError } from '../errors.ts'
import { bytesBilled } from '../sql/bytes-processed.ts'
import type { SqlContext } from '../sql/context.ts'
import { ConcurrentUpdate } from '../sql/dml.ts'
import { execute, type Outcome } from '../sql/execute.ts'
import { type PlanFacts, planStatement } from '../sql/plan.ts'
import type { QueryParameter } from './job-request.ts'
import type { Json } from './json.ts'
import { engineParameters } from './parameters.ts'

/** What a query job is to do. */
export interface JobSpec {
  readonly projectId: string
  /** The address of who asked. */
  readonly user: string
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

const ATTEMPTS = 50

/** Plans a statement as a dry run does: nothing runs, and undeclared parameters are guessed. Throws. */
export async function dryRun(spec: JobSpec, world: World): Promise<PlanFacts> {
  return world.planners.run(async (engine) => {
    const context = contextOf(spec, world, engine)
    const plan = await planStatement(
      spec.sql,
      context,
      engineParameters(spec.parameterMode, spec.parameters),
      true,
    )
    refuseBytes(spec, plan.facts)
    return plan.facts
  })
}

/** Runs a job's statement; `onPlan` hears what it is before it runs. Throws. */
export async function runSql(
  spec: JobSpec,
  world: World,
  engine: Engine,
  onPlan: (facts: PlanFacts) => void,
): Promise<Outcome> {
  await world.beforeJob(spec.sql, spec.labels)
  const context = contextOf(spec, world, engine)
  const parameters = engineParameters(spec.parameterMode, spec.parameters)
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      const plan = await planStatement(spec.sql, context, parameters, false)
      onPlan(plan.facts)
      refuseBytes(spec, plan.facts)
      // oxlint-disable-next-line no-await-in-loop
      return await execute(plan, context, parameters, world.clock)
    } catch (cause) {
      if (!(cause instanceof ConcurrentUpdate) || attempt === ATTEMPTS) throw cause
    }
  }
}

function contextOf(spec: JobSpec, world: World, engine: Engine): SqlContext {
  const { catalog, informationSchema } = world
  const { projectId, user, defaultDataset } = spec
  return {
    engine,
    catalog,
    informationSchema,
    projectId,
    user,
    now: world.clock(),
    ...(defaultDataset && { defaultDataset }),
  }
}

function refuseBytes({ maximumBytesBilled }: JobSpec, facts: PlanFacts): void {
  const billed = bytesBilled(facts.totalBytesProcessed, facts.referencedTables.length)
  if (maximumBytesBilled === undefined || maximumBytesBilled < 0 || billed <= maximumBytesBilled)
    return
  throw new BigQueryError(
    'bytesBilledLimitExceeded',
    `Query exceeded limit for bytes billed: ${maximumBytesBilled}. ${billed} or higher required.`,
  )
}
