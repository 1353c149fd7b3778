import { type Permit, settle, settleWith } from '../approval/permit.ts'
import type { BigQueryCall } from '../bigquery/call.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { inSpan } from '../kernel/span.ts'
import type { Decision, Obligations } from '../policy/decision.ts'
import { connectionOf } from '../policy/evaluate.ts'
import { derivedTagsOf } from '../policy/governed-data.ts'
import type { StoredEntry } from '../recording/entry-store.ts'
import type { CallFacts } from '../recording/entry.ts'
import type { JobRecord } from '../recording/job.ts'
import { recordOutcome } from '../recording/record-outcome.ts'
import { recordPage } from '../recording/record-page.ts'
import { recordRequest } from '../recording/record-request.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import { resume } from '../recording/resume.ts'
import { type RequestFacts, openSession } from '../session/open-session.ts'
import type { UpstreamReply } from '../upstream/upstream.ts'
import type { Action, Handle, Step } from './action.ts'
import type { Caller } from './caller.ts'
import { type Statement, decideStatement } from './decide-statement.ts'
import { REPEATABLE_MS, endOfError, hasEnded, isAmbiguous, isOutage } from './end-of-call.ts'
import { askApproval } from './held/ask-approval.ts'
import { takenBack } from './held/taken-back.ts'
import { maskError } from './mask-error.ts'
import { type Outcome, fail, refuse } from './outcome.ts'
import { lookUp } from './own-jobs.ts'
import type { Ports } from './ports.ts'
import type { QueryRun } from './query-run.ts'
import { causeOf, recordingRefusal } from './recording-refusal.ts'
import type { Refusal } from './refusal.ts'
import { upstreamRefusal } from './send.ts'
import { stoppedBy } from './stopped-by.ts'
import { tracedOf } from './traced-of.ts'
import { counted, crowded } from './under-way.ts'
import {
  countGovernedRows,
  endWithinLimits,
  governedRowsLeft,
  startWithinLimits,
} from './usage-limits.ts'

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
  const identity = await inSpan('authenticate', {}, () => ports.identify(authorization, at))
  if (!identity.ok) return identity
  const principal = identity.value
  const session = openSession(principal, facts)
  return ok({ principal, session, policy: policy.value, facts, at, signal })
}

/** Stages 4 to 11 for a statement: what it does is known before anybody decides. */
export async function makeStatement(
  ports: Ports,
  caller: Caller,
  statement: Statement,
  { handle, run, whenHeld }: StatementPlan,
): Promise<Outcome> {
  const { callId } = statement
  const decided = await decideStatement(ports, caller, statement)
  if (!decided.ok) {
    const { refusal, facts, decision } = decided.error
    return refuse(refusal, callId, facts, decision)
  }
  const { analysis, decision, touched } = decided.value
  const facts = statement.recorded(decided.value)
  // A dry run writes nothing.
  const tags = touched === undefined || facts.dryRun ? [] : derivedTagsOf(caller.policy, touched)
  const call = (obligations: Obligations) => statement.call(analysis, obligations)
  const action: Action = {
    callId,
    facts,
    isCounted: !facts.dryRun,
    under: analysis.touched?.sources.map(({ name }) => name),
    prepare: tags.length === 0 ? undefined : () => ports.derivedTags.add(tags),
    decide: () => decision,
    outputs: analysis.touched?.lineage.outputs,
    call,
    handle,
  }
  if (decision.effect !== 'require-approval' || facts.dryRun) return make(ports, caller, action)
  const stopped = await hindrance(ports, caller, action)
  if (stopped !== undefined) return refuse(stopped, callId, facts, decision)
  const asked = await inSpan('ask for approval', { 'sluice.call': callId }, () =>
    askApproval(ports, caller, {
      callId,
      run,
      facts,
      decided: decided.value,
      decision,
      call: call(decision.obligations),
    }),
  )
  if (!asked.ok) {
    const { refusal, recorded } = asked.error
    return recorded
      ? fail(refusal, callId, facts, decision.effect)
      : refuse(refusal, callId, facts, decision)
  }
  return 'leave' in asked.value
    ? make(ports, caller, { ...action, leave: asked.value.leave })
    : whenHeld(asked.value.job)
}

/** How a statement is run, or waited for. */
export interface StatementPlan {
  readonly handle: Handle
  readonly run: QueryRun
  /** What the caller is answered while people are asked. */
  readonly whenHeld: (job: JobRecord) => Promise<Outcome>
}

