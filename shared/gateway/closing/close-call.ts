import { parseGrantId } from '../../approval/grant-id.ts'
import { standingOf } from '../../approval/standing.ts'
import { type EndOfCall, type RequestOnRecord, endCall } from '../../recording/end-call.ts'
import type { JobRecord } from '../../recording/job.ts'
import { recordGrant } from '../../recording/record-grant.ts'
import { hasEnded } from '../end-of-call.ts'
import type { Ports } from '../ports.ts'
import { causeOf } from '../recording-refusal.ts'
import { endWithinLimits } from '../usage-limits.ts'
import type { ClaimedJob } from './claimed-jobs.ts'
import { endOfJob } from './end-of-job.ts'

/** When to look again at a call that is not over; undefined for one that has an end. */
export type LookAt = number | undefined

const MINUTE_MS = 60_000
/** People take their time; and whoever settles what they say ends the call too. */
const HELD_MS = 30 * MINUTE_MS
/** Whoever asked for approval comes back for the result, until BigQuery forgets it. */
const RESULT_KEPT_MS = 24 * 60 * MINUTE_MS

/**
 * Gives a call an end if nobody will any more, on what the record, its grant and BigQuery say. It starts nothing,
 * and nothing leaves. Throws when one of them cannot be asked.
 */
export async function closeCall(
  ports: Ports,
  request: RequestOnRecord,
  claimed: ClaimedJob,
  graceMs: number,
): Promise<LookAt> {
  const { entry } = request
  if (await hasEnded(ports, entry.call)) return undefined
  const end = (how: EndOfCall) => endFor(ports, request, how)

  const own = entry.grant === entry.call ? parseGrantId(entry.grant) : undefined
  const grant = own && (await ports.grants.find(own))
  if (own !== undefined && grant === undefined)
    return end({ outcome: 'not-run', detail: 'never asked' })
  const standing = grant && standingOf(grant)
  if (grant === undefined || standing === undefined || standing.brokeGlass !== undefined) {
    const found = await jobOf(ports, request, claimed)
    return 'detail' in found
      ? end({ outcome: 'unanswered', detail: found.detail })
      : closeJob(ports, request, found, { startedAt: entry.at, fetchMs: graceMs })
  }

  if (standing.neverRan !== undefined) {
    // Nothing of it is taken for recorded: its end is not.
    const recorded = await recordGrant(ports, grant, new Map())
    if (!recorded.ok) throw causeOf(recorded.error)
    return undefined
  }
  if (!standing.hasStarted) return ports.clock() + HELD_MS
  const job = await ports.jobs.find(grant.job.projectId, grant.job.jobId)
  if (job === undefined) throw new Error('a started job that nobody claimed')
  const startedAt = standing.claimedAt ?? grant.requestedAt
  return closeJob(ports, request, job, { startedAt, fetchMs: RESULT_KEPT_MS })
}

async function closeJob(
  ports: Ports,
  request: RequestOnRecord,
  job: JobRecord,
  times: Parameters<typeof endOfJob>[2],
): Promise<LookAt> {
  const found = await endOfJob(ports, job, times)
  return 'lookAt' in found ? found.lookAt : endFor(ports, request, found, found.billed)
}

/** The job behind a call, or why there is none to ask about. */
async function jobOf(
  ports: Ports,
  { entry }: RequestOnRecord,
  claimed: ClaimedJob,
): Promise<JobRecord | { readonly detail: string }> {
  const { method, job, call, dryRun } = entry
  const startsJob = (method === 'jobs.query' || method === 'jobs.insert') && !dryRun
  if (!startsJob) return { detail: 'nobody recorded an answer' }
  if (job === undefined)
    return (
      (await claimed(entry)) ?? {
        detail: 'nobody recorded an answer, nor a job of it; whether it ran is not known',
      }
    )
  const found = await ports.jobs.find(job.projectId, job.jobId)
  if (found?.call === call) return found
  return {
    detail:
      found === undefined
        ? 'its job was never claimed; bigquery has not heard of it'
        : 'its job id belongs to another call',
  }
}

async function endFor(
  ports: Ports,
  request: RequestOnRecord,
  how: EndOfCall,
  billed?: string,
): Promise<undefined> {
  const { call, principal } = request.entry
  const ended = await endCall(ports, request, how)
  if (!ended.ok) throw causeOf(ended.error)
  ports.memory.ended.set(call, true)
  const policy = ports.policy()
  if (!policy.ok) return
  const caller = { policy: policy.value, principal, at: ports.clock() }
  // Should it fail, what counts as running ends by itself.
  await endWithinLimits(ports, caller, call, { totalBytesBilled: billed }).catch((cause: unknown) =>
    ports.onTrouble(cause),
  )
}
