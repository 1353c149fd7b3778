import { createServer } from 'node:http'

import { Catalog } from './catalog/catalog.ts'
import { readDataFolder } from './data-folder/read-data-folder.ts'
import { enginePool } from './engine/pool.ts'
import { type Route, router, type SeenRequest } from './http/router.ts'
import { informationSchema } from './information-schema/information-schema.ts'
import { jobStore } from './jobs/job-store.ts'
import type { World } from './jobs/run-sql.ts'
import { datasetRoutes } from './routes/datasets.ts'
import { jobRoutes } from './routes/jobs.ts'
import { queryRoutes } from './routes/queries.ts'
import { routineRoutes } from './routes/routines.ts'
import { tableRoutes } from './routes/tables.ts'

export interface LocalBigQueryOptions {
  /** The data folder, laid out as `readDataFolder` says. */
  readonly data: string
  /** Projects that begin as copies: by id, the project in the folder they are copies of. */
  readonly copies?: Readonly<Record<string, string>>
  /** Any free port by default. */
  readonly port?: number
  /** How many jobs run at once; further ones are PENDING. 4 by default. */
  readonly workers?: number
  /** For tests: awaited by every job when it is RUNNING, before it looks at its SQL. */
  readonly beforeJob?: World['beforeJob']
  /** For tests: called with every request when it has arrived. */
  readonly onRequest?: (request: SeenRequest) => void
  /** Epoch milliseconds; the machine's by default. */
  readonly clock?: () => number
}

const WARM = 2

/** A BigQuery on this machine. */
export interface LocalBigQuery {
  /** `http://127.0.0.1:PORT`; the API is below `/bigquery/v2`. */
  readonly url: string
  readonly port: number
  /** Ends every job, connection and process. Resolves when they are gone. Safe to call twice. */
  readonly close: () => Promise<void>
}

/**
 * Starts BigQuery's REST API v2 over the data folder, on loopback only and open to everybody there.
 * Tables changed by SQL are changed in memory, not in the folder. Rejects with `DataProblem` when the
 * folder cannot be read.
 */
export async function startLocalBigQuery(options: LocalBigQueryOptions): Promise<LocalBigQuery> {
  const { data, copies, workers = 4, clock = Date.now, onRequest = () => {} } = options
  const catalog = new Catalog()
  const jobs = jobStore(clock)
  const views = informationSchema(catalog, jobs.ever)
  const pool = enginePool(workers)
  // Of its own, so that a dry run never waits for a slow query.
  const planners = enginePool(1)
  const stopEngines = async (): Promise<void> => {
    await Promise.all([pool.close(), planners.close()])
  }
  // Longer than a client keeps an idle connection: who closes first must not be us.
  const server = createServer({ keepAliveTimeout: 120_000 })
  try {
    await Promise.all([readDataFolder(data, catalog, planners, views, copies), pool.warm(WARM)])
    const world: World = {
      catalog,
      pool,
      planners,
      clock,
      informationSchema: views,
      beforeJob: options.beforeJob ?? (async () => {}),
    }
    const routes: readonly Route[] = [
      ...datasetRoutes(catalog),
      ...tableRoutes(catalog, jobs),
      ...routineRoutes(catalog),
      ...queryRoutes(world, jobs),
      ...jobRoutes(world, jobs),
    ]
    server.on('request', router(routes, onRequest))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port ?? 0, '127.0.0.1', resolve)
    })
  } catch (cause) {
    await stopEngines()
    throw cause
  }
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      server.closeAllConnections()
      await Promise.all([new Promise((resolve) => server.close(resolve)), stopEngines()])
    },
  }
}
