import type { Grant, GrantId } from '../approval/grant.ts'
import { standingOf } from '../approval/standing.ts'
import { principalKey } from '../identity/principal.ts'
import { recordGrant } from '../recording/record-grant.ts'
import type { Desk } from './desk.ts'

/**
 * Everything that follows from how a grant stands: it is recorded, what was approved is started, what was
 * revoked is stopped, and whoever was asked sees how it ended. May be done again at any time. Rejects when
 * something is left to do.
 */
export async function followUp(desk: Desk, id: GrantId): Promise<Grant> {
  const found = await desk.grants.find(id)
  if (found === undefined) throw new Error(`no grant \`${id}\``)
  await record(desk, found)
  const standing = standingOf(found)
  // Also what was revoked while somebody started it: it may run.
  const isDue = !standing.hasStarted && (standing.state === 'active' || standing.isStarting)
  const grant = isDue ? await desk.start(id) : found
  // Somebody else may have been faster, and not have recorded it yet.
  if (isDue) await record(desk, grant)
  const { state, box, hasStarted } = standingOf(grant)
  const owner = principalKey(grant.request.principal)
  if (box !== undefined && state === 'active') await desk.grants.keepBox(owner, id)
  if (state === 'revoked' && hasStarted) await desk.stop(grant)
  if (state === 'approval-awaited') return grant
  await desk.usage.finish(`approvals ${owner}`, id)
  await desk.announce.settled(grant)
  return grant
}

async function record(desk: Desk, grant: Grant): Promise<void> {
  const recorded = await recordGrant(desk, grant, desk.known)
  if (!recorded.ok)
    throw new Error(`not recorded: ${recorded.error.problem}`, { cause: recorded.error })
}
