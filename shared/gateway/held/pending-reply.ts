import type { Grant } from '../../approval/grant.ts'
import { standingOf } from '../../approval/standing.ts'
import type { FieldMask } from '../../bigquery/field-mask.ts'
import { maskResource } from '../../masking/mask-reply.ts'
import type { MaskedReply } from '../../masking/masked-reply.ts'
import type { Caller } from '../caller.ts'
import type { ApprovalNote } from '../outcome.ts'
import type { Resource } from '../resources.ts'

/** What a reply to a held query says about approval; undefined once that was decided. */
export function awaited(grant: Grant): ApprovalNote | undefined {
  const { id, expiresAt } = grant
  return isAwaited(grant) ? { state: 'awaited', grant: id, until: expiresAt } : undefined
}

const isAwaited = (grant: Grant): boolean => standingOf(grant).state === 'approval-awaited'

/** A reply of rows that says only that the job is not done. */
export function pendingRows(
  grant: Grant,
  kind: 'bigquery#queryResponse' | 'bigquery#getQueryResultsResponse',
  fields: FieldMask | 'all',
): MaskedReply {
  return maskResource({ kind, jobReference: reference(grant), jobComplete: false }, fields)
}

/**
 * A held query as BigQuery shows a job that has not started. That it awaits approval stands where clients
 * show it: in labels, which `bq show -j` prints, and in the query plan. Not in `status.errors`: Node's client
 * takes a job with any for one that has failed.
 */
export function pendingJob(grant: Grant, caller: Caller): Resource {
  const { request, told, requestedAt } = grant
  return job(grant, caller, {
    labels: { ...request.options.labels, ...(isAwaited(grant) ? approvalLabels(grant) : {}) },
    statistics: {
      creationTime: String(requestedAt),
      query: {
        statementType: told.statementType,
        queryPlan: [
          {
            id: '0',
            name: isAwaited(grant)
              ? `awaiting approval until ${new Date(grant.expiresAt).toISOString()}`
              : 'approved',
            status: 'PENDING',
            steps: [],
          },
        ],
      },
    },
    status: { state: 'PENDING' },
  })
}

/** A held query that will never run, as BigQuery shows a job that failed. */
export function refusedJob(
  grant: Grant,
  caller: Caller,
  error: { readonly reason: string; readonly message: string },
  endedAt: number,
): Resource {
  const { reason, message } = error
  return job(grant, caller, {
    labels: { ...grant.request.options.labels },
    statistics: {
      creationTime: String(grant.requestedAt),
      endTime: String(endedAt),
      query: { statementType: grant.told.statementType },
    },
    status: {
      state: 'DONE',
      errorResult: { reason, message },
      errors: [{ reason, message }],
    },
  })
}

function job(
  grant: Grant,
  { principal }: Caller,
  {
    labels,
    statistics,
    status,
  }: { readonly labels: Resource; readonly statistics: Resource; readonly status: Resource },
): Resource {
  const { projectId, jobId, location = '' } = grant.job
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${location}.${jobId}`,
    jobReference: reference(grant),
    configuration: {
      jobType: 'QUERY',
      query: {
        query: grant.request.sql,
        useLegacySql: false,
        priority: grant.request.options.priority ?? 'INTERACTIVE',
      },
      labels,
    },
    statistics,
    status,
    user_email: principal.email ?? principal.subject,
  }
}

function reference({ job: { projectId, jobId, location } }: Grant): Resource {
  return { projectId, jobId, ...(location === undefined ? {} : { location }) }
}

/** BigQuery's alphabet for label values has neither colons nor capitals. */
function approvalLabels({ expiresAt }: Grant): Resource {
  const until = new Date(expiresAt).toISOString().slice(0, 19)
  return {
    sluice_approval: 'awaited',
    sluice_approval_until: `${until.toLowerCase().replaceAll(':', '-')}z`,
  }
}
