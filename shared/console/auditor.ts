import { type Result, ok } from '../kernel/result.ts'
import { newCallId } from '../recording/call-id.ts'
import { recordedPrincipal } from '../recording/recorded-caller.ts'
import { type RecordingProblem, createDurably } from '../recording/recorder.ts'
import type { AuditEntry } from '../recording/upkeep-entry.ts'
import type { Admitted } from './admit.ts'
import type { AuditPorts } from './audit-ports.ts'

/** Makes it durable that somebody looks at the record, before they see any of it. */
export async function recordAudit(
  ports: AuditPorts,
  { principal }: Admitted,
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
