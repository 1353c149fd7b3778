import { isChallenged } from '../identity/challenged.ts'
import { RECEIPT_HEADER, receiptFor } from '../recording/receipt-for.ts'
import { recordAnonymousRefusal, recordRefusal } from '../recording/record-refusal.ts'
import type { RequestFacts } from '../session/open-session.ts'
import type { Answer } from './answered-call.ts'
import type { Caller } from './caller.ts'
import { MASKED_HEADER, maskedHeader } from './masked-header.ts'
import type { ApprovalNote, Refused, Released } from './outcome.ts'
import type { Ports } from './ports.ts'
import { causeOf } from './recording-refusal.ts'
import type { Refusal } from './refusal.ts'
import type { Surface } from './surface.ts'
import { wireError } from './wire-error.ts'

const HEADERS = {
  'content-type': 'application/json; charset=UTF-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** Sends exactly the bytes the record knows, with its receipt, and says which columns are masked in them. */
export async function answer(
  ports: Pick<Ports, 'writers' | 'clock'>,
  { reply, masks, approval, effect, entry }: Released,
): Promise<Answer> {
  const masked = maskedHeader(masks)
  const receipt = entry && (await receiptFor(ports, entry))
  const headers = {
    ...HEADERS,
    ...(masked === undefined ? {} : { [MASKED_HEADER]: masked }),
    ...(receipt === undefined ? {} : { [RECEIPT_HEADER]: receipt }),
    ...(approval === undefined ? {} : { 'sluice-approval': approvalHeader(approval) }),
  }
  return {
    response: new Response(reply.body, { status: reply.status, headers }),
    decision: effect,
    problem: undefined,
    entry: entry?.entry.id,
    masked: masks.length,
  }
}

/** A structured field (RFC 9651): a token with parameters. */
function approvalHeader(note: ApprovalNote): string {
  return note.state === 'required'
    ? 'required'
    : `awaited;id="${note.grant}";until="${new Date(note.until).toISOString()}"`
}

/** Records a refusal, unless its call is on the record already, and says no in BigQuery's words. */
export async function answerRefused(
  ports: Ports,
  surface: Surface,
  from: { readonly caller: Caller | undefined; readonly facts: RequestFacts },
  refused: Refused,
): Promise<Answer> {
  let { call, refusal } = refused
  let receipt: string | undefined
  let entry: string | undefined
  if (!refused.recorded) {
    const { sourceAddress: address, userAgent } = from.facts
    const refusalEntry = {
      facts: refused.facts,
      session: from.caller?.session,
      problem: refusal.problem,
      detail: detailOf(refusal),
      decision: refused.decision,
      source: { address, userAgent },
    }
    const recorded = await (from.caller === undefined
      ? recordAnonymousRefusal(ports, surface.refusalBudget, refusalEntry)
      : recordRefusal(ports, refusalEntry))
    if (recorded.ok) {
      call = recorded.value?.entry.call ?? call
      entry = recorded.value?.entry.id
      receipt = recorded.value && (await receiptFor(ports, recorded.value))
    } else refusal = { problem: 'record-unavailable', cause: causeOf(recorded.error) }
  }
  if ('cause' in refusal && refusal.cause !== undefined) surface.onFailure(refusal.cause)
  const { code, body } = wireError(refusal, call, refused.facts)
  const challenge = isChallenged(refusal) ? surface.challenge(refusal) : undefined
  const headers = {
    ...HEADERS,
    ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
    ...(receipt === undefined ? {} : { [RECEIPT_HEADER]: receipt }),
  }
  return {
    response: new Response(JSON.stringify(body), { status: code, headers }),
    decision: refused.decision?.effect ?? refused.effect,
    problem: refusal.problem,
    entry,
    masked: 0,
  }
}

/** What an auditor gets to read beyond the problem's name. */
function detailOf(refusal: Refusal): string {
  if ('message' in refusal) return refusal.message
  if ('hint' in refusal && !('what' in refusal)) return refusal.hint
  if ('what' in refusal) return refusal.what
  if (refusal.problem === 'switched-off') return refusal.reason
  if (refusal.problem === 'limit-reached') return `${refusal.meter}: ${refusal.most}`
  if ('reasons' in refusal) return refusal.reasons.join('; ')
  if ('code' in refusal) return `${refusal.issuer}: ${refusal.code}`
  if ('issuer' in refusal) return refusal.issuer
  if (!('decision' in refusal)) return ''
  return refusal.decision.effect === 'deny' ? refusal.decision.reason : refusal.decision.effect
}
