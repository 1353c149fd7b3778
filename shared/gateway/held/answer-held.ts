import { parseGrantId } from '../../approval/grant-id.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { maskResource } from '../../masking/mask-reply.ts'
import { bareFacts } from '../../recording/bare-facts.ts'
import type { JobRecord } from '../../recording/job.ts'
import { resume } from '../../recording/resume.ts'
import type { Handle } from '../action.ts'
import type { Caller } from '../caller.ts'
import { aboutOwnJob, hasFailed } from '../job-state.ts'
import { type Outcome, fail } from '../outcome.ts'
import { recordedJob } from '../own-jobs.ts'
import type { Parameters } from '../parameters.ts'
import { proceed } from '../pipeline.ts'
import type { Ports } from '../ports.ts'
import { pollCall } from '../query-handles.ts'
import type { QueryRun } from '../query-run.ts'
import type { Refusal } from '../refusal.ts'
import { releaseRows } from '../release-rows.ts'
import { counted, crowded } from '../under-way.ts'
import { waitForJob } from '../wait-for-job.ts'
import { type HeldState, awaitDecision } from './await-decision.ts'
import { awaited, pendingJob, pendingRows } from './pending-reply.ts'

/**
 * The answer to a query that is held: as BigQuery answers for a job that goes on, once the caller has waited as
 * long as it takes to wait; its rows when it was approved and is done by then.
 */
export async function answerHeld(
  ports: Ports,
  caller: Caller,
  run: QueryRun,
  job: JobRecord,
  waiting: { readonly until: number; readonly parameters: Parameters },
): Promise<Outcome> {
  const { until, parameters } = waiting
  const { fields } = parameters
  const facts = { ...bareFacts(run.method, run.projectId), job: recordedJob(job) }
  const held = await awaitHeld(ports, caller, job, until)
  if (!held.ok) return fail(held.error, job.call, facts, 'require-approval')
  const { state, grant } = held.value
  if (run.method === 'jobs.insert')
    return ok({
      reply: maskResource(pendingJob(grant, caller), fields),
      masks: [],
      effect: 'require-approval',
      approval: awaited(grant),
    })
  if (state === 'waiting')
    return ok({
      reply: pendingRows(grant, 'bigquery#queryResponse', fields),
      masks: [],
      effect: 'require-approval',
      approval: awaited(grant),
    })
  const call = (wait: number) => pollCall(run, recordedJob(job), wait, job.release)
  const jobHasFailed = () => hasFailed(ports, caller, job, job.location)
  const handle: Handle = {
    repeatable: true,
    jobHasFailed,
    send: aboutOwnJob(ports, caller, job, job.location, () =>
      waitForJob({ ...ports, signal: caller.signal, until, hasFailed: jobHasFailed }, (wait) =>
        resume(job, call(wait)),
      ),
    ),
    mask: (reply) =>
      releaseRows(reply, {
        terms: job.release,
        window: { begin: 0, maximumRows: job.release.maximumRows },
        fields,
        kind: 'bigquery#queryResponse',
        timestampOutputFormat: run.formatOptions?.timestampOutputFormat,
        masking: ports.masking,
      }),
  }
  return proceed(ports, caller, job, { call: call(0), facts, handle })
}

/** How the job of a caller stands that may be held; `running` also for one that never was. */
export async function awaitHeld(
  ports: Ports,
  caller: Caller,
  job: JobRecord,
  until: number,
): Promise<Result<HeldState, Refusal>> {
  const grant = parseGrantId(job.grant ?? '')
  if (grant === undefined) return err({ problem: 'not-approved', grant: undefined })
  const crowd = crowded(ports.memory, caller)
  if (crowd !== undefined) return err(crowd)
  const { signal } = caller
  return counted(ports.memory, caller, () =>
    awaitDecision(ports, { grant, call: job.call }, { until, signal }),
  )
}
