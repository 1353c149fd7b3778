import type { Context } from 'hono'

import type { Principal } from '../identity/principal.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Policy, Role } from '../policy/policy.ts'
import { openSession } from '../session/open-session.ts'
import type { Session } from '../session/session.ts'
import type { AuditPorts, AuditSurface } from './audit-ports.ts'
import type { AuditRefusal } from './audit-refusal.ts'

/** Somebody whom the policy in force lets in. */
export interface Admitted {
  readonly principal: Principal
  readonly session: Session
}

/** Somebody whom it does not; without a session nobody knows who. */
export interface NotAdmitted {
  readonly refusal: AuditRefusal
  readonly session: Session | undefined
}

const MOST_KEPT = 512

/** Who is calling, unless `refusalOf` says why they may not. */
export async function admit(
  ports: AuditPorts,
  surface: AuditSurface,
  c: Context,
  refusalOf: (principal: Principal, policy: Policy) => AuditRefusal | undefined,
): Promise<Result<Admitted, NotAdmitted>> {
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
  const refusal = refusalOf(principal, policy.value)
  return refusal === undefined ? ok({ principal, session }) : err({ refusal, session })
}

/** Whether somebody has a role themselves: what acts for them has none of theirs. */
export function hasRole({ actors, groups }: Principal, { roles }: Policy, role: Role): boolean {
  return actors.length === 0 && groups.some((group) => roles.get(group)?.includes(role) === true)
}
