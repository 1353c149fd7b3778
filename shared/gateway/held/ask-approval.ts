import { createHash } from 'node:crypto'

import { approvalRequested } from '../../approval/approval-requested.ts'
import { requestDigest } from '../../approval/effective-request.ts'
import { parseGrantId } from '../../approval/grant-id.ts'
import type { Grant, GrantHead, Told } from '../../approval/grant.ts'
import { opensAt } from '../../approval/hours.ts'
import type { ApprovalRequired, Leave } from '../../approval/permit.ts'
import { standingOf } from '../../approval/standing.ts'
import type { BigQueryCall } from '../../bigquery/call.ts'
import { principalKey } from '../../identity/principal.ts'
import { counter } from '../../kernel/instruments.ts'
import { type Result, ok } from '../../kernel/result.ts'
import type { ApprovalTerms } from '../../policy/approval-terms.ts'
import { connectionOf } from '../../policy/evaluate.ts'
import { governedReads } from '../../policy/governed-data.ts'
import { termsOf } from '../../policy/terms-of.ts'
import type { CallFacts } from '../../recording/entry.ts'
import type { JobRecord } from '../../recording/job.ts'
import { recordGrant } from '../../recording/record-grant.ts'
import { writeRequest } from '../../recording/record-request.ts'
import type { Caller } from '../caller.ts'
import type { Decided } from '../decide-statement.ts'
import { REPEATABLE_MS } from '../end-of-call.ts'
import { lookUp } from '../own-jobs.ts'
import type { Ports } from '../ports.ts'
import { type QueryRun, callOf, jobOfRun } from '../query-run.ts'
import { causeOf, recordingRefusal } from '../recording-refusal.ts'
import type { Refusal } from '../refusal.ts'
import { justificationOf } from '../statement-of-run.ts'
import { breakGlass } from './break-glass.ts'
import { effectiveRequestOf } from './effective-request-of.ts'
import { heldJobRecord } from './held-job.ts'
import { pendingElsewhere } from './join-held.ts'
import { leaveOfBox } from './time-box-leave.ts'

/** A query of which policy says that people have to approve it. */
export interface ToApprove {
  readonly callId: string
  /** As the client sent it. */
  readonly run: QueryRun
  readonly facts: CallFacts
  readonly decided: Decided
  readonly decision: ApprovalRequired
  /** The call that would run it at once, for who needs to wait for nobody. */
  readonly call: BigQueryCall
}

/** Leave to run it at once, or the job its caller waits for; `recorded` of a refusal: it has a request entry. */
export type Asked = Result<
  { readonly leave: Leave } | { readonly job: JobRecord },
  { readonly refusal: Refusal; readonly recorded: boolean }
>

/** More requests of one principal than this before anybody has decided: approvers stop reading. */
const MOST_WAITING = 20

/**
 * Stage 6 for a query that needs people's approval: under leave they gave before, by breaking the glass, or by
 * asking. Whoever repeats a request that waits, or one that was just denied, is told of that one.
 */
export async function askApproval(ports: Ports, caller: Caller, asked: ToApprove): Promise<Asked> {
  const terms = termsOf(caller.policy, asked.decision)
  const boxed = await leaveOfBox(ports, caller, asked)
  if (boxed !== undefined) return boxed
  const head = headOf(caller, asked, terms)
  const broken = await breakGlass(ports, caller, asked, head)
  if (broken !== undefined) return broken
  const opening = closed(terms, caller.at)
  if (opening !== undefined) return refused({ problem: 'nobody-to-ask', opensAt: opening.opensAt })
  return findOrOpen(ports, caller, asked, head)
}

/** A grant but for what only the record knows. */
export type UnwrittenHead = Omit<GrantHead, 'requestEntry' | 'effectiveDigest'>

function headOf(caller: Caller, asked: ToApprove, terms: readonly ApprovalTerms[]): UnwrittenHead {
  const { callId, run, decided, decision } = asked
  const id = parseGrantId(callId)
  const connection = connectionOf(caller.policy, run.projectId)
  if (id === undefined || connection === undefined) throw new Error('a decision about nothing')
  const request = effectiveRequestOf(caller, run, decided, decision)
  const { verified, claimed } = caller.session
  return {
    id,
    call: callId,
    job: jobOfRun(run, callId),
    connection: connection.id,
    session: { verified, claimed },
    request,
    digest: requestDigest(request),
    terms,
    told: toldOf(caller, asked),
    requestedAt: caller.at,
    expiresAt: caller.at + Math.min(...terms.map(({ waitMs }) => waitMs)),
  }
}

function toldOf(caller: Caller, { run, facts, decided }: ToApprove): Told {
  return {
    statementType: decided.analysis.statementType,
    tables: facts.tables,
    targets: facts.targets,
    governedColumns:
      decided.touched === undefined ? [] : governedReads(caller.policy, decided.touched),
    estimatedBytes: decided.estimatedBytes,
    justification: justificationOf(caller, run),
  }
}

