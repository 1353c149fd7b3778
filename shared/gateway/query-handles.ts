import { getCall } from '../bigquery/build-call.ts'
import { err, ok } from '../kernel/result.ts'
import type { RecordedJob } from '../recording/envelope.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import type { ReleaseTerms } from '../recording/release-terms.ts'
import { about } from '../recording/resume.ts'
import type { Handle } from './action.ts'
import type { Caller } from './caller.ts'
import { jobDelivered, rebuildJob } from './job-resource.ts'
import { hasFailed, startedHere } from './job-state.ts'
import { holdMs } from './long-poll.ts'
import { claimJob, jobRecord, linkResult } from './own-jobs.ts'
import type { Parameters } from './parameters.ts'
import type { Ports } from './ports.ts'
import { type QueryRun, firstRows, jobOfRun } from './query-run.ts'
import { releaseRows } from './release-rows.ts'
import { type Resource, objectAt, parseResource } from './resources.ts'
import { sendOnce } from './send.ts'
import { waitForJob } from './wait-for-job.ts'

/** `jobs.query`: one round trip when BigQuery is quick; else it is asked until the hold is over. */
export function queryHandle(
  ports: Ports,
  caller: Caller,
  run: QueryRun,
  parameters: Parameters,
): Handle {
  const until = waitingUntil(ports, caller, run)
  return {
    repeatable: run.dryRun || run.requestId !== undefined,
    named: !run.dryRun && run.requestId !== undefined,
    send: (recorded) =>
      waitForJob(
        {
          ...ports,
          signal: caller.signal,
          until,
          // So that whoever gives up waiting finds the job again, and can cancel it.
          onJob: (job) => keepJob(ports, caller, recorded, job).catch(() => false),
          hasFailed: (job) =>
            hasFailed(ports, caller, jobRecord(caller, recorded, job), job.location),
        },
        (timeoutMs, job) =>
          job === undefined
            ? recorded
            : about(recorded, pollCall(run, job, timeoutMs, recorded.release)),
      ),
    mask: async (reply, recorded) => {
      const terms = recorded.release
      const released = await releaseRows(reply, {
        terms,
        window: { begin: 0, maximumRows: terms.maximumRows },
        fields: parameters.fields,
        kind: 'bigquery#queryResponse',
        timestampOutputFormat: run.formatOptions?.timestampOutputFormat,
        masking: ports.masking,
        warning: wouldBeHeld(run, recorded) ? WOULD_BE_HELD : undefined,
      })
      const job = released.ok && !run.dryRun ? released.value.delivery.job : undefined
      return released.ok
        ? ok({
            ...released.value,
            approval: wouldBeHeld(run, recorded) ? REQUIRED : undefined,
            keep: job && (() => keepJob(ports, caller, recorded, job)),
          })
        : released
    },
  }
}

/** The caller gets hold of a job only once it is theirs for good. */
async function keepJob(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  job: RecordedJob,
): Promise<boolean> {
  startedHere(ports, jobRecord(caller, recorded, job))
  return claimJob(ports, caller, recorded, job)
}

/** `jobs.insert`: the job id is claimed before BigQuery hears of it, so nobody else can take it. */
export function insertHandle(
  ports: Ports,
  caller: Caller,
  run: QueryRun,
  parameters: Parameters,
): Handle {
  return {
    repeatable: run.dryRun || run.jobId !== undefined,
    named: !run.dryRun && run.jobId !== undefined,
    claim: async (recorded) => {
      if (run.dryRun) return ok(undefined)
      const job = jobOfRun(run, recorded.callId)
      try {
        const claimed = await claimJob(ports, caller, recorded, job)
        const what = `Job ${job.projectId}:${job.location ?? ''}.${job.jobId}`
        return claimed ? ok(undefined) : err({ problem: 'job-id-taken', what })
      } catch (cause) {
        return err({ problem: 'record-unavailable', cause })
      }
    },
    send: sendOnce(ports.upstream, caller.signal),
    mask: (reply, recorded) => {
      const parsed = parseResource(reply.body)
      if (!parsed.ok) return parsed
      const isHeld = wouldBeHeld(run, recorded)
      const shown = isHeld ? withLabel(parsed.value, 'sluice_approval', 'required') : parsed.value
      const masked = rebuildJob(shown, caller, recorded.release, parameters.fields)
      const { delivery, done, failed } = jobDelivered(parsed.value, masked, recorded.release)
      return ok({
        reply: masked,
        delivery,
        ends: done || run.dryRun ? 'call' : 'pending',
        failed,
        approval: isHeld ? REQUIRED : undefined,
        keep: async () => {
          if (run.dryRun) return true
          const job = jobRecord(caller, recorded, jobOfRun(run, recorded.callId))
          startedHere(ports, job)
          await linkResult(ports, job, parsed.value)
          return true
        },
      })
    },
  }
}

/** Whether this is a dry run of what people would have to approve. */
function wouldBeHeld(run: QueryRun, { effect }: RecordedPermit): boolean {
  return run.dryRun && effect === 'require-approval'
}

const REQUIRED = { state: 'required' } as const

const WOULD_BE_HELD = 'this query would wait for the approval of people'

/** A job with one more label. */
function withLabel(job: Resource, name: string, value: string): Resource {
  const configuration = objectAt(job, 'configuration')
  const labels = { ...objectAt(job, 'configuration', 'labels'), [name]: value }
  return { ...job, configuration: { ...configuration, labels } }
}

/** Until when a caller waits for the first answer, epoch milliseconds: `jobs.insert` is answered at once. */
export function waitingUntil(ports: Ports, caller: Caller, run: QueryRun): number {
  if (run.dryRun || run.method === 'jobs.insert') return caller.at
  const { apiClient, userAgent } = caller.facts
  const { maxResults, timeoutMs } = run
  const asked = { method: 'jobs.query', timeoutMs, maxResults, apiClient, userAgent } as const
  return caller.at + holdMs(asked, ports.hold)
}

/** The first page of a query's results, once it has been asked for its job. */
export function pollCall(
  run: QueryRun,
  job: RecordedJob,
  timeoutMs: number,
  { maximumRows }: ReleaseTerms,
) {
  return getCall('jobs.getQueryResults', run.projectId, ['queries', job.jobId], {
    location: job.location,
    maxResults: firstRows(run, maximumRows),
    timeoutMs,
    'formatOptions.useInt64Timestamp': run.formatOptions?.useInt64Timestamp,
    'formatOptions.timestampOutputFormat': run.formatOptions?.timestampOutputFormat,
  })
}
