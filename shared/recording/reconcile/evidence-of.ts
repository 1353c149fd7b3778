import type { Jobs } from '../job.ts'
import type { PastJob } from './job-history.ts'
import type { JobEvidence } from './judge-job.ts'
import { needsLeave } from './known-call.ts'
import type { RecordInSpan } from './record-between.ts'

/** The id of a job that Sluice named after its call. */
const OURS = /^sluice_([a-z2-7]{26})$/

/**
 * What record and store know of a job. The request is that of its label; of a label that no request of late has,
 * that of the call the job was claimed for, or is named after. Throws as the stores do.
 */
export async function evidenceOf(
  record: RecordInSpan,
  jobs: Jobs,
  job: PastJob,
): Promise<JobEvidence> {
  const { entry: label } = job.labels
  const labelled = label === undefined ? undefined : record.labelled(label)
  const claimed = await jobs.find(job.projectId, job.jobId)
  const call = claimed?.call ?? OURS.exec(job.jobId)?.[1]
  const request = labelled ?? (call === undefined ? undefined : await record.requestOf(call))
  const end = request === undefined ? undefined : await record.endOf(request.call)
  const leaveAt =
    request !== undefined && needsLeave(request) ? await record.leaveOf(request.call) : undefined
  return { job, request, claimed, end, leaveAt }
}
