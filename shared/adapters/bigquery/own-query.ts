import { z } from 'zod'

import { getCall, insertCall } from '../../bigquery/build-call.ts'
import type { BigQueryCall, Json } from '../../bigquery/call.ts'
import { parseJobId, parseProjectId } from '../../bigquery/reference.ts'
import type { JobPlace } from '../../recording/reconcile/job-history.ts'
import { askTwice } from './ask-twice.ts'
import type { Exchange } from './exchange.ts'
import { BigQueryUnavailable } from './own-questions.ts'

/** A query that Sluice runs for itself, over what BigQuery knows of its jobs. */
export interface OwnQuery extends JobPlace {
  readonly connection: string
  readonly jobId: string
  readonly sql: string
  /** As BigQuery has them, named. */
  readonly parameters: readonly Json[]
}

/** The values of a row, in the order of its columns; NULL is null. */
export type OwnRow = readonly (string | null)[]

const WAIT_MS = 10_000
const PAGE = 10_000
/** It looks through the history of some hours. */
const LONGEST_MS = 10 * 60_000

const results = z.object({
  jobComplete: z.boolean(),
  pageToken: z.string().optional(),
  rows: z
    .array(z.object({ f: z.array(z.object({ v: z.union([z.string(), z.null()]) })) }))
    .default([]),
})

/**
 * Runs a query and yields its rows, page by page. Throws `BigQueryUnavailable`, in fixed words, when BigQuery does not
 * run it to its end.
 */
export async function* ownQuery(
  call: Exchange['call'],
  query: OwnQuery,
): AsyncGenerator<readonly OwnRow[]> {
  const { connection, jobId, location } = query
  const projectId = parseProjectId(query.projectId)
  const id = parseJobId(jobId)
  if (projectId === undefined || id === undefined) throw new TypeError('not the name of a job')
  // Its id makes it one job, however often it is sent: 409 says that it is there.
  await askTwice(call, connection, insertOf(query, projectId), 409)
  const giveUpAt = performance.now() + LONGEST_MS
  for (let pageToken: string | undefined; performance.now() < giveUpAt;) {
    const asked = getCall('jobs.getQueryResults', projectId, ['queries', id], {
      location,
      pageToken,
      maxResults: PAGE,
      timeoutMs: WAIT_MS,
    })
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const page = results.safeParse(await askTwice(call, connection, asked))
    if (!page.success) throw new BigQueryUnavailable('an answer is not one of a query')
    if (!page.data.jobComplete) continue
    yield page.data.rows.map(({ f }) => f.map(({ v }) => v))
    pageToken = page.data.pageToken
    if (pageToken === undefined) return
  }
  throw new BigQueryUnavailable('a question about jobs took too long')
}

function insertOf(
  { jobId, location, sql, parameters }: OwnQuery,
  projectId: BigQueryCall['projectId'],
): BigQueryCall {
  return insertCall(projectId, {
    jobReference: { projectId, jobId, location },
    configuration: {
      labels: { sluice_own: 'job-history' },
      jobTimeoutMs: String(LONGEST_MS),
      query: {
        query: sql,
        useLegacySql: false,
        useQueryCache: false,
        parameterMode: 'NAMED',
        queryParameters: parameters,
      },
    },
  })
}
