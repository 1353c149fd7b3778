import type { Grant } from '../../approval/grant.ts'
import { standingOf } from '../../approval/standing.ts'
import { cancelCall } from '../../bigquery/build-call.ts'
import { parseJobId, parseProjectId } from '../../bigquery/reference.ts'
import type { JobRecord } from '../../recording/job.ts'
import { resume } from '../../recording/resume.ts'
import { claimedJobs } from '../closing/claimed-jobs.ts'
import { hasEnded } from '../end-of-call.ts'
import type { Ports } from '../ports.ts'
import { sendOnce } from '../send.ts'

/**
 * Asks BigQuery to stop what a grant started, after the grant was revoked. What has ended by then stays as it is:
 * nothing of it leaves any more. Rejects when BigQuery may not have heard of it.
 */
export async function stopHeld(ports: Ports, grant: Grant): Promise<void> {
  const record = await jobOf(ports, grant)
  if (record === undefined && (await neverBegan(ports, grant))) return
  const [projectId, jobId] = [parseProjectId(grant.job.projectId), parseJobId(record?.jobId ?? '')]
  if (projectId === undefined || jobId === undefined || record === undefined)
    throw new Error('a started job that nobody claimed')
  const call = cancelCall(projectId, jobId, record.location)
  const sent = await sendOnce(ports.upstream, new AbortController().signal)(resume(record, call))
  if (!sent.ok || sent.value.status >= 500) throw new Error('bigquery did not answer')
}

async function jobOf(
  { jobs }: Pick<Ports, 'jobs'>,
  { call, job, request, requestedAt }: Grant,
): Promise<JobRecord | undefined> {
  const { projectId, jobId } = job
  const found = await jobs.find(projectId, jobId)
  if (found?.call === call) return found
  // Whoever broke the glass with `jobs.query` had BigQuery name the job.
  return claimedJobs(jobs)({ principal: request.principal, projectId, call, at: requestedAt })
}

/** Who breaks the glass may be stopped by something else before BigQuery hears of it. */
async function neverBegan(ports: Ports, grant: Grant): Promise<boolean> {
  return standingOf(grant).brokeGlass !== undefined && hasEnded(ports, grant.call)
}
