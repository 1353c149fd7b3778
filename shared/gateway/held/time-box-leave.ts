import type { Grant } from '../../approval/grant.ts'
import { leaveOf } from '../../approval/leave.ts'
import { standingOf } from '../../approval/standing.ts'
import { useBox } from '../../approval/time-box.ts'
import { formatTable } from '../../bigquery/reference.ts'
import { principalKey } from '../../identity/principal.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { ok } from '../../kernel/result.ts'
import { recordGrant } from '../../recording/record-grant.ts'
import type { Caller } from '../caller.ts'
import { lookUp } from '../own-jobs.ts'
import type { Ports } from '../ports.ts'
import { causeOf } from '../recording-refusal.ts'
import type { Asked, ToApprove } from './ask-approval.ts'

/**
 * Leave under a time box that the caller has and that this query fits; undefined when there is none. Read from
 * the store each time: a box that was revoked is over everywhere.
 */
export async function leaveOfBox(
  ports: Ports,
  caller: Caller,
  { callId, decided, decision }: ToApprove,
): Promise<Asked | undefined> {
  const owner = principalKey(caller.principal)
  const { analysis, estimatedBytes } = decided
  const used = await lookUp(async () => {
    for (const id of await ports.grants.boxesOf(owner)) {
      // oxlint-disable-next-line no-await-in-loop -- the first that fits
      const grant = await ports.grants.find(id)
      if (grant === undefined || standingOf(grant).state !== 'active') continue
      // What was granted under another policy was granted by other rules.
      if (grant.request.decision.policyDigest !== caller.policy.digest) continue
      // It was granted to them through one client, and not to whatever else acts for them.
      if (!isThrough(caller, grant)) continue
      // Who approved the one was not asked for the other.
      const { approvals } = grant.request.decision
      if (!decision.approvals.every((one) => approvals.includes(one))) continue
      const touched = (analysis.touched?.sources ?? []).map(({ name }) => name)
      const use = {
        call: callId,
        owner,
        tables: [...[...analysis.tables, ...analysis.targets].map(formatTable), ...touched],
        statementType: analysis.statementType,
        bytes: estimatedBytes,
      }
      // oxlint-disable-next-line no-await-in-loop
      const changed = await ports.grants.change(id, (now) => useBox(now, use, ports.clock()))
      if (changed.ok) return changed.value
    }
    return undefined
  })
  if (!used.ok) return { ok: false, error: { refusal: used.error, recorded: false } }
  if (used.value === undefined) return undefined
  const recorded = await recordGrant(ports, used.value, ports.memory.grants)
  if (!recorded.ok)
    return {
      ok: false,
      error: {
        refusal: { problem: 'record-unavailable', cause: causeOf(recorded.error) },
        recorded: false,
      },
    }
  return ok({ leave: leaveOf(recorded.value, callId) })
}

function isThrough({ principal }: Caller, { request }: Grant): boolean {
  const { clientId, actors } = request.principal
  return (
    principal.clientId === clientId &&
    canonicalJson(principal.actors.map((one) => ({ ...one }))) === canonicalJson(actors)
  )
}