/** Stages 5 to 11 for a call that needs leave. */
export async function make(ports: Ports, caller: Caller, action: Action): Promise<Outcome> {
  const { callId, facts, handle } = action
  const stopped = await hindrance(ports, caller, action)
  if (stopped !== undefined) return refuse(stopped, callId, facts)
  const decision = action.decide()
  const permit = permitFor(action, decision)
  if (!permit.ok) return refuse(permit.error, callId, facts, decision)
  const connection = connectionOf(caller.policy, permit.value.call.projectId)
  if (connection === undefined) throw new Error('a permit without a connection')

  const { jobTimeoutMs } = permit.value.decision.obligations
  const limit =
    action.isCounted === true
      ? await startWithinLimits(ports, caller, callId, jobTimeoutMs)
      : undefined
  if (limit !== undefined) return refuse(limit, callId, facts, decision)

  const { session, replay } = caller
  const traced = tracedOf(caller.policy, facts, permit.value.call.projectId)
  const { outputs } = action
  const request = { callId, permit: permit.value, facts, session, outputs, replay, traced }
  const recorded = await inSpan('record request', { 'sluice.call': callId }, () =>
    recordRequest(ports, { ...request, connection: connection.id }),
  )
  if (!recorded.ok) return refuse(recordingRefusal(recorded.error, facts), callId, facts, decision)
  if (isForgotten(recorded.value, caller.at))
    return refuse(
      recordingRefusal({ problem: 'request-id-reused' }, facts),
      callId,
      facts,
      decision,
    )
  const step = { facts, handle, session, ends: 'call', prepare: action.prepare } as const
  return counted(ports.memory, caller, () => perform(ports, caller, recorded.value, step))
}

/** What keeps a caller from doing anything just now, or anything with these tables. */
async function hindrance(
  ports: Ports,
  caller: Caller,
  { facts, under = [] }: Pick<Action, 'facts' | 'under'>,
): Promise<Refusal | undefined> {
  // Whoever is stopped may still stop what runs.
  const isCancel = facts.method === 'jobs.cancel'
  return (
    crowded(ports.memory, caller) ??
    (isCancel
      ? undefined
      : await stoppedBy(ports, caller, [...facts.tables, ...facts.targets, ...under]))
  )
}

function permitFor({ callId, leave, call }: Action, decision: Decision): Result<Permit, Refusal> {
  return leave !== undefined && decision.effect === 'require-approval'
    ? ok(settleWith(leave, callId, decision, call))
    : settle(decision, call)
}

/** Stages 8 to 11 for a call about a job whose own request entry is durable. */
export async function proceed(
  ports: Ports,
  caller: Caller,
  job: JobRecord,
  step: { readonly call: BigQueryCall; readonly facts: CallFacts; readonly handle: Handle },
): Promise<Outcome> {
  const crowd = crowded(ports.memory, caller)
  if (crowd !== undefined) return refuse(crowd, job.call, step.facts)
  const stopped = await stoppedBy(ports, caller, [])
  if (stopped !== undefined) return refuse(stopped, job.call, step.facts)
  const spent = job.release.governed ? await governedRowsLeft(ports, caller) : undefined
  if (spent !== undefined) return refuse(spent, job.call, step.facts)
  const session = { ...caller.session, id: job.session }
  const recorded = resume(job, step.call)
  return counted(ports.memory, caller, () =>
    perform(ports, caller, recorded, { ...step, session, ends: 'job' }),
  )
}

/** BigQuery knows a `requestId` for 15 minutes; after that a repeat would run again, unrecorded. */
const REQUEST_ID_MS = 10 * 60_000

function isForgotten({ call, repeated, recordedAt }: RecordedPermit, now: number): boolean {
  const forMs = call.method === 'jobs.query' ? REQUEST_ID_MS : REPEATABLE_MS
  return repeated && now - recordedAt > forMs
}

