import type { RecordedJob } from '../envelope.ts'
import { jobLabels } from '../job-labels.ts'
import type { JobRecord } from '../job.ts'
import { type Finding, aboutJob } from './finding.ts'
import type { PastJob } from './job-history.ts'
import {
  type KnownEnd,
  type KnownRequest,
  LATEST_START_MS,
  needsLeave,
  startsJob,
} from './known-call.ts'

/** A job of Sluice's account, and what Sluice knows of it. */
export interface JobEvidence {
  readonly job: PastJob
  /** The request that it names by its label, or else by its id. */
  readonly request: KnownRequest | undefined
  /** As whose it was claimed when it was answered. */
  readonly claimed: JobRecord | undefined
  /** How the call ended; undefined where it has not. */
  readonly end: KnownEnd | undefined
  /** When the record says that it may start, of a request that needs leave. */
  readonly leaveAt?: number | undefined
}

/** Clocks differ. */
const SKEW_MS = 5 * 60_000

/**
 * What is wrong with jobs of Sluice's account, given all that ran in some hours. A label names a request; everybody
 * who may list jobs can copy one. So what the record says of the request must also be true of the job, and of jobs
 * with one label none may be unknown to Sluice.
 */
export function judgeJobs(evidence: readonly JobEvidence[]): readonly Finding[] {
  const judged = evidence
    .filter(({ job }) => job.parent === undefined)
    .map((each) => ({ ...each, verdict: judgeJob(each) }))
  const unproven = judged.flatMap((each) =>
    each.verdict === 'unproven' && hasOlderTwin(each, judged)
      ? [mismatch(each, 'another job has the same label, and this one was answered to nobody')]
      : [],
  )
  return [
    ...judged.flatMap(({ verdict }) => (typeof verdict === 'string' ? [] : [verdict])),
    ...unproven,
  ]
}

type Verdict = 'proven' | 'unproven' | Finding

function judgeJob(evidence: JobEvidence): Verdict {
  const { job, request, claimed, end, leaveAt = Infinity } = evidence
  if (request === undefined)
    return aboutJob('job-without-entry', job, undefined, nameless(job.labels.entry))
  const wrong = labelProblem(job, request) ?? requestProblem(job, request)
  if (wrong !== undefined) return mismatch(evidence, wrong)
  if (end?.outcome === 'not-run' && !failedForNothing(job))
    return mismatch(evidence, 'the record says that it never ran')
  if (needsLeave(request) && job.createdAt < leaveAt - SKEW_MS)
    return mismatch(evidence, 'it ran before anybody gave leave')
  if (claimed !== undefined)
    return claimed.call === request.call && claimed.request === request.hash && isIt(claimed, job)
      ? 'proven'
      : mismatch(evidence, 'its id belongs to another call')
  if (end?.job !== undefined && !isIt(end.job, job))
    return mismatch(evidence, 'its request was answered with another job')
  return end?.job === undefined && request.job === undefined ? 'unproven' : 'proven'
}

function nameless(label: string | undefined): string {
  return label === undefined
    ? 'it has no label of Sluice'
    : 'its label names no request that it could belong to'
}

function labelProblem({ labels }: PastJob, request: KnownRequest): string | undefined {
  const due = jobLabels(request, request.hash)
  if (labels.entry === undefined) return 'it has no label, though its id is that of a call'
  if (labels.entry !== due.sluice_entry) return 'its label is not that of its request'
  if (labels.session !== due.sluice_session) return 'its label names another session'
  return labels.decision === due.sluice_decision ? undefined : 'its label names another rule'
}

function requestProblem(job: PastJob, request: KnownRequest): string | undefined {
  if (!startsJob(request)) return 'its label names a request that starts no job'
  if (request.projectId !== job.projectId) return 'its request is for another project'
  if (request.job !== undefined && !isIt(request.job, job)) return 'its request is for another job'
  if (job.createdAt < request.at - SKEW_MS) return 'it is older than its request'
  // What people approve starts later, under the id that its request names.
  return request.job === undefined && job.createdAt > request.at + LATEST_START_MS
    ? 'its request was made too long before'
    : undefined
}

/** BigQuery may have jobs of one id in several places. */
function isIt({ projectId, jobId, location }: RecordedJob, job: PastJob): boolean {
  return (
    projectId === job.projectId &&
    jobId === job.jobId &&
    (location === undefined || location.toLowerCase() === job.location.toLowerCase())
  )
}

/** What BigQuery refuses when it is to start may be a job that failed at once. */
function failedForNothing({ errorReason, totalBytesBilled = '0' }: PastJob): boolean {
  return errorReason !== undefined && totalBytesBilled === '0'
}

function mismatch({ job, request }: JobEvidence, detail: string): Finding {
  return aboutJob('label-mismatch', job, request?.call, detail)
}

/** Another one that is proven, or came first. */
function hasOlderTwin(
  { job }: JobEvidence,
  all: readonly (JobEvidence & { readonly verdict: Verdict })[],
): boolean {
  return all.some(
    (other) =>
      other.job !== job &&
      other.job.labels.entry === job.labels.entry &&
      (other.verdict === 'proven' || (other.verdict === 'unproven' && isBefore(other.job, job))),
  )
}

function isBefore(a: PastJob, b: PastJob): boolean {
  return a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.jobId < b.jobId)
}
