import { ok } from '../../kernel/result.ts'
import type { ApprovalView } from './approval-view.ts'
import type { ApprovalsCaller } from './approvals-caller.ts'
import type { ApprovalsPorts } from './approvals-ports.ts'
import type { Outcome } from './approvals-refusal.ts'
import { findApproval } from './find-approval.ts'
import { mayDo, maySee } from './may.ts'
import { viewOf } from './view-of.ts'

/** All of one request. */
export async function showApproval(
  ports: ApprovalsPorts,
  caller: ApprovalsCaller,
  id: string,
): Promise<Outcome> {
  const found = await findApproval(ports, caller, id, maySee)
  if (!found.ok) return found
  const body: ApprovalView = viewOf(found.value, mayDo(found.value, caller))
  return ok({ status: 200, body })
}
