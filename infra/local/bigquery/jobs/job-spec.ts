import { LOCATION } from '../catalog/catalog.ts'
import type { DatasetReference } from '../catalog/reference.ts'
import { BigQueryError, cannot } from '../errors.ts'
import type { InsertRequest, QueryRequest } from './job-request.ts'
import type { Json } from './json.ts'
import type { JobSpec } from './run-sql.ts'

/** The job that a `jobs.query` request of `user` asks for. Throws for what is not to be had here. */
export function querySpec(projectId: string, user: string, request: QueryRequest): JobSpec {
  const { dryRun, labels, jobTimeoutMs, location, ...rest } = request
  refuseLocation(location)
  refuseUnsupported(request)
  const query = echo(rest, QUERY_FIELDS)
  return {
    ...queryParts(projectId, request),
    user,
    timeoutMs: jobTimeoutMs,
    labels: checkedLabels(labels),
    configuration: echo({ query, labels, jobTimeoutMs, dryRun }),
  }
}

/** The job that a `jobs.insert` request of `user` asks for. Throws for what is not to be had here. */
export function insertSpec(projectId: string, user: string, request: InsertRequest): JobSpec {
  const { configuration, jobReference } = request
  const { query, labels, jobTimeoutMs, dryRun } = configuration
  if (query === undefined) {
    const other = ['load', 'extract', 'copy'].find((kind) => configuration[kind] !== undefined)
    if (other !== undefined) throw cannot(`${other} jobs; only query jobs`)
    throw new BigQueryError('required', 'Required parameter is missing: configuration.query')
  }
  refuseLocation(jobReference?.location)
  refuseUnsupported(query)
  const jobId = jobReference?.jobId
  if (jobId !== undefined && !/^[A-Za-z0-9_-]{1,1024}$/.test(jobId)) {
    throw new BigQueryError('invalid', `Invalid job ID "${jobId}".`)
  }
  return {
    ...queryParts(projectId, query),
    user,
    jobId,
    timeoutMs: jobTimeoutMs,
    labels: checkedLabels(labels),
    configuration: echo({ query: echo(query), labels, jobTimeoutMs, dryRun }),
  }
}

const LONGEST_SQL = 1_048_576

/**
 * The labels, if BigQuery would take them.
 * https://cloud.google.com/bigquery/docs/labels-intro#requirements
 */
function checkedLabels(labels: Readonly<Record<string, string>> = {}) {
  for (const [key, value] of Object.entries(labels)) {
    if (!/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key)) {
      throw new BigQueryError('invalid', `Label key "${key}" has invalid characters.`)
    }
    if (!/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value)) {
      throw new BigQueryError('invalid', `Label value "${value}" has invalid characters.`)
    }
  }
  if (Object.keys(labels).length > 64) throw new BigQueryError('invalid', 'Too many labels.')
  return labels
}

type Query = NonNullable<InsertRequest['configuration']['query']>

function queryParts(projectId: string, query: Query) {
  const { query: sql, parameterMode, queryParameters = [], maximumBytesBilled } = query
  const { defaultDataset: given } = query
  const defaultDataset: DatasetReference | undefined = given && {
    projectId: given.projectId ?? projectId,
    datasetId: given.datasetId,
  }
  if (sql.trim() === '') {
    throw new BigQueryError('required', 'Required parameter is missing: query')
  }
  if (sql.length > LONGEST_SQL) {
    throw new BigQueryError(
      'invalid',
      'The query is too large. The maximum standard SQL query length is 1024.00K characters, including comments and white space characters.',
    )
  }
  return {
    projectId,
    sql,
    parameterMode,
    parameters: queryParameters,
    maximumBytesBilled,
    defaultDataset,
  }
}

function refuseUnsupported(query: Query): void {
  if (query.useLegacySql === true) throw cannot('legacy SQL; set useLegacySql to false')
  if (query.createSession === true) throw cannot('sessions')
  if (query.continuous === true) throw cannot('continuous queries')
  if ((query.connectionProperties ?? []).length > 0) throw cannot('connection properties')
  if (query.destinationTable !== undefined) {
    throw cannot('a destination table; write CREATE TABLE … AS or INSERT')
  }
  if (Object.keys(query.tableDefinitions ?? {}).length > 0) throw cannot('external tables')
  if ((query.userDefinedFunctionResources ?? []).length > 0) throw cannot('JavaScript functions')
}

function refuseLocation(location: string | undefined): void {
  if (location === undefined || location === '' || location.toUpperCase() === LOCATION) return
  throw new BigQueryError(
    'notFound',
    `Not found: the local BigQuery has all its data in location ${LOCATION}, not in ${location}`,
  )
}

const QUERY_FIELDS = [
  'query',
  'useLegacySql',
  'useQueryCache',
  'defaultDataset',
  'maximumBytesBilled',
  'parameterMode',
  'queryParameters',
]

/** int64, which the API writes as strings; Go's client reads nothing else. */
const INT64_FIELDS = ['maximumBytesBilled', 'jobTimeoutMs']

/** The members that are there, of these names, as JSON. */
function echo(
  members: Readonly<Record<string, unknown>>,
  names = Object.keys(members),
): Readonly<Record<string, Json>> {
  const written = (name: string): unknown => {
    const value = members[name]
    return typeof value === 'number' && INT64_FIELDS.includes(name) ? String(value) : value
  }
  const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, written(name)])))
  return JSON.parse(text)
}
