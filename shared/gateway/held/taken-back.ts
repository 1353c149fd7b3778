import { parseGrantId } from '../../approval/grant-id.ts'
import type { Ports } from '../ports.ts'
import type { Refusal } from '../refusal.ts'
import { heldState } from './await-decision.ts'

/** Why nothing of a call may leave that has its leave by `grant`; undefined while that holds, and without one. */
export async function takenBack(
  ports: Ports,
  { grant, call }: { readonly grant?: string | undefined; readonly call: string },
): Promise<Refusal | undefined> {
  if (grant === undefined) return undefined
  const id = parseGrantId(grant)
  if (id === undefined) return { problem: 'not-approved', grant: undefined }
  const held = await heldState(ports, { grant: id, call })
  return held.ok ? undefined : held.error
}
