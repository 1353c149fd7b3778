import type { Job } from '../jobs/job.ts'
import { bytesBilled } from '../sql/bytes-processed.ts'
import type { Column, ScalarKind, SqlType } from '../types/sql-type.ts'
import { timestampText } from './virtual-table.ts'

const strings = (...names: readonly string[]): SqlType => ({
  kind: 'STRUCT',
  fields: names.map((name) => ({ name, type: { kind: 'STRING' } })),
})
const column = (name: string, kind: ScalarKind): Column => ({ name, type: { kind } })
const tableReference = strings('project_id', 'dataset_id', 'table_id')

/** The columns of `INFORMATION_SCHEMA.JOBS`, as far as they are known here. */
export const jobColumns: readonly Column[] = [
  column('creation_time', 'TIMESTAMP'),
  column('project_id', 'STRING'),
  column('user_email', 'STRING'),
  column('job_id', 'STRING'),
  // There are no scripts here.
  column('parent_job_id', 'STRING'),
  column('job_type', 'STRING'),
  column('statement_type', 'STRING'),
  column('priority', 'STRING'),
  column('start_time', 'TIMESTAMP'),
  column('end_time', 'TIMESTAMP'),
  column('query', 'STRING'),
  column('state', 'STRING'),
  column('total_bytes_processed', 'INT64'),
  column('total_bytes_billed', 'INT64'),
  column('total_slot_ms', 'INT64'),
  { name: 'error_result', type: strings('reason', 'location', 'debug_info', 'message') },
  column('cache_hit', 'BOOL'),
  { name: 'destination_table', type: tableReference },
  { name: 'referenced_tables', type: { kind: 'ARRAY', element: tableReference } },
  { name: 'labels', type: { kind: 'ARRAY', element: strings('key', 'value') } },
]

/** One row for each job. */
export function jobRows(jobs: readonly Job[]): readonly object[] {
  return jobs.map((job) => {
    const { reference, facts, problem, startTime, endTime } = job
    const target = facts?.target ?? {
      projectId: reference.projectId,
      ...job.anonymousTable,
    }
    const processed = facts?.totalBytesProcessed ?? 0
    return {
      creation_time: timestampText(job.creationTime),
      project_id: reference.projectId,
      user_email: job.user,
      job_id: reference.jobId,
      job_type: 'QUERY',
      statement_type: facts?.statementType,
      priority: 'INTERACTIVE',
      start_time: timestampText(startTime),
      end_time: timestampText(endTime),
      query: job.sql,
      state: job.state,
      total_bytes_processed: processed,
      total_bytes_billed: bytesBilled(processed, facts?.referencedTables.length ?? 0),
      total_slot_ms: startTime === undefined || endTime === undefined ? 0 : endTime - startTime,
      error_result: problem && {
        reason: problem.reason,
        location: 'query',
        debug_info: '',
        message: problem.message,
      },
      cache_hit: false,
      destination_table: tableRow(target),
      referenced_tables: (facts?.referencedTables ?? []).map(tableRow),
      labels: Object.entries(job.labels).map(([key, value]) => ({ key, value })),
    }
  })
}

function tableRow(table: {
  readonly projectId: string
  readonly datasetId: string
  readonly tableId: string
}): object {
  return { project_id: table.projectId, dataset_id: table.datasetId, table_id: table.tableId }
}
