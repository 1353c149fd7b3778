import type { Grant, GrantId } from '../../approval/grant.ts'
import { type Result, ok } from '../../kernel/result.ts'
import type { ApprovalList } from './approval-view.ts'
import type { ApprovalsCaller } from './approvals-caller.ts'
import type { ApprovalsPorts } from './approvals-ports.ts'
import { type Outcome, type Refused, refuse } from './approvals-refusal.ts'
import { asOf, findApproval } from './find-approval.ts'
import { isToList, mayDo, mayRevoke } from './may.ts'
import { summaryOf } from './view-of.ts'

const MOST = 200
const BATCH = 50
/** Of all that are open, whoever asked for them. */
const MOST_LOOKED_AT = 5_000

/**
 * The open requests that concern the caller, oldest first: what they may decide about, revoke or review, and their
 * own. `pageToken` is the `nextPageToken` of the page before.
 */
export async function listApprovals(
  ports: ApprovalsPorts,
  caller: ApprovalsCaller,
  query: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const { pageToken, ...others } = query
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    return refuse({
      problem: 'malformed',
      message: `unknown parameter \`${unknown.slice(0, 100)}\``,
    })
  const start = await startOf(ports, caller, pageToken)
  if (!start.ok) return start
  const found = await collect(ports, caller, start.value)
  const page = found.slice(0, MOST)
  const body: ApprovalList = {
    approvals: page.map((grant) => summaryOf(grant, mayDo(grant, caller))),
    nextPageToken: found.length > MOST ? page.at(-1)?.id : undefined,
  }
  return ok({ status: 200, body })
}

/** A page starts after something that the caller was shown: a token tells them of nothing else. */
async function startOf(
  ports: ApprovalsPorts,
  caller: ApprovalsCaller,
  pageToken: string | undefined,
): Promise<Result<GrantId | undefined, Refused>> {
  if (pageToken === undefined) return ok(undefined)
  const last = await findApproval(ports, caller, pageToken, mayRevoke)
  return last.ok
    ? ok(last.value.id)
    : refuse({ problem: 'malformed', message: 'the page token is not valid; start again without' })
}

/** One more than a page has, so that it is known whether there is another. */
async function collect(
  { grants }: ApprovalsPorts,
  caller: ApprovalsCaller,
  start: GrantId | undefined,
): Promise<readonly Grant[]> {
  const found: Grant[] = []
  let after = start
  for (let looked = 0; looked < MOST_LOOKED_AT && found.length <= MOST; looked += BATCH) {
    // oxlint-disable-next-line no-await-in-loop -- batch by batch
    const ids = await grants.listOpen(BATCH, after)
    // oxlint-disable-next-line no-await-in-loop
    const batch = await Promise.all(ids.map((id) => grants.find(id)))
    for (const grant of batch) {
      const now = grant && asOf(grant, caller.at)
      if (now !== undefined && isToList(now, caller)) found.push(now)
    }
    after = ids.at(-1)
    if (ids.length < BATCH) break
  }
  return found
}
