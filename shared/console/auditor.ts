import type { Context } from 'hono'

import { type Result, ok } from '../kernel/result.ts'
import { newCallId } from '../recording/call-id.ts'
import { recordedPrincipal } from '../recording/recorded-caller.ts'
import { type RecordingProblem, createDurably } from '../recording/recorder.ts'
import type { AuditEntry } from '../recording/upkeep-entry.ts'
import { type Admitted, type NotAdmitted, admit, hasRole } from './admit.ts'
import type { AuditPorts, AuditSurface } from './audit-ports.ts'

/** Somebody whom the policy in force names an auditor. */
export type Auditor = Admitted

/** Who is calling, if they may audit. What acts for an auditor is none. */
export function admitAuditor(
  ports: AuditPorts,
  surface: AuditSurface,
  c: Context,
): Promise<Result<Auditor, NotAdmitted>> {
  return admit(ports, surface, c, (principal, policy) =>
    hasRole(principal, policy, 'auditor') ? undefined : { problem: 'no-auditor' },
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
