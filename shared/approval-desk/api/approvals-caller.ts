import type { Context } from 'hono'

import { type Principal } from '../../identity/principal.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { Policy } from '../../policy/policy.ts'
import { openSession } from '../../session/open-session.ts'
import type { Session } from '../../session/session.ts'
import type { ApprovalsPorts, ApprovalsSurface } from './approvals-ports.ts'
import type { ApprovalsRefusal } from './approvals-refusal.ts'
import { hasRole } from './has-role.ts'

/** Somebody with a valid token, under the policy in force. */
export interface ApprovalsCaller {
  readonly principal: Principal
  readonly session: Session
  readonly policy: Policy
  /** When they came. */
  readonly at: number
}

/** Who is calling. An approver counts as seen, with the groups of this token. */
export async function admit(
  ports: ApprovalsPorts,
  surface: ApprovalsSurface,
  c: Context,
): Promise<Result<ApprovalsCaller, ApprovalsRefusal>> {
  const at = ports.clock()
  const policy = ports.policy()
  if (!policy.ok) return err({ problem: 'not-ready' })
  const identity = await ports.identify(c.req.header('authorization'), at)
  if (!identity.ok) return identity
  const principal = identity.value
  const header = (name: string) => c.req.header(name)?.slice(0, MOST_KEPT)
  const session = openSession(principal, {
    sourceAddress: surface.sourceAddress(c),
    userAgent: header('user-agent'),
    apiClient: header('x-goog-api-client'),
    sessionName: header('sluice-session'),
    labels: {},
  })
  const caller = { principal, session, policy: policy.value, at }
  if (hasRole(caller, 'approver') || (await wasSeen(ports, principal)))
    await ports.peopleSeen.saw(principal, at)
  return ok(caller)
}

/** Who was an approver and is none any more has to be seen as that: their votes are still counted. */
async function wasSeen(
  { peopleSeen }: Pick<ApprovalsPorts, 'peopleSeen'>,
  { issuer, subject }: Principal,
): Promise<boolean> {
  return (await peopleSeen.groupsNow(issuer, subject)) !== undefined
}

const MOST_KEPT = 512
