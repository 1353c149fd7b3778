import type { Grant } from '../../approval/grant.ts'
import { cancelCall } from '../../bigquery/build-call.ts'
import { parseJobId, parseProjectId } from '../../bigquery/reference.ts'
import { resume } from '../../recording/resume.ts'
import type { Ports } from '../ports.ts'
import { sendOnce } from '../send.ts'

/**
 * Asks BigQuery to stop what a grant started, after the grant was revoked. What has ended by then stays as it is:
 * nothing of it leaves any more. Rejects when BigQuery may not have heard of it.
 */
export async function stopHeld(
  ports: Pick<Ports, 'jobs' | 'upstream'>,
  { job }: Grant,
): Promise<void> {
  const [projectId, jobId] = [parseProjectId(job.projectId), parseJobId(job.jobId)]
  const record = projectId && jobId && (await ports.jobs.find(projectId, jobId))
  if (projectId === undefined || jobId === undefined || record === undefined)
    throw new Error('a started job that nobody claimed')
  const call = cancelCall(projectId, jobId, job.location)
  const sent = await sendOnce(ports.upstream, new AbortController().signal)(resume(record, call))
  if (!sent.ok || sent.value.status >= 500) throw new Error('bigquery did not answer')
}
