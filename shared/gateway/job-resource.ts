import type { FieldMask } from '../bigquery/field-mask.ts'
import { maskResource } from '../masking/mask-reply.ts'
import type { MaskedReply } from '../masking/masked-reply.ts'
import type { Delivered } from '../recording/delivered.ts'
import type { ReleaseTerms } from '../recording/release-terms.ts'
import type { Caller } from './caller.ts'
import { bodyDelivered } from './delivery-facts.ts'
import { governedFailure, governedJob } from './governed-reply.ts'
import { type Resource, objectAt, rebuild, textAt } from './resources.ts'

/** A job as its owner may see it, ready to leave. */
export function rebuildJob(
  job: Resource,
  caller: Caller,
  terms: Pick<ReleaseTerms, 'governed'>,
  fields: FieldMask | 'all',
): MaskedReply {
  return maskResource(ownJob(job, caller, terms), fields)
}

/** A job as its owner may see it: theirs, not the service account's, and silent about masked data. */
export function ownJob(
  job: Resource,
  caller: Caller,
  { governed }: Pick<ReleaseTerms, 'governed'>,
): Resource {
  const { principal } = caller
  const rebuilt: Resource = {
    ...rebuild('Job', governed ? governedJob(job) : job),
    user_email: principal.email ?? principal.subject,
  }
  const table = resultTable(job)
  const query = objectAt(job, 'configuration', 'query')
  if (table === undefined || query === undefined || !readsOverStorageApi(caller)) return rebuilt
  const { destinationTable: _, ...rest } = query
  return { ...rebuilt, configuration: { ...objectAt(job, 'configuration'), query: rest } }
}

/** `project.dataset.table` of a job's anonymous result table; undefined for a table somebody named. */
export function resultTable(job: Resource): string | undefined {
  const parts = ['projectId', 'datasetId', 'tableId'].map((name) =>
    textAt(job, 'configuration', 'query', 'destinationTable', name),
  )
  return parts.includes(undefined) || parts[1]?.startsWith('_') !== true
    ? undefined
    : parts.join('.')
}

/** What the record keeps of a job resource that leaves, and how the job stands. */
export function jobDelivered(
  job: Resource,
  masked: MaskedReply,
  { governed }: Pick<ReleaseTerms, 'governed'>,
): { readonly delivery: Delivered; readonly done: boolean; readonly failed: boolean } {
  const failed = objectAt(job, 'status', 'errorResult')
  const error = failed && governed ? governedFailure(failed) : failed
  const cacheHit = objectAt(job, 'statistics', 'query')?.['cacheHit']
  const projectId = textAt(job, 'jobReference', 'projectId')
  const jobId = textAt(job, 'jobReference', 'jobId')
  const failure = error && {
    reason: textAt(error, 'reason') ?? 'unknown',
    message: textAt(error, 'message') ?? '',
  }
  return {
    done: textAt(job, 'status', 'state') === 'DONE',
    failed: error !== undefined,
    delivery: {
      ...bodyDelivered(masked, failure),
      job:
        projectId === undefined || jobId === undefined
          ? undefined
          : { projectId, jobId, location: textAt(job, 'jobReference', 'location') },
      totalBytesProcessed: textAt(job, 'statistics', 'totalBytesProcessed'),
      totalBytesBilled: textAt(job, 'statistics', 'query', 'totalBytesBilled'),
      numDmlAffectedRows: textAt(job, 'statistics', 'query', 'numDmlAffectedRows'),
      statementType: textAt(job, 'statistics', 'query', 'statementType'),
      cacheHit: typeof cacheHit === 'boolean' ? cacheHit : undefined,
    },
  }
}

/**
 * Python's client takes a job with an anonymous result table to the Storage Read API, past Sluice,
 * where it fails; without the field it stays on REST. dbt, on the same library, needs the field.
 */
function readsOverStorageApi(caller: Caller): boolean {
  const userAgent = caller.facts.userAgent ?? ''
  return /\bgl-python\//.test(userAgent) && !userAgent.startsWith('dbt-')
}
