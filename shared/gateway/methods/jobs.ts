import { cancelCall, getCall } from '../../bigquery/build-call.ts'
import { ok } from '../../kernel/result.ts'
import { maskResource } from '../../masking/mask-reply.ts'
import { bareFacts } from '../../recording/bare-facts.ts'
import { builtInDecision } from '../built-in-decision.ts'
import { bodyDelivered } from '../delivery-facts.ts'
import { cancelHeld, heldJob } from '../held/held-job-state.ts'
import { jobDelivered, ownJob, rebuildJob } from '../job-resource.ts'
import { aboutOwnJob, jobState } from '../job-state.ts'
import type { ServeMethod } from '../method.ts'
import { fail } from '../outcome.ts'
import { findOwn, linkResult, recordedJob } from '../own-jobs.ts'
import { make, proceed } from '../pipeline.ts'
import { objectAt, parseResource } from '../resources.ts'
import { sendOnce } from '../send.ts'

/** `jobs.get`: the state of a job of the caller. */
export const getJob: ServeMethod = async (ports, request) => {
  const { caller, parameters } = request
  const own = await findOwn(ports, request)
  if (!own.ok) return own
  const { projectId, jobId, location, record } = own.value
  const held = await heldJob(ports, caller, record)
  if (!held.ok)
    return fail(held.error, record.call, bareFacts('jobs.get', projectId), 'require-approval')
  if (held.value !== 'running')
    return ok({
      reply: maskResource(held.value, parameters.fields),
      masks: [],
      effect: 'require-approval',
    })
  return proceed(ports, caller, record, {
    call: getCall('jobs.get', projectId, ['jobs', jobId], { location }),
    facts: { ...bareFacts('jobs.get', projectId), job: recordedJob(record) },
    handle: {
      repeatable: true,
      send: () => jobState(ports, caller, record, location),
      mask: (reply) => {
        const job = parseResource(reply.body)
        if (!job.ok) return job
        const masked = rebuildJob(job.value, caller, record.release, parameters.fields)
        const { delivery, done, failed } = jobDelivered(job.value, masked, record.release)
        return ok({
          reply: masked,
          delivery,
          // A look at a job that is done ends its call once; a second look is no second delivery.
          ends: done ? 'call-if-open' : 'pending',
          failed,
          keep: async () => {
            await linkResult(ports, record, job.value)
            return true
          },
        })
      },
    },
  })
}

/** `jobs.cancel`: asks BigQuery to stop a job of the caller. A call of its own in the record. */
export const cancelJob: ServeMethod = async (ports, request) => {
  const { caller, callId, parameters } = request
  const own = await findOwn(ports, request)
  if (!own.ok) return own
  const { projectId, jobId, location, record } = own.value
  const held = await cancelHeld(ports, caller, record)
  if (!held.ok)
    return fail(held.error, record.call, bareFacts('jobs.cancel', projectId), 'require-approval')
  if (held.value !== 'running')
    return ok({
      reply: maskResource(
        { kind: 'bigquery#jobCancelResponse', job: held.value },
        parameters.fields,
      ),
      masks: [],
      effect: 'require-approval',
    })
  return make(ports, caller, {
    callId,
    facts: { ...bareFacts('jobs.cancel', projectId), job: recordedJob(record) },
    decide: () => builtInDecision(caller.policy, projectId, 'own-job'),
    call: () => cancelCall(projectId, jobId, location),
    handle: {
      repeatable: true,
      send: aboutOwnJob(ports, caller, record, location, sendOnce(ports.upstream, caller.signal)),
      mask: (reply) => {
        const answer = parseResource(reply.body)
        const job = answer.ok ? objectAt(answer.value, 'job') : undefined
        if (!answer.ok || job === undefined) return { ok: false, error: 'unexpected-shape' }
        const masked = maskResource(
          { kind: 'bigquery#jobCancelResponse', job: ownJob(job, caller, record.release) },
          parameters.fields,
        )
        const delivery = {
          ...bodyDelivered(masked),
          job: jobDelivered(job, masked, record.release).delivery.job,
        }
        return ok({ reply: masked, delivery, ends: 'call', failed: false })
      },
    },
  })
}
