import type { Method } from './call.ts'

/** A method Sluice offers, as its discovery document describes it. */
export interface MethodDescription {
  readonly method: Method
  readonly httpMethod: 'GET' | 'POST'
  /** Below `/bigquery/v2/`, with `{+name}` for path parameters as in Google's document. */
  readonly path: string
  readonly parameters: Readonly<Record<string, ParameterKind>>
  /** Schema name of the body, where there is one. */
  readonly request?: string
  readonly response: string
  readonly description: string
}

export type ParameterKind = 'string' | 'integer' | 'boolean' | 'repeated'

const formatOptions = {
  'formatOptions.useInt64Timestamp': 'boolean',
  'formatOptions.timestampOutputFormat': 'string',
} as const
const paging = { maxResults: 'integer', pageToken: 'string' } as const

/**
 * Every method of the BigQuery REST API v2 that Sluice offers, with every parameter it takes.
 * https://cloud.google.com/bigquery/docs/reference/rest
 */
export const methods: readonly MethodDescription[] = [
  {
    method: 'jobs.query',
    httpMethod: 'POST',
    path: 'projects/{+projectId}/queries',
    parameters: {},
    request: 'QueryRequest',
    response: 'QueryResponse',
    description: 'Runs a query and returns its first page, or a job to wait for.',
  },
  {
    method: 'jobs.insert',
    httpMethod: 'POST',
    path: 'projects/{+projectId}/jobs',
    parameters: {},
    request: 'Job',
    response: 'Job',
    description: 'Starts a query job. Other kinds of jobs are not offered.',
  },
  {
    method: 'jobs.get',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/jobs/{+jobId}',
    parameters: { location: 'string', projection: 'string' },
    response: 'Job',
    description: 'The state of a job of the caller.',
  },
  {
    method: 'jobs.getQueryResults',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/queries/{+jobId}',
    parameters: {
      ...paging,
      ...formatOptions,
      location: 'string',
      startIndex: 'string',
      timeoutMs: 'integer',
    },
    response: 'GetQueryResultsResponse',
    description: 'A page of results of a job of the caller; waits while the job runs.',
  },
  {
    method: 'jobs.list',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/jobs',
    parameters: {
      ...paging,
      allUsers: 'boolean',
      maxCreationTime: 'string',
      minCreationTime: 'string',
      parentJobId: 'string',
      projection: 'string',
      stateFilter: 'repeated',
    },
    response: 'JobList',
    description: 'The jobs of the caller, newest first.',
  },
  {
    method: 'jobs.cancel',
    httpMethod: 'POST',
    path: 'projects/{+projectId}/jobs/{+jobId}/cancel',
    parameters: { location: 'string' },
    response: 'JobCancelResponse',
    description: 'Cancels a job of the caller.',
  },
  {
    method: 'datasets.list',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/datasets',
    parameters: { ...paging, all: 'boolean', filter: 'string' },
    response: 'DatasetList',
    description: 'Datasets in which the caller may query something.',
  },
  {
    method: 'datasets.get',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/datasets/{+datasetId}',
    parameters: { accessPolicyVersion: 'integer', datasetView: 'string' },
    response: 'Dataset',
    description: 'A dataset in which the caller may query something.',
  },
  {
    method: 'tables.list',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/datasets/{+datasetId}/tables',
    parameters: paging,
    response: 'TableList',
    description: 'Tables and views the caller may query.',
  },
  {
    method: 'tables.get',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/datasets/{+datasetId}/tables/{+tableId}',
    parameters: { selectedFields: 'string', view: 'string' },
    response: 'Table',
    description: 'Schema and properties of a table the caller may query.',
  },
  {
    method: 'tabledata.list',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/datasets/{+datasetId}/tables/{+tableId}/data',
    parameters: {
      ...paging,
      ...formatOptions,
      selectedFields: 'string',
      startIndex: 'string',
    },
    response: 'TableDataList',
    description: 'Rows of a table the caller may query, or of a result of the caller.',
  },
  {
    method: 'routines.list',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/datasets/{+datasetId}/routines',
    parameters: { ...paging, filter: 'string', readMask: 'string' },
    response: 'ListRoutinesResponse',
    description: 'Routines of a dataset in which the caller may query something.',
  },
  {
    method: 'routines.get',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/datasets/{+datasetId}/routines/{+routineId}',
    parameters: { readMask: 'string' },
    response: 'Routine',
    description: 'A routine of a dataset in which the caller may query something.',
  },
  {
    method: 'projects.list',
    httpMethod: 'GET',
    path: 'projects',
    parameters: paging,
    response: 'ProjectList',
    description: 'Projects of the policy in which the caller may query something.',
  },
  {
    method: 'projects.getServiceAccount',
    httpMethod: 'GET',
    path: 'projects/{+projectId}/serviceAccount',
    parameters: {},
    response: 'GetServiceAccountResponse',
    description: "The project's BigQuery service agent.",
  },
]

/**
 * Parameters every method takes. `alt` only as `json`, `prettyPrint` without effect; the rest is for
 * Google's own front end and goes no further.
 */
export const commonParameters: Readonly<Record<string, ParameterKind>> = {
  alt: 'string',
  fields: 'string',
  key: 'string',
  prettyPrint: 'boolean',
  quotaUser: 'string',
}
