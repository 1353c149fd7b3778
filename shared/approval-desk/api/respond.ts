import type { Context } from 'hono'

import { errorBody } from '../../bigquery/error.ts'
import { isChallenged } from '../../identity/challenged.ts'
import { type Result, ok } from '../../kernel/result.ts'
import { bareFacts } from '../../recording/bare-facts.ts'
import { recordAnonymousRefusal, recordRefusal } from '../../recording/record-refusal.ts'
import { recordRefusedVote } from '../../recording/record-refused-vote.ts'
import type { RecordingProblem } from '../../recording/recorder.ts'
import type { ApprovalsCaller } from './approvals-caller.ts'
import type { ApprovalsPorts, ApprovalsSurface } from './approvals-ports.ts'
import { type Outcome, type Refused, refusalWords } from './approvals-refusal.ts'

const HEADERS = {
  'content-type': 'application/json; charset=UTF-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/**
 * Answers a call. Whoever was refused something that would have changed anything, and whoever has no valid token, is
 * on the record before they hear of it.
 */
export async function respond(
  ports: ApprovalsPorts,
  surface: ApprovalsSurface,
  c: Context,
  from: { readonly caller: ApprovalsCaller | undefined; readonly outcome: Outcome },
): Promise<Response> {
  const { caller, outcome } = from
  if (outcome.ok) {
    const { status, body } = outcome.value
    return new Response(JSON.stringify(body), { status, headers: HEADERS })
  }
  const recorded = await record(ports, surface, c, caller, outcome.error)
  if (recorded.ok) return refused(surface, outcome.error, recorded.value)
  const cause = 'cause' in recorded.error ? recorded.error.cause : recorded.error
  return refused(surface, { refusal: { problem: 'record-unavailable', cause } }, undefined)
}

function refused(
  surface: ApprovalsSurface,
  { refusal }: Refused,
  call: string | undefined,
): Response {
  if ('cause' in refusal) surface.onFailure(refusal.cause)
  const { code, reason, message } = refusalWords(refusal)
  const said = call === undefined ? message : `${message} (Sluice call ${call})`
  const challenge = isChallenged(refusal) ? surface.challenge(refusal) : undefined
  const headers = challenge === undefined ? HEADERS : { ...HEADERS, 'www-authenticate': challenge }
  return new Response(JSON.stringify(errorBody(code, reason, said)), { status: code, headers })
}

/** Resolves with the call under which the refusal is on the record, if it has one of its own. */
async function record(
  ports: ApprovalsPorts,
  surface: ApprovalsSurface,
  c: Context,
  caller: ApprovalsCaller | undefined,
  { refusal, vote }: Refused,
): Promise<Result<string | undefined, RecordingProblem>> {
  // Reads are no entries, and what the resolver refused is one already.
  if (caller !== undefined && (c.req.method === 'GET' || refusal.problem === 'vote-refused'))
    return ok(undefined)
  if (vote !== undefined) {
    const written = await recordRefusedVote(ports, vote.grant, vote.vote, refusal.problem)
    return written.ok ? ok(undefined) : written
  }
  const entry = {
    facts: bareFacts(
      `${c.req.method} ${surface.mountedAt ?? ''}${c.req.path.slice(0, 200)}`,
      undefined,
    ),
    session: caller?.session,
    problem: refusal.problem,
    detail: 'message' in refusal ? refusal.message : '',
    decision: undefined,
    source: {
      address: surface.sourceAddress(c),
      userAgent: c.req.header('user-agent')?.slice(0, 512),
    },
  }
  const written = await (caller === undefined
    ? recordAnonymousRefusal(ports, surface.refusalBudget, entry)
    : recordRefusal(ports, entry))
  return written.ok ? ok(written.value?.entry.call) : written
}
