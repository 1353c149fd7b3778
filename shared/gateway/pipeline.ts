import type { Analyze } from '../analysis/analysis.ts'
import { settle } from '../approval/permit.ts'
import type { BigQueryCall } from '../bigquery/call.ts'
import type { Identify } from '../identity/principal.ts'
import type { Clock } from '../kernel/clock.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { MaskedReply } from '../masking/masked-reply.ts'
import type { Decision, Obligations } from '../policy/decision.ts'
import { connectionOf } from '../policy/evaluate.ts'
import type { Policy } from '../policy/policy.ts'
import type { CallFacts, Delivery } from '../recording/entry.ts'
import type { JobRecord, Jobs } from '../recording/job.ts'
import { recordOutcome } from '../recording/record-outcome.ts'
import { recordRequest } from '../recording/record-request.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import type { Recorder, RecordingProblem } from '../recording/recorder.ts'
import { resume } from '../recording/resume.ts'
import { type RequestFacts, openSession } from '../session/open-session.ts'
import type { Upstream, UpstreamReply } from '../upstream/upstream.ts'
import type { Caller } from './caller.ts'
import type { InstanceMemory } from './instance-memory.ts'
import type { HoldLimits } from './long-poll.ts'
import { maskError } from './mask-error.ts'
import { type Outcome, fail, refuse } from './outcome.ts'
import type { Refusal } from './refusal.ts'
import { type SendFailure, upstreamRefusal } from './send.ts'

/** What the pipeline asks of the world. */
export interface Ports extends Recorder {
  /** The policy in force, or why there is none. */
  readonly policy: () => Result<Policy, readonly string[]>
  readonly identify: Identify
  readonly analyze: Analyze
  readonly jobs: Jobs
  readonly upstream: Upstream
  readonly clock: Clock
  readonly hold: HoldLimits
  readonly memory: InstanceMemory
}

/** Stages 1 to 3: who is calling, in which session, under which policy. */
export async function admit(
  ports: Ports,
  authorization: string | undefined,
  facts: RequestFacts,
  signal: AbortSignal,
): Promise<Result<Caller, Refusal>> {
  const at = ports.clock()
  const policy = ports.policy()
  if (!policy.ok) return err({ problem: 'not-ready', reasons: policy.error })
  const identity = await ports.identify(authorization, at)
  if (!identity.ok) return identity
  const principal = identity.value
  const session = openSession(principal, facts)
  return ok({ principal, session, policy: policy.value, facts, at, signal })
}

/** A call somebody wants made, with all that is known of it. */
export interface Action {
  readonly callId: string
  readonly facts: CallFacts
  /** Stage 5. */
  readonly decide: () => Decision
  /** The call as it would go to BigQuery under the decision's obligations. */
  readonly call: (obligations: Obligations) => BigQueryCall
  readonly handle: Handle
}

/** How a recorded call is made and its reply made fit to leave. */
export interface Handle {
  /** Whether the caller's repeat of this request cannot make BigQuery do it twice. */
  readonly repeatable: boolean
  /** The last word before BigQuery hears of the call, once it is recorded. */
  readonly claim?: (recorded: RecordedPermit) => Promise<Result<void, Refusal>>
  readonly send: (recorded: RecordedPermit) => Promise<Result<UpstreamReply, SendFailure>>
  readonly mask: (
    reply: UpstreamReply,
    recorded: RecordedPermit,
  ) => Result<Masked, 'unexpected-shape'>
}

/** A reply that may leave once it is recorded, and what it does to the record. */
export interface Masked {
  readonly reply: MaskedReply
  readonly delivery: Delivery
  /**
   * `call`: the call ends here, or this is a page of one that has ended. `call-if-open`: it ends here
   * unless it has ended; looking again is no delivery. `pending`: its job goes on, nothing has left.
   */
  readonly ends: 'call' | 'call-if-open' | 'pending'
  /** The job failed, although BigQuery answered 200. */
  readonly failed: boolean
  /** What else must be durable before the reply leaves; false when it may not leave. */
  readonly keep?: (() => Promise<boolean>) | undefined
}

/** Stages 5 to 11 for a call that needs leave. */
export async function make(ports: Ports, caller: Caller, action: Action): Promise<Outcome> {
  const { callId, facts, handle } = action
  const decision = action.decide()
  const permit = settle(decision, action.call)
  if (!permit.ok) return refuse(permit.error, callId, facts, decision)
  const connection = connectionOf(caller.policy, permit.value.call.projectId)
  if (connection === undefined) throw new Error('a permit without a connection')

  const recorded = await recordRequest(ports, {
    callId,
    permit: permit.value,
    facts,
    session: caller.session,
    connection: connection.id,
  })
  if (!recorded.ok) return refuse(recordingRefusal(recorded.error), callId, facts, decision)
  return perform(ports, caller, recorded.value, { facts, handle, ends: 'call' })
}

