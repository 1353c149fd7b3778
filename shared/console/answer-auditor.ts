import type { Context } from 'hono'

import { errorBody } from '../bigquery/error.ts'
import { isChallenged } from '../identity/challenged.ts'
import { bareFacts } from '../recording/bare-facts.ts'
import { recordAnonymousRefusal, recordRefusal } from '../recording/record-refusal.ts'
import type { NotAdmitted } from './admit.ts'
import type { AuditPorts, AuditSurface } from './audit-ports.ts'
import { type AuditRefusal, auditRefusalWords } from './audit-refusal.ts'

const HEADERS = {
  'content-type': 'application/json; charset=UTF-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** What an auditor asked for. */
export function answerAuditor(body: object): Response {
  return new Response(JSON.stringify(body), { status: 200, headers: HEADERS })
}

/** Says no; it is on the record before they hear of it. */
export async function refuseAudit(
  ports: AuditPorts,
  surface: AuditSurface,
  c: Context,
  { refusal, session }: NotAdmitted,
): Promise<Response> {
  const entry = {
    facts: bareFacts(
      `${c.req.method} ${surface.mountedAt ?? ''}${c.req.path.slice(0, 200)}`,
      undefined,
    ),
    session,
    problem: refusal.problem,
    detail: 'message' in refusal ? refusal.message : '',
    decision: undefined,
    source: {
      address: surface.sourceAddress(c),
      userAgent: c.req.header('user-agent')?.slice(0, 512),
    },
  }
  const written = await (session === undefined
    ? recordAnonymousRefusal(ports, surface.refusalBudget, entry)
    : recordRefusal(ports, entry))
  if (written.ok) return refused(surface, refusal, written.value?.entry.call)
  const cause = 'cause' in written.error ? written.error.cause : written.error
  return refused(surface, { problem: 'record-unavailable', cause }, undefined)
}

function refused(surface: AuditSurface, refusal: AuditRefusal, call: string | undefined): Response {
  if ('cause' in refusal) surface.onFailure(refusal.cause)
  const { code, reason, message } = auditRefusalWords(refusal)
  const said = call === undefined ? message : `${message} (Sluice call ${call})`
  const challenge = isChallenged(refusal) ? surface.challenge(refusal) : undefined
  const headers = challenge === undefined ? HEADERS : { ...HEADERS, 'www-authenticate': challenge }
  return new Response(JSON.stringify(errorBody(code, reason, said)), { status: code, headers })
}
