import { approvalRequested } from '../../approval/approval-requested.ts'
import type { Grant } from '../../approval/grant.ts'
import { leaveOf } from '../../approval/leave.ts'
import { standingOf } from '../../approval/standing.ts'
import { ok } from '../../kernel/result.ts'
import { recordGrant } from '../../recording/record-grant.ts'
import { writeRequest } from '../../recording/record-request.ts'
import type { Caller } from '../caller.ts'
import { lookUp } from '../own-jobs.ts'
import type { Ports } from '../ports.ts'
import { causeOf, recordingRefusal } from '../recording-refusal.ts'
import type { Refusal } from '../refusal.ts'
import { justificationOf } from '../statement-of-run.ts'
import type { Asked, ToApprove, UnwrittenHead } from './ask-approval.ts'

/**
 * Leave for a caller who says that it cannot wait, if policy lets them: with a justification, on the record and
 * told to approvers before it acts. Undefined for who does not say so.
 */
export async function breakGlass(
  ports: Ports,
  caller: Caller,
  { callId, run, facts, decision, call }: ToApprove,
  head: UnwrittenHead,
): Promise<Asked | undefined> {
  if (caller.facts.breakGlass !== true && run.labels['sluice_break_glass'] !== 'true')
    return undefined
  const { groups, actors } = caller.principal
  const may =
    // What acts for somebody cannot answer for it.
    actors.length === 0 &&
    head.terms.every(({ breakGlass: glass }) => glass !== undefined && groups.includes(glass.group))
  if (!may) return refused({ problem: 'glass-not-yours' })
  const justification = justificationOf(caller, run)?.trim() ?? ''
  if (justification === '') return refused({ problem: 'glass-unjustified' })
  const { session } = caller
  const { connection, id } = head
  const written = await writeRequest(ports, {
    callId,
    call,
    decision,
    grant: id,
    connection,
    session,
    facts,
  })
  if (!written.ok) return refused(recordingRefusal(written.error, facts))
  const { entry, hash, effectiveDigest } = written.value
  const { at } = entry
  const grant: Grant = {
    ...head,
    requestEntry: hash,
    effectiveDigest,
    requestedAt: at,
    events: [
      { type: 'asked', at },
      { type: 'broke-glass', at, justification },
    ],
  }
  const opened = await lookUp(() => ports.grants.open(grant))
  if (!opened.ok) return refused(opened.error, true)
  const kept = opened.value === 'opened' ? grant : opened.value.existing
  const recorded = await recordGrant(ports, kept, ports.memory.grants)
  if (!recorded.ok)
    return refused({ problem: 'record-unavailable', cause: causeOf(recorded.error) }, true)
  // The same request again, once somebody has stopped it.
  if (standingOf(kept).final !== undefined)
    return refused({ problem: 'not-approved', grant: kept }, true)
  const news = approvalRequested(grant, 1)
  // Fail closed: nobody breaks it unheard.
  const told = await lookUp(async () => news && ports.publish(news))
  if (!told.ok) return refused(told.error, true)
  return ok({ leave: leaveOf(recorded.value, callId) })
}

function refused(refusal: Refusal, recorded = false): Extract<Asked, { ok: false }> {
  return { ok: false, error: { refusal, recorded } }
}
