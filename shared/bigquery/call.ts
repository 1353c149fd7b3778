import type { ProjectId } from './reference.ts'

/** The methods of the BigQuery REST API v2 that Sluice offers, spelled as in its discovery document. */
export type Method =
  | 'jobs.query'
  | 'jobs.insert'
  | 'jobs.get'
  | 'jobs.getQueryResults'
  | 'jobs.list'
  | 'jobs.cancel'
  | 'datasets.list'
  | 'datasets.get'
  | 'tables.list'
  | 'tables.get'
  | 'tabledata.list'
  | 'routines.list'
  | 'routines.get'
  | 'projects.list'
  | 'projects.getServiceAccount'

/** JSON as it goes over the wire. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }

/**
 * One request as Sluice sends it to BigQuery: rebuilt from what was parsed, never what the client's
 * bytes happened to be.
 */
export interface BigQueryCall {
  readonly method: Method
  /** The project in the path; it also chooses the connection. */
  readonly projectId: ProjectId
  readonly verb: 'GET' | 'POST'
  /** Path below `/bigquery/v2`, every segment percent-encoded. */
  readonly path: string
  /** Query parameters in BigQuery's names. */
  readonly query: Readonly<Record<string, string>>
  /** JSON body of a POST. */
  readonly body?: { readonly [key: string]: Json | undefined }
}
