import type { JobPlace, TimeSpan, WhichJobs } from '../../recording/reconcile/job-history.ts'
import { type OwnStatement, parametersOf } from './own-statement.ts'

/** Which account asks. */
export const accountStatement: OwnStatement = { sql: 'SELECT SESSION_USER()', parameters: [] }

/**
 * One row for each job, in the order of `jobRow`; the last column counts jobs of which nothing else is said.
 * https://cloud.google.com/bigquery/docs/information-schema-jobs
 */
export function jobsStatement(place: JobPlace, span: TimeSpan, which: WhichJobs): OwnStatement {
  const view = `\`${place.projectId}\`.\`region-${place.location.toLowerCase()}\`.INFORMATION_SCHEMA.JOBS`
  const [isAsked, names] =
    'accounts' in which
      ? (['account IN UNNEST(@names) OR entry IS NOT NULL', which.accounts] as const)
      : (['entry IN UNNEST(@names)', which.entries] as const)
  const others =
    'accounts' in which
      ? `
UNION ALL
SELECT ${COLUMNS.map(() => 'CAST(NULL AS STRING)').join(', ')}, COUNT(*) FROM jobs WHERE (${isAsked}) IS NOT TRUE`
      : ''
  return {
    sql: `WITH jobs AS (
  SELECT
    ${COLUMNS.map(([name, expression]) => `${expression} AS ${name}`).join(',\n    ')}
  FROM ${view}
  WHERE creation_time >= @from AND creation_time < @to
)
SELECT ${COLUMNS.map(([name]) => name).join(', ')}, 0 FROM jobs WHERE ${isAsked}${others}`,
    parameters: parametersOf(span, names),
  }
}

const label = (name: string): string =>
  `(SELECT ANY_VALUE(value) FROM UNNEST(labels) WHERE key = '${name}')`

const COLUMNS: readonly (readonly [name: string, expression: string])[] = [
  ['id', 'job_id'],
  ['parent', 'parent_job_id'],
  ['account', 'user_email'],
  ['created', 'CAST(UNIX_MILLIS(creation_time) AS STRING)'],
  ['progress', 'state'],
  ['kind', 'job_type'],
  ['statement', 'statement_type'],
  ['reason', 'error_result.reason'],
  ['billed', 'CAST(total_bytes_billed AS STRING)'],
  ['entry', label('sluice_entry')],
  ['in_session', label('sluice_session')],
  ['decision', label('sluice_decision')],
]
