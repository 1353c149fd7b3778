import { messageAt } from '../engine/message.ts'
import type { BigQueryError } from '../errors.ts'
import { bytesBilled } from '../sql/bytes-processed.ts'
import type { PlanFacts } from '../sql/plan.ts'
import type { Job } from './job.ts'

/** A resource as it goes over the wire. */
export type Resource = { readonly [key: string]: unknown }

/** BigQuery's `Job`, as `jobs.get` shows it. */
export function jobResource(job: Job): Resource {
  const { projectId, jobId, location } = job.reference
  return {
    kind: 'bigquery#job',
    etag: `${jobId}:${job.state}`,
    id: `${projectId}:${location}.${jobId}`,
    selfLink: `/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`,
    user_email: job.user,
    configuration: configurationOf(job),
    jobReference: job.reference,
    statistics: statisticsOf(job),
    status: statusOf(job),
  }
}

/** A job in `jobs.list`; the configuration only in the full projection. */
export function listedJob(job: Job, isFull: boolean): Resource {
  const { kind, id, user_email, configuration, jobReference, statistics, status } = jobResource(job)
  return {
    kind,
    id,
    jobReference,
    state: job.state,
    ...(job.problem !== undefined && { errorResult: errorProto(job.problem) }),
    statistics,
    status,
    user_email,
    ...(isFull && { configuration }),
  }
}

function configurationOf({ configuration, facts, anonymousTable, reference }: Job): Resource {
  const target = facts?.target
  const isQuery = facts === undefined || facts.kind === 'query'
  const destinationTable = isQuery ? { projectId: reference.projectId, ...anonymousTable } : target
  return {
    ...configuration,
    jobType: 'QUERY',
    query: {
      ...messageAt(configuration['query']),
      useLegacySql: false,
      priority: 'INTERACTIVE',
      ...(isQuery && { createDisposition: 'CREATE_IF_NEEDED', writeDisposition: 'WRITE_TRUNCATE' }),
      ...(destinationTable !== undefined && { destinationTable }),
    },
  }
}

function statisticsOf({ facts, outcome, creationTime, startTime, endTime }: Job): Resource {
  const processed = String(facts?.totalBytesProcessed ?? 0)
  const slotMs = String(startTime === undefined || endTime === undefined ? 0 : endTime - startTime)
  return {
    creationTime: String(creationTime),
    ...(startTime !== undefined && { startTime: String(startTime) }),
    ...(endTime !== undefined && { endTime: String(endTime) }),
    ...(facts !== undefined && {
      totalBytesProcessed: processed,
      totalSlotMs: slotMs,
      query: {
        ...queryStatistics(facts),
        totalSlotMs: slotMs,
        ...(outcome !== undefined && changesOf(outcome)),
      },
    }),
  }
}

/** What BigQuery's `JobStatistics2` says of a statement, run or not. */
export function queryStatistics(facts: PlanFacts): Resource {
  const processed = facts.totalBytesProcessed
  const { referencedTables, referencedRoutines, statementType } = facts
  return {
    statementType,
    cacheHit: false,
    totalBytesProcessed: String(processed),
    totalBytesBilled: String(bytesBilled(processed, referencedTables.length)),
    ...(referencedTables.length > 0 && { referencedTables }),
    ...(referencedRoutines.length > 0 && { referencedRoutines }),
  }
}

/** The counts of a DML statement, or the deed of a DDL statement. */
function changesOf({ dml, ddl }: NonNullable<Job['outcome']>): Resource {
  return {
    ...(dml !== undefined && {
      numDmlAffectedRows: String(dml.inserted + dml.updated + dml.deleted),
      dmlStats: dmlStats(dml),
    }),
    ...(ddl !== undefined && { ddlOperationPerformed: ddl.operation, ddlTargetTable: ddl.target }),
  }
}

/** BigQuery's `DmlStats`. */
export function dmlStats(dml: NonNullable<NonNullable<Job['outcome']>['dml']>): Resource {
  return {
    insertedRowCount: String(dml.inserted),
    updatedRowCount: String(dml.updated),
    deletedRowCount: String(dml.deleted),
  }
}

function statusOf({ state, problem }: Job): Resource {
  if (problem === undefined) return { state }
  return { state, errorResult: errorProto(problem), errors: [errorProto(problem)] }
}

/** BigQuery's `ErrorProto`. */
function errorProto({ reason, message }: BigQueryError): Resource {
  return { reason, location: 'query', message }
}