async function findOrOpen(
  ports: Ports,
  caller: Caller,
  asked: ToApprove,
  head: UnwrittenHead,
): Promise<Asked> {
  const owner = principalKey(caller.principal)
  // Of all that ask for the same at once, one asks.
  const key = createHash('sha256')
    .update(JSON.stringify([owner, head.digest]))
    .digest('hex')
  const elsewhere = await lookUp(() => pendingElsewhere(ports, key, head.id))
  if (!elsewhere.ok) return refused(elsewhere.error)
  const outputs = asked.decided.analysis.touched?.lineage.outputs
  const { value: joined } = elsewhere
  if (joined !== undefined) {
    const job = heldJobRecord(joined, outputs)
    const claimed = await lookUp(() => ports.jobs.claim(job))
    return claimed.ok ? ok({ job }) : refused(claimed.error)
  }
  const subject = `approvals ${owner}`
  const limits = [{ subject, meter: 'concurrent-jobs', most: MOST_WAITING }] as const
  const counted = await lookUp(() =>
    ports.usage.start({ call: head.id, at: caller.at, expiresAt: head.expiresAt, limits }),
  )
  if (!counted.ok) return refused(counted.error)
  if (counted.value !== 'started') return refused({ problem: 'too-many-asked', most: MOST_WAITING })
  const opened = await open(ports, caller, asked, head)
  // What does not wait for anybody does not count; else it stops counting by itself.
  if (!opened.ok || !opened.value.isAwaited)
    await lookUp(() => ports.usage.finish(subject, head.id))
  return opened
}

async function open(
  ports: Ports,
  caller: Caller,
  { callId, run, facts, decided, decision }: ToApprove,
  head: UnwrittenHead,
): Promise<Opened> {
  const { session } = caller
  const { connection, job } = head
  const held = { ...run, method: 'jobs.insert', jobId: run.jobId } as const
  const written = await writeRequest(ports, {
    callId,
    call: callOf(held, decided.analysis, decision.obligations, callId),
    decision,
    grant: head.id,
    connection,
    session,
    facts: { ...facts, job },
  })
  if (!written.ok) return refused(recordingRefusal(written.error, facts))
  const { entry, hash, repeated, effectiveDigest } = written.value
  if (repeated && caller.at - entry.at > REPEATABLE_MS) {
    // Nobody was asked in time: its call is closed, or is about to be.
    const known = await lookUp(() => ports.grants.find(head.id))
    if (!known.ok) return refused(known.error, true)
    if (known.value === undefined)
      return refused(recordingRefusal({ problem: 'request-id-reused' }, { ...facts, job }))
  }
  const grant: Grant = {
    ...head,
    requestEntry: hash,
    effectiveDigest,
    requestedAt: entry.at,
    events: [{ type: 'asked', at: entry.at }],
  }
  const record = heldJobRecord(grant, decided.analysis.touched?.lineage.outputs)
  const claim = await lookUp(() => ports.jobs.claim(record))
  if (!claim.ok) return refused(claim.error, true)
  if (claim.value !== 'claimed' && claim.value.existing.request !== hash)
    return refused(
      { problem: 'job-id-taken', what: `Job ${job.projectId}:${job.location ?? ''}.${job.jobId}` },
      true,
    )
  const opened = await lookUp(() => ports.grants.open(grant))
  if (!opened.ok) return refused(isTooLarge(opened.error) ? TOO_LARGE : opened.error, true)
  if (opened.value === 'opened') heldQueries(1)
  const kept = opened.value === 'opened' ? grant : opened.value.existing
  const recorded = await recordGrant(ports, kept, ports.memory.grants)
  if (!recorded.ok)
    return refused({ problem: 'record-unavailable', cause: causeOf(recorded.error) }, true)
  await announce(ports, kept)
  return ok({ job: record, isAwaited: standingOf(kept).state === 'approval-awaited' })
}

const heldQueries = counter('sluice.queries.held', {
  description: 'Queries that people were asked about.',
  unit: '{query}',
})

type Opened = Result<
  { readonly job: JobRecord; readonly isAwaited: boolean },
  Extract<Asked, { ok: false }>['error']
>

/** Trying again would not help. */
const TOO_LARGE: Refusal = {
  problem: 'malformed',
  message: 'the query with its parameters is too large to be held; send less at once',
}

function isTooLarge(refusal: Refusal): boolean {
  return 'cause' in refusal && refusal.cause instanceof RangeError
}

/** Tells whoever approves. Should it fail, the sweep tells them: the request waits either way. */
async function announce(ports: Ports, grant: Grant): Promise<void> {
  const news = approvalRequested(grant, 0)
  if (news === undefined) return
  await ports.publish(news).catch((cause: unknown) => ports.onTrouble(cause))
}

function closed(
  terms: readonly ApprovalTerms[],
  at: number,
): { readonly opensAt: number | undefined } | undefined {
  const opening = terms.flatMap(({ hours }) =>
    hours === undefined ? [] : [opensAt(hours, at) ?? Infinity],
  )
  const latest = Math.max(at, ...opening)
  if (latest <= at) return undefined
  return { opensAt: Number.isFinite(latest) ? latest : undefined }
}

function refused(refusal: Refusal, recorded = false): Extract<Asked, { ok: false }> {
  return { ok: false, error: { refusal, recorded } }
}
