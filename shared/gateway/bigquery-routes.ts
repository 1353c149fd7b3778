import { Hono } from 'hono'

import type { Method } from '../bigquery/call.ts'
import { methods } from '../bigquery/methods.ts'
import type { ServeMethod } from './method.ts'
import { getDataset, listDatasets } from './methods/datasets.ts'
import { cancelJob, getJob } from './methods/jobs.ts'
import { listJobs } from './methods/list-jobs.ts'
import { getServiceAccount, listProjects } from './methods/projects.ts'
import { queryResults } from './methods/query-results.ts'
import { getRoutine, listRoutines } from './methods/routines.ts'
import { runQuery } from './methods/run-query.ts'
import { listRows } from './methods/table-data.ts'
import { getTable, listTables } from './methods/tables.ts'
import type { Ports } from './ports.ts'
import { serve } from './serve.ts'
import type { Surface } from './surface.ts'

const servants: Record<Method, ServeMethod> = {
  'jobs.query': runQuery,
  'jobs.insert': runQuery,
  'jobs.get': getJob,
  'jobs.getQueryResults': queryResults,
  'jobs.list': listJobs,
  'jobs.cancel': cancelJob,
  'datasets.list': listDatasets,
  'datasets.get': getDataset,
  'tables.list': listTables,
  'tables.get': getTable,
  'tabledata.list': listRows,
  'routines.list': listRoutines,
  'routines.get': getRoutine,
  'projects.list': listProjects,
  'projects.getServiceAccount': getServiceAccount,
}

/** The methods of the BigQuery REST API that Sluice offers, below whatever they are mounted on. */
export function bigQueryRoutes(ports: Ports, surface: Surface): Hono {
  const app = new Hono()
  const byPath = Map.groupBy(methods, ({ path }) => path)
  for (const [path, offered] of byPath) {
    const verbs = new Map(
      offered.map(({ httpMethod, method }) => [httpMethod, { method, serve: servants[method] }]),
    )
    app.on(
      ['GET', 'POST'],
      `/${path.replaceAll(/\{\+(\w+)\}/g, ':$1')}`,
      (c, next) => serve(ports, surface, c, verbs) ?? next(),
    )
  }
  return app
}
