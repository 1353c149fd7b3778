import { z } from 'zod'

import type { Connection } from '../../policy/policy.ts'
import type { CloudAuditLogs } from '../../recording/reconcile/cloud-audit-logs.ts'
import type {
  JobHistory,
  JobPage,
  JobPlace,
  PastJob,
} from '../../recording/reconcile/job-history.ts'
import { type BigQueryAuditLogsOptions, bigQueryAuditLogs } from './cloud-audit-logs.ts'
import { bigQueryExchange, type ExchangeOptions } from './exchange.ts'
import { accountStatement, jobsStatement } from './job-history-sql.ts'
import { placesOfJobs } from './job-places.ts'
import { ownJobIds } from './own-job-ids.ts'
import { type OwnQuery, type OwnRow, ownQuery } from './own-query.ts'
import { BigQueryUnavailable } from './own-questions.ts'

export interface BigQueryJobHistoryOptions extends Omit<ExchangeOptions, 'connections'> {
  readonly connections: readonly Connection[]
  /** Secrets of the deployment, newest first: they tell Sluice's own questions from everybody else's. */
  readonly keys: readonly [Uint8Array, ...Uint8Array[]]
  readonly random: (bytes: number) => Uint8Array
  /** How late a job may appear. Default ten minutes. */
  readonly lagMs?: number
  /** Where Cloud Logging exports the data access logs to, and whose credential reads them. */
  readonly auditLogs?: Pick<BigQueryAuditLogsOptions, 'table' | 'connection'> | undefined
  /** Epoch milliseconds: of what was before BigQuery knows nothing. Default: it remembers 180 days. */
  readonly since?: number
}

const LAG_MS = 10 * 60_000
const KEPT_MS = 180 * 24 * 60 * 60_000
/** Where a connection without a location asks who it is. */
const ANYWHERE = 'US'

/**
 * `JobHistory` by `INFORMATION_SCHEMA.JOBS` of each project and region, asked with the credential of the project's
 * connection, which needs `bigquery.jobs.listAll`. Everything rejects with `BigQueryUnavailable`.
 */
export function bigQueryJobHistory(options: BigQueryJobHistoryOptions): JobHistory & {
  /** Undefined without `auditLogs`. */
  readonly cloudAuditLogs: CloudAuditLogs | undefined
  readonly close: () => Promise<void>
} {
  const { connections, keys, random, lagMs = LAG_MS, since = 0, auditLogs, ...exchange } = options
  const { call, close } = bigQueryExchange({ ...exchange, connections: 4 })
  const ids = ownJobIds(keys, random)
  const ask = (
    connection: string,
    place: JobPlace,
    statement: Pick<OwnQuery, 'sql' | 'parameters'>,
  ): AsyncIterable<readonly OwnRow[]> =>
    ownQuery(call, { connection, ...place, jobId: ids.next(place), ...statement })

  return {
    close,
    projects: connections.flatMap(({ projects }) => projects),
    cloudAuditLogs: auditLogs && bigQueryAuditLogs({ ...auditLogs, call, ids }),
    known: (now) => ({ from: Math.max(now - KEPT_MS, since), to: now - lagMs }),
    accounts: async () => {
      const accounts = new Set<string>()
      for (const { id, projects, location = ANYWHERE } of connections) {
        const [projectId] = projects
        if (projectId === undefined) continue
        // oxlint-disable-next-line no-await-in-loop -- a few
        for await (const rows of ask(id, { projectId, location }, accountStatement))
          for (const [account] of rows) if (typeof account === 'string') accounts.add(account)
      }
      if (accounts.size === 0) throw new BigQueryUnavailable('bigquery does not say who asks')
      return [...accounts]
    },
    places: async (span, projectId) => {
      const places: JobPlace[] = []
      for (const { id, projects } of connections)
        for (const each of projects)
          if (projectId === undefined || projectId === each)
            // oxlint-disable-next-line no-await-in-loop -- a few
            places.push(...(await placesOfJobs(call, id, each, span)))
      return places
    },
    jobs: async function* (place, span, which) {
      const connection = connections.find(({ projects }) =>
        projects.some((each) => each === place.projectId),
      )
      if (connection === undefined) throw new Error(`no connection for \`${place.projectId}\``)
      for await (const rows of ask(connection.id, place, jobsStatement(place, span, which)))
        yield pageOf(rows, place, (jobId) => ids.isOwn(place, jobId))
    },
  }
}

const text = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined)

const jobRow = z.tuple([
  z.string(),
  text,
  text,
  z.coerce.number(),
  z.string(),
  text,
  text,
  text,
  text,
  text,
  text,
  text,
  z.string(),
])

function pageOf(
  rows: readonly OwnRow[],
  place: JobPlace,
  isOwn: (jobId: string) => boolean,
): JobPage {
  const jobs: PastJob[] = []
  let ownQuestions = 0
  let others = 0
  for (const row of rows) {
    if (row[0] === null) {
      others += Number(row.at(-1))
      continue
    }
    const job = jobOf(row, place)
    if (isOwn(job.jobId)) ownQuestions += 1
    else jobs.push(job)
  }
  return { jobs, ownQuestions, others }
}

function jobOf(row: OwnRow, place: JobPlace): PastJob {
  const parsed = jobRow.safeParse(row)
  if (!parsed.success) throw new BigQueryUnavailable('bigquery lists something that is no job')
  const [jobId, parent, account = '', createdAt, state, jobType, statementType, ...more] =
    parsed.data
  const [errorReason, totalBytesBilled, entry, session, decision] = more
  return {
    ...place,
    jobId,
    parent,
    account,
    createdAt,
    state,
    jobType,
    statementType,
    errorReason,
    totalBytesBilled,
    labels: { entry, session, decision },
  }
}
