import type { Context } from 'hono'

import type { Principal } from '../identity/principal.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Policy } from '../policy/policy.ts'
import { newCallId } from '../recording/call-id.ts'
import { recordedPrincipal } from '../recording/recorded-caller.ts'
import { type RecordingProblem, createDurably } from '../recording/recorder.ts'
import type { AuditEntry } from '../recording/upkeep-entry.ts'
import { openSession } from '../session/open-session.ts'
import type { Session } from '../session/session.ts'
import type { AuditPorts, AuditSurface } from './audit-ports.ts'
import type { AuditRefusal } from './audit-refusal.ts'

/** Somebody whom the policy in force names an auditor. */
export interface Auditor {
  readonly principal: Principal
  readonly session: Session
}

/** Somebody who is none; without a session nobody knows who. */
export interface NoAuditor {
  readonly refusal: AuditRefusal
  readonly session: Session | undefined
}

const MOST_KEPT = 512

/** Who is calling, if they may audit. What acts for an auditor is none. */
export async function admitAuditor(
  ports: AuditPorts,
  surface: AuditSurface,
  c: Context,
): Promise<Result<Auditor, NoAuditor>> {
  const policy = ports.policy()
  if (!policy.ok) return err({ refusal: { problem: 'not-ready' }, session: undefined })
  const identity = await ports.identify(c.req.header('authorization'), ports.clock())
  if (!identity.ok) return err({ refusal: identity.error, session: undefined })
  const principal = identity.value
  const header = (name: string) => c.req.header(name)?.slice(0, MOST_KEPT)
  const session = openSession(principal, {
    sourceAddress: surface.sourceAddress(c),
    userAgent: header('user-agent'),
    apiClient: header('x-goog-api-client'),
    sessionName: header('sluice-session'),
    labels: {},
  })
  return isAuditor(principal, policy.value)
    ? ok({ principal, session })
    : err({ refusal: { problem: 'no-auditor' }, session })
}

function isAuditor({ actors, groups }: Principal, { roles }: Policy): boolean {
  return (
    actors.length === 0 && groups.some((group) => roles.get(group)?.includes('auditor') === true)
  )
}

/** Makes it durable that an auditor looks at the record, before they see any of it. */
export async function recordAudit(
  ports: AuditPorts,
  { principal }: Auditor,
  looked: Pick<AuditEntry, 'type' | 'what' | 'filter' | 'withPrivate'>,
): Promise<Result<void, RecordingProblem>> {
  const created = await createDurably(ports, {
    v: 1,
    id: `audit~${newCallId(ports.random)}`,
    at: ports.clock(),
    principal: recordedPrincipal(principal),
    ...looked,
  })
  return created.ok ? ok(undefined) : created
}
