import type { BigQueryCall, Method } from '../bigquery/call.ts'
import { mint } from '../kernel/brand.ts'
import type { JobRecord } from './job.ts'
import type { RecordedPermit } from './recorded-permit.ts'

/** What the owner of a job may do with it under the entry that started it. */
const ON_A_JOB: readonly Method[] = ['jobs.get', 'jobs.getQueryResults', 'jobs.cancel']
/** Its anonymous result table. */
const ON_ITS_RESULT: readonly Method[] = ['tables.get', 'tabledata.list']
/** What may be asked on the way to an answer: never rows of a table. */
const ON_THE_WAY: readonly Method[] = [
  'jobs.get',
  'jobs.getQueryResults',
  'datasets.list',
  'tables.list',
  'tables.get',
]

/**
 * A call about a job, bound to the request entry the job runs under. Its caller has made sure that
 * the job belongs to who asks. Throws for a call about anything else.
 */
export function resume(job: JobRecord, call: BigQueryCall): RecordedPermit {
  const { method, path } = call
  const isAboutJob =
    ON_A_JOB.includes(method) &&
    call.projectId === job.projectId &&
    path.split('/').includes(encodeURIComponent(job.jobId))
  if (!isAboutJob && !ON_ITS_RESULT.includes(method))
    throw new Error(`not a call about this job \`${method}\``)
  return mint<RecordedPermit>({
    call,
    effect: job.grant === undefined ? 'permit' : 'require-approval',
    connection: job.connection,
    callId: job.call,
    grant: job.grant,
    request: job.request,
    effectiveDigest: job.effectiveDigest,
    repeated: true,
    recordedAt: job.at,
    release: job.release,
  })
}

/**
 * A further call that the answer to a recorded one takes, such as asking whether its job is done or
 * for the next page of a list. Only a list of projects reaches into other projects, through their own
 * `connection`. Throws for any other call, and for one that reads or changes data.
 */
export function about(
  recorded: RecordedPermit,
  call: BigQueryCall,
  connection = recorded.connection,
): RecordedPermit {
  const { method, projectId } = recorded.call
  const elsewhere = call.projectId !== projectId || connection !== recorded.connection
  if (
    call.verb !== 'GET' ||
    !ON_THE_WAY.includes(call.method) ||
    (elsewhere && method !== 'projects.list')
  )
    throw new Error(`not a call on the way to another \`${call.method}\``)
  return mint<RecordedPermit>({ ...recorded, call, connection })
}
