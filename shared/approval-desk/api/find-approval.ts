import { parseGrantId } from '../../approval/grant-id.ts'
import type { Grant } from '../../approval/grant.ts'
import { expire } from '../../approval/transitions.ts'
import { type Result, ok } from '../../kernel/result.ts'
import type { ApprovalsCaller } from './approvals-caller.ts'
import type { ApprovalsPorts } from './approvals-ports.ts'
import { type Refused, refuse } from './approvals-refusal.ts'

/**
 * The grant of this id as it stands now, for somebody who may know of it. To anybody else there is none, in the same
 * words as for an id that nobody has.
 */
export async function findApproval(
  { grants }: Pick<ApprovalsPorts, 'grants'>,
  caller: ApprovalsCaller,
  id: string,
  mayKnow: (grant: Grant, caller: ApprovalsCaller) => boolean,
): Promise<Result<Grant, Refused>> {
  const parsed = parseGrantId(id)
  const found = parsed && (await grants.find(parsed))
  return found !== undefined && mayKnow(found, caller)
    ? ok(asOf(found, caller.at))
    : refuse({ problem: 'not-found' })
}

/** A grant that is due to expire, as one that has, whether or not somebody has written so. */
export function asOf(grant: Grant, at: number): Grant {
  return { ...grant, events: [...grant.events, ...expire(grant, at)] }
}
