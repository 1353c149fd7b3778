import type { TimeSpan } from '../../recording/reconcile/job-history.ts'
import { type OwnStatement, parametersOf } from './own-statement.ts'

/**
 * One row for each job that ended, and each read session, of these accounts.
 * https://cloud.google.com/bigquery/docs/reference/auditlogs/rest/Shared.Types/BigQueryAuditMetadata
 */
export function auditedStatement(
  table: string,
  span: TimeSpan,
  accounts: readonly string[],
): OwnStatement {
  return {
    sql: `WITH audited AS (
  SELECT
    protopayload_auditlog.metadataJson AS metadata,
    protopayload_auditlog.authenticationInfo.principalEmail AS account,
    resource.labels.location AS location
  FROM \`${table}\`
  WHERE timestamp >= @from AND timestamp < @to
    AND protopayload_auditlog.authenticationInfo.principalEmail IN UNNEST(@names)
)
SELECT
  ${COLUMNS.join(',\n  ')}
FROM audited
WHERE ${value('jobChange.after')} = 'DONE' OR ${value('tableDataRead.reason')} = 'CREATE_READ_SESSION'`,
    parameters: parametersOf(span, accounts),
  }
}

function value(path: string): string {
  return `JSON_VALUE(metadata, '$.${path}')`
}

const inJob = (path: string): string => value(`jobChange.job.${path}`)

const COLUMNS = [
  inJob('jobName'),
  inJob('jobStats.parentJobName'),
  'account',
  inJob('jobStats.createTime'),
  inJob('jobStatus.jobState'),
  inJob('jobConfig.type'),
  inJob('jobConfig.queryConfig.statementType'),
  inJob('jobStatus.errorResult.code'),
  inJob('jobStats.queryStats.totalBilledBytes'),
  inJob('jobConfig.labels.sluice_entry'),
  inJob('jobConfig.labels.sluice_session'),
  inJob('jobConfig.labels.sluice_decision'),
  'location',
  value('tableDataRead.sessionName'),
]
