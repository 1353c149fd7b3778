import { z } from 'zod'

import { getCall } from '../../bigquery/build-call.ts'
import { type TableReference, formatTable } from '../../bigquery/reference.ts'
import type {
  AuditedPage,
  CloudAuditLogs,
  ReadSession,
} from '../../recording/reconcile/cloud-audit-logs.ts'
import type { PastJob } from '../../recording/reconcile/job-history.ts'
import { askTwice } from './ask-twice.ts'
import { auditedStatement } from './cloud-audit-logs-sql.ts'
import type { Exchange } from './exchange.ts'
import type { OwnJobIds } from './own-job-ids.ts'
import { type OwnRow, ownQuery } from './own-query.ts'
import { BigQueryUnavailable } from './own-questions.ts'

export interface BigQueryAuditLogsOptions {
  /** `cloudaudit_googleapis_com_data_access` of a sink with partitioned tables. Who writes to it can hide anything. */
  readonly table: TableReference
  readonly call: Exchange['call']
  /** Whose credential reads it. */
  readonly connection: string
  readonly ids: OwnJobIds
}

const located = z.object({ location: z.string() })

/** `CloudAuditLogs` from the table that Cloud Logging exports them to. Rejects with `BigQueryUnavailable`. */
export function bigQueryAuditLogs(options: BigQueryAuditLogsOptions): CloudAuditLogs {
  const { table, call, connection, ids } = options
  const { projectId, datasetId, tableId } = table
  return async function* (span, accounts) {
    const path = ['datasets', datasetId, 'tables', tableId]
    const asked = getCall('tables.get', projectId, path, { fields: 'location' })
    const found = located.safeParse(await askTwice(call, connection, asked))
    if (!found.success) throw new BigQueryUnavailable('an answer is no table')
    const place = { projectId, location: found.data.location }
    const statement = auditedStatement(formatTable(table), span, accounts)
    const query = { connection, ...place, jobId: ids.next(place), ...statement }
    for await (const rows of ownQuery(call, query)) yield pageOf(rows, ids)
  }
}

const text = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined)

const auditedRow = z.tuple([
  text,
  text,
  text,
  text,
  text,
  text,
  text,
  text,
  text,
  text,
  text,
  text,
  text,
  text,
])

function pageOf(rows: readonly OwnRow[], ids: OwnJobIds): AuditedPage {
  const jobs: PastJob[] = []
  const readSessions: ReadSession[] = []
  for (const row of rows) {
    const parsed = auditedRow.safeParse(row)
    if (!parsed.success) throw unknown()
    const [name, parent, account = '', created, state = '', ...more] = parsed.data
    const [jobType, statementType, errorReason, totalBytesBilled, ...rest] = more
    const [entry, session, decision, where = '', sessionName] = rest
    if (sessionName !== undefined) {
      readSessions.push({ session: sessionOf(sessionName), account })
      continue
    }
    const [, projectId, jobId] = /^projects\/([^/]+)\/jobs\/([^/]+)$/.exec(name ?? '') ?? []
    const createdAt = Date.parse(created ?? '')
    if (projectId === undefined || jobId === undefined || Number.isNaN(createdAt)) throw unknown()
    const place = { projectId, location: where }
    if (ids.isOwn(place, jobId)) continue
    jobs.push({
      ...place,
      jobId,
      account,
      createdAt,
      parent,
      state,
      jobType,
      statementType,
      errorReason,
      totalBytesBilled,
      labels: { entry, session, decision },
    })
  }
  return { jobs, readSessions }
}

function sessionOf(name: string): ReadSession['session'] {
  const [, projectId = '', location, jobId = name] =
    /^projects\/([^/]+)\/locations\/([^/]+)\/sessions\/([^/]+)$/.exec(name) ?? []
  return { projectId, jobId, location }
}

function unknown(): BigQueryUnavailable {
  return new BigQueryUnavailable('the audit logs have something that is no job')
}
