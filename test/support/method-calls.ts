import type { Method } from '../../shared/bigquery/call.ts'
import { SELECT, type World } from './world.ts'

/** One good request for a method. */
export interface MethodCall {
  readonly method: Method
  readonly verb: 'GET' | 'POST'
  /** Below `/bigquery/v2`. */
  readonly path: string
  readonly body?: object
}

/** The job that calls about jobs are about: `startJob` makes it Ana's. */
export const JOB = 'job_1'

const TABLE = '/projects/acme/datasets/hospital/tables/patients'
const get = (method: Method, path: string): MethodCall => ({ method, verb: 'GET', path })

/** A request for every method that Sluice offers, each of which Ana may make. */
export const methodCalls: readonly MethodCall[] = [
  { method: 'jobs.query', verb: 'POST', path: '/projects/acme/queries', body: { query: SELECT } },
  {
    method: 'jobs.insert',
    verb: 'POST',
    path: '/projects/acme/jobs',
    body: { configuration: { query: { query: SELECT } } },
  },
  get('jobs.get', `/projects/acme/jobs/${JOB}`),
  get('jobs.getQueryResults', `/projects/acme/queries/${JOB}`),
  get('jobs.list', '/projects/acme/jobs'),
  { method: 'jobs.cancel', verb: 'POST', path: `/projects/acme/jobs/${JOB}/cancel` },
  get('datasets.list', '/projects/acme/datasets'),
  get('datasets.get', '/projects/acme/datasets/hospital'),
  get('tables.list', '/projects/acme/datasets/hospital/tables'),
  get('tables.get', TABLE),
  get('tabledata.list', `${TABLE}/data`),
  get('routines.list', '/projects/acme/datasets/hospital/routines'),
  get('routines.get', '/projects/acme/datasets/hospital/routines/age'),
  get('projects.list', '/projects'),
  get('projects.getServiceAccount', '/projects/acme/serviceAccount'),
]

/** Those that can be made again without BigQuery doing anything twice. */
export const repeatableCalls: readonly MethodCall[] = methodCalls.filter(
  ({ method }) => method !== 'jobs.query',
)

/** Ana runs a query: `JOB` is hers. What that left behind upstream is forgotten. */
export async function startJob(gateway: World): Promise<void> {
  const response = await gateway.query(SELECT)
  if (response.status !== 200 || !gateway.bigQuery.jobs.has(JOB)) throw new Error('no job')
  gateway.upstream.requests.length = 0
}

/** Makes the call; as Ana unless `init` says otherwise. */
export function makeCall(
  gateway: World,
  { verb, path, body }: MethodCall,
  init: Parameters<World['request']>[1] = { as: 'ana' },
): Promise<Response> {
  const url = `/bigquery/v2${path}`
  return body === undefined
    ? gateway.request(url, { method: verb, ...init })
    : gateway.post(url, body, init)
}