/** Stages 8 to 11 for a call about a job whose own request entry is durable. */
export async function proceed(
  ports: Ports,
  caller: Caller,
  job: JobRecord,
  step: { readonly call: BigQueryCall; readonly facts: CallFacts; readonly handle: Handle },
): Promise<Outcome> {
  return perform(ports, caller, resume(job, step.call), { ...step, ends: 'job' })
}

interface Step {
  readonly facts: CallFacts
  readonly handle: Handle
  /** Whether any answer ends the call, or only one that says something of its job. */
  readonly ends: 'call' | 'job'
}

/** BigQuery hears of it, the reply is masked, what it does is durable, and only then it may leave. */
async function perform(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  step: Step,
): Promise<Outcome> {
  const { facts, handle } = step
  const { callId } = recorded
  const about = {
    recorded,
    session: caller.session,
    startedAt: caller.at,
    method: facts.method,
  }
  // Nothing leaves after these, so a record that fails here changes nothing for the caller.
  const end = async (outcome: 'not-delivered' | 'unanswered', detail: string) => {
    if (step.ends === 'call') await recordOutcome(ports, { ...about, outcome, detail })
  }

  const claimed = (await handle.claim?.(recorded)) ?? ok(undefined)
  if (!claimed.ok) {
    await end('not-delivered', claimed.error.problem)
    return fail(claimed.error, callId, facts)
  }
  const sent = await handle.send(recorded)
  if (!sent.ok) {
    const { problem, detail, mayHaveRun } = sent.error
    const outcome = problem === 'caller-gone' ? 'not-delivered' : 'unanswered'
    const what = detail === undefined ? problem : `${problem}: ${detail}`
    await end(outcome, mayHaveRun ? what : `${what}; bigquery has not heard of it`)
    return fail(upstreamRefusal(sent.error, handle.repeatable), callId, facts)
  }
  const { credentialVersion, status } = sent.value
  const masked = status >= 400 ? maskError(sent.value) : handle.mask(sent.value, recorded)
  if (!masked.ok) {
    await end('unanswered', 'reply-not-understood')
    // An error page of something in between is an outage; a success in an unknown shape is not.
    const refusal: Refusal =
      status >= 500
        ? upstreamRefusal({ problem: 'upstream-garbled', mayHaveRun: true }, handle.repeatable)
        : { problem: 'reply-not-understood', job: facts.job?.jobId }
    return fail(refusal, callId, facts)
  }

  const { reply, delivery, ends, failed } = masked.value
  const isJobsEnd = status < 400 || !isPassing(status)
  const record = async (): Promise<void> => {
    if (ends === 'pending' || (step.ends === 'job' && !isJobsEnd)) return
    if (ends === 'call-if-open' && (await hasEnded(ports, callId))) return
    const outcome = failed ? 'failed' : 'released'
    const done = await recordOutcome(ports, { ...about, outcome, delivery, credentialVersion })
    if (!done.ok) throw causeOf(done.error)
    ports.memory.ended.set(callId, true)
  }
  const job = (delivery.job ?? facts.job)?.jobId
  // Both to their end, also when one fails: nothing may go on after the answer.
  const [ended, kept] = await Promise.allSettled([record(), masked.value.keep?.() ?? true])
  if (ended.status === 'fulfilled' && kept.status === 'fulfilled' && kept.value) return ok(reply)
  const cause: unknown = [ended, kept].find((part) => part.status === 'rejected')?.reason
  return fail({ problem: 'outcome-unrecorded', job, cause }, callId, facts)
}

/** An error that says nothing of the job itself: throttling, an outage, Sluice's own rights. */
const isPassing = (status: number): boolean =>
  status === 401 || status === 403 || status === 429 || status >= 500

async function hasEnded(ports: Ports, callId: string): Promise<boolean> {
  if (ports.memory.ended.get(callId) === true) return true
  const ended = (await ports.entries.get(`${callId}~end`)) !== undefined
  if (ended) ports.memory.ended.set(callId, true)
  return ended
}

/** What to tell the log of a problem of recording. */
export function causeOf(problem: RecordingProblem): Error {
  return 'cause' in problem && problem.cause instanceof Error
    ? problem.cause
    : new Error(problem.problem)
}

function recordingRefusal(
  problem: RecordingProblem | { readonly problem: 'request-id-reused' },
): Refusal {
  switch (problem.problem) {
    case 'request-id-reused':
      return { problem: 'request-id-reused' }
    case 'entry-too-large':
      return {
        problem: 'malformed',
        message: 'the query with its parameters is too large to be recorded; send less at once',
      }
    case 'store-unavailable':
      return { problem: 'record-unavailable', cause: causeOf(problem) }
  }
}
