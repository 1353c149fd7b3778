import { type JobId, type ProjectId, parseJobId, parseProjectId } from '../bigquery/reference.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { bareFacts } from '../recording/bare-facts.ts'
import type { RecordedJob } from '../recording/envelope.ts'
import { jobOwner } from '../recording/job-owner.ts'
import type { JobRecord } from '../recording/job.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import type { Caller } from './caller.ts'
import { resultTable } from './job-resource.ts'
import type { MethodRequest } from './method.ts'
import { type Refused, refuse } from './outcome.ts'
import type { Ports } from './ports.ts'
import type { Refusal } from './refusal.ts'
import type { Resource } from './resources.ts'

/** A job of the caller, with its ids parsed. */
export interface OwnJob {
  readonly projectId: ProjectId
  readonly jobId: JobId
  readonly location: string | undefined
  readonly record: JobRecord
}

/** The caller's job in the path; not found also when it is somebody else's: to them it does not exist. */
export async function findOwn(
  ports: Ports,
  request: MethodRequest,
): Promise<Result<OwnJob, Refused>> {
  const projectId = parseProjectId(request.path['projectId'] ?? '')
  const jobId = parseJobId(request.path['jobId'] ?? '')
  const facts = bareFacts(request.method, projectId)
  if (projectId === undefined || jobId === undefined)
    // Ids are echoed only in the alphabet of ids.
    return refuse({ problem: 'not-found', what: 'Job' }, request.callId, facts)
  const found = await lookUp(() => ports.jobs.find(projectId, jobId))
  if (!found.ok) return refuse(found.error, request.callId, facts)
  const record = found.value
  const what = `Job ${projectId}:${jobId}`
  const notFound = refuse({ problem: 'not-found', what }, request.callId, facts)
  if (record?.owner !== jobOwner(request.caller)) return notFound
  const asked = request.parameters.text('location')
  // BigQuery names a job by its location too: the same id elsewhere is another job.
  const elsewhere =
    asked !== undefined &&
    record.location !== undefined &&
    asked.toLowerCase() !== record.location.toLowerCase()
  if (elsewhere) return notFound
  return ok({ projectId, jobId, location: record.location ?? asked, record })
}

/** What the store says about jobs; when it cannot be asked, nothing was sent, and a repeat is safe. */
export async function lookUp<T>(ask: () => Promise<T>): Promise<Result<T, Refusal>> {
  try {
    return ok(await ask())
  } catch (cause) {
    return err({ problem: 'record-unavailable', cause })
  }
}

/**
 * Makes a job the caller's. False when the id belongs to another principal or another request; the
 * first claim stands.
 */
export async function claimJob(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  job: RecordedJob,
): Promise<boolean> {
  const record = jobRecord(caller, recorded, job)
  const claim = await ports.jobs.claim(record)
  return (
    claim === 'claimed' ||
    (claim.existing.owner === record.owner &&
      claim.existing.effectiveDigest === record.effectiveDigest)
  )
}

/** A job of the caller as it is kept. */
export function jobRecord(
  caller: Caller,
  recorded: RecordedPermit,
  { projectId, jobId, location }: RecordedJob,
): JobRecord {
  return {
    projectId,
    jobId,
    location,
    connection: recorded.connection,
    owner: jobOwner(caller),
    call: recorded.callId,
    session: caller.session.id,
    request: recorded.request,
    effectiveDigest: recorded.effectiveDigest,
    dryRun: false,
    grant: recorded.grant,
    release: recorded.release,
    at: caller.at,
  }
}

/** Remembers the anonymous table a job of the caller writes to: Java, bq and dbt read it directly. */
export async function linkResult(ports: Ports, own: JobRecord, job: Resource): Promise<void> {
  const table = resultTable(job)
  const key = `${table} ${own.owner} ${own.jobId}`
  if (table === undefined || ports.memory.links.has(key)) return
  await ports.jobs.linkResultTable(table, own)
  ports.memory.links.set(key, true)
}

/** The part of a job's record that names it. */
export function recordedJob({ projectId, jobId, location }: JobRecord): RecordedJob {
  return { projectId, jobId, location }
}