/** BigQuery hears of it, the reply is masked, what it does is durable, and only then it may leave. */
async function perform(
  ports: Ports,
  caller: Caller,
  recorded: RecordedPermit,
  step: Step,
): Promise<Outcome> {
  const { facts, handle, session } = step
  const { callId } = recorded
  const { results } = caller.policy.record
  const attempt = { recorded, session, startedAt: caller.at, method: facts.method, results }
  // Nothing leaves after it, so a record that fails here changes nothing for the caller. A call that
  // can go on stays open: its end must say how it ended, and not how one attempt did.
  const giveUp = async (
    refusal: Refusal,
    outcome: 'not-delivered' | 'unanswered',
    detail: string,
    final = handle.named !== true,
  ) => {
    if (step.ends === 'call' && final) {
      await inSpan('record outcome', { 'sluice.call': callId }, () =>
        recordOutcome(ports, { ...attempt, outcome, detail }),
      )
      // What it counts as running ends by itself, should the store be down.
      await lookUp(() => endWithinLimits(ports, caller, callId, undefined))
    }
    return fail(refusal, callId, facts, recorded.effect)
  }

  const prepared = await lookUp(async () => step.prepare?.())
  if (!prepared.ok)
    return giveUp(prepared.error, 'not-delivered', 'what must go with it is not kept')
  const claimed = (await handle.claim?.(recorded)) ?? ok(undefined)
  if (!claimed.ok) {
    const { problem } = claimed.error
    return giveUp(claimed.error, 'not-delivered', problem, problem === 'job-id-taken')
  }
  const sent = await handle.send(recorded)
  if (!sent.ok) {
    const { problem, detail, mayHaveRun, job } = sent.error
    const what = detail === undefined ? problem : `${problem}: ${detail}`
    return giveUp(
      upstreamRefusal(sent.error, handle.repeatable),
      problem === 'caller-gone' ? 'not-delivered' : 'unanswered',
      mayHaveRun ? what : `${what}; bigquery has not heard of it`,
      handle.named !== true && job === undefined,
    )
  }
  const { credentialVersion, status } = sent.value
  const masked =
    status >= 400
      ? maskError(sent.value, recorded.release.governed)
      : await maskedBy(handle, sent.value, recorded)
  if (isAmbiguous(status, facts, handle) || (!masked.ok && status >= 500)) {
    const failure = { problem: 'upstream-garbled', mayHaveRun: true } as const
    const refusal = upstreamRefusal(failure, handle.repeatable)
    return giveUp(refusal, 'unanswered', `bigquery answered ${status}`)
  }
  if (!masked.ok) {
    const refusal = { problem: 'reply-not-understood', job: facts.job?.jobId } as const
    return giveUp(refusal, 'unanswered', 'reply-not-understood')
  }

  // It may have been revoked while BigQuery was at it.
  const revoked = await takenBack(ports, { grant: recorded.grant, call: callId })
  if (revoked !== undefined) {
    const job = masked.value.delivery.job?.jobId ?? facts.job?.jobId
    // Whoever is told to try again would run it again.
    const isUnsure = 'cause' in revoked && step.ends === 'call'
    const refusal: Refusal = isUnsure
      ? { problem: 'outcome-unrecorded', job, cause: revoked.cause }
      : revoked
    return giveUp(refusal, 'not-delivered', revoked.problem)
  }

  const { reply, delivery, failed } = masked.value
  const outage = isOutage(status, delivery.error?.reason)
  const ends = status >= 400 ? await endOfError(status, outage, step) : masked.value.ends
  const record = async (): Promise<StoredEntry | undefined> => {
    if (ends === 'pending' || (ends === 'call-if-open' && (await hasEnded(ports, callId))))
      return undefined
    const outcome = failed ? 'failed' : 'released'
    const done =
      ends === 'page'
        ? await recordPage(ports, { ...attempt, delivery, credentialVersion })
        : await recordOutcome(ports, { ...attempt, outcome, delivery, credentialVersion })
    if (!done.ok) throw causeOf(done.error)
    await countGovernedRows(ports, caller, masked.value.governedRows)
    if (ends !== 'page' && ports.memory.ended.get(callId) !== true)
      await endWithinLimits(ports, caller, callId, delivery)
    if (ends !== 'page') ports.memory.ended.set(callId, true)
    return done.value
  }
  const job = (delivery.job ?? facts.job)?.jobId
  // Both to their end, also when one fails: nothing may go on after the answer.
  const [ended, kept] = await Promise.allSettled([
    inSpan('record outcome', { 'sluice.call': callId }, record),
    masked.value.keep?.() ?? true,
  ])
  if (ended.status === 'fulfilled' && kept.status === 'fulfilled' && kept.value) {
    const { masks = [], approval } = masked.value
    return ok({ reply, masks, approval, effect: recorded.effect, entry: ended.value })
  }
  const cause: unknown = [ended, kept].find((part) => part.status === 'rejected')?.reason
  return fail({ problem: 'outcome-unrecorded', job, cause }, callId, facts, recorded.effect)
}

function maskedBy(
  handle: Handle,
  reply: UpstreamReply,
  recorded: RecordedPermit,
): ReturnType<Handle['mask']> {
  return inSpan('mask', {}, async (span) => {
    const masked = await handle.mask(reply, recorded)
    if (masked.ok) span.note({ 'sluice.masked_columns': masked.value.masks?.length ?? 0 })
    else span.fail(masked.error)
    return masked
  })
}
