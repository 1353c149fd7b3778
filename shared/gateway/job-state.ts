import { getCall } from '../bigquery/build-call.ts'
import { errorBody } from '../bigquery/error.ts'
import { parseJobId, parseProjectId } from '../bigquery/reference.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { entryLabel } from '../recording/job-labels.ts'
import type { JobRecord } from '../recording/job.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import { resume } from '../recording/resume.ts'
import type { UpstreamReply } from '../upstream/upstream.ts'
import type { Caller } from './caller.ts'
import type { Ports } from './ports.ts'
import { objectAt, parseResource, textAt } from './resources.ts'
import { type SendFailure, sendOnce } from './send.ts'

/**
 * `jobs.get` of a claimed job. BigQuery's own label says whether the job runs under the entry it was
 * claimed for: an id that was in use before Sluice heard of it can be claimed, but the job behind it
 * belongs to somebody else, and is answered like one that does not exist.
 */
export async function jobState(
  ports: Ports,
  caller: Pick<Caller, 'signal'>,
  job: JobRecord,
  location = job.location,
): Promise<Result<UpstreamReply, SendFailure>> {
  const projectId = parseProjectId(job.projectId)
  const jobId = parseJobId(job.jobId)
  if (projectId === undefined || jobId === undefined) throw new Error('a stored job id is not one')
  const call = getCall('jobs.get', projectId, ['jobs', jobId], { location })
  const sent = await sendOnce(ports.upstream, caller.signal)(resume(job, call))
  if (!sent.ok || sent.value.status >= 400) return sent
  const state = parseResource(sent.value.body)
  if (!state.ok) return sent
  const label = textAt(state.value, 'configuration', 'labels', 'sluice_entry')
  if (label !== entryLabel(job.request)) return ok(missing(sent.value, job))
  startedHere(ports, job, location)
  return sent
}

/** Makes a call about a claimed job once it is certain that Sluice started it, and `jobState` if not. */
export function aboutOwnJob(
  ports: Ports,
  caller: Caller,
  job: JobRecord,
  location: string | undefined,
  send: (recorded: RecordedPermit) => Promise<Result<UpstreamReply, SendFailure>>,
): typeof send {
  return async (recorded) => {
    const known = () => ports.memory.started.has(keyOf(job, location))
    if (known()) return send(recorded)
    const state = await jobState(ports, caller, job, location)
    if (!state.ok || state.value.status >= 400) return state
    return known() ? send(recorded) : err({ problem: 'upstream-garbled', mayHaveRun: false })
  }
}

/** Whether a job has ended, and in failure. False while nobody can say. */
export async function hasFailed(
  ports: Ports,
  caller: Caller,
  job: JobRecord,
  location: string | undefined,
): Promise<boolean> {
  const sent = await jobState(ports, caller, job, location)
  if (!sent.ok || sent.value.status >= 400) return false
  const state = parseResource(sent.value.body)
  return state.ok && objectAt(state.value, 'status', 'errorResult') !== undefined
}

/** Remembers that BigQuery started this job for us. */
export function startedHere(
  ports: Ports,
  job: JobRecord,
  location: string | undefined = job.location,
): void {
  ports.memory.started.set(keyOf(job, location), true)
}

const keyOf = ({ projectId, jobId, request }: JobRecord, location = '') =>
  `${projectId} ${location.toLowerCase()} ${jobId} ${request}`

function missing(reply: UpstreamReply, { projectId, jobId }: JobRecord): UpstreamReply {
  const body = errorBody(404, 'notFound', `Not found: Job ${projectId}:${jobId}`)
  return { ...reply, status: 404, body: Buffer.from(JSON.stringify(body)) }
}
