import type { Grant, GrantId } from '../../approval/grant.ts'
import { standingOf } from '../../approval/standing.ts'
import { CLAIM_MS, claimStart, confirmStart, endUnstarted } from '../../approval/transitions.ts'
import { restoredPrincipal } from '../../identity/restored-principal.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { derivedTagsOf } from '../../policy/governed-data.ts'
import { entryLabel } from '../../recording/job-labels.ts'
import { permitToStart } from '../../recording/permit-to-start.ts'
import { recordGrant } from '../../recording/record-grant.ts'
import { restoredSession } from '../../session/restored-session.ts'
import type { Caller } from '../caller.ts'
import type { Decided } from '../decide-statement.ts'
import type { Ports } from '../ports.ts'
import { callOf } from '../query-run.ts'
import { causeOf } from '../recording-refusal.ts'
import { tracedOf } from '../traced-of.ts'
import { abandonedStart } from './abandoned-start.ts'
import { runOfRequest } from './effective-request-of.ts'
import { sameAsApproved } from './same-as-approved.ts'
import { sendStart } from './send-start.ts'
import { stopHeld } from './stop-held.ts'

/**
 * Starts what a grant approved, exactly that, at most once; resolves with the grant as it is then. What is not
 * due, or was started before, is left alone. Anything that differs from what was approved ends the grant, and
 * the reason is on the record. Rejects when it is not known whether it started: asking again is safe.
 */
export async function startHeld(ports: Ports, id: GrantId): Promise<Grant> {
  const grant = await ports.grants.find(id)
  if (grant === undefined) throw new Error(`no grant \`${id}\``)
  const { state, hasStarted, isStarting } = standingOf(grant)
  await recorded(ports, grant)
  if (hasStarted || (state !== 'active' && !isStarting)) return grant
  const before = isStarting ? await abandonedStart(ports, grant) : 'never'
  if (before === 'under-way') return grant
  if (before === 'started') return confirm(ports, grant)
  const tried = await tryStart(ports, grant)
  if (tried.ok) return tried.value
  // What somebody may be sending for is not said to have never started.
  return before === 'never' ? never(ports, grant, tried.error, standingOf(grant).claimedAt) : grant
}

/** The grant once somebody has started it, or the reason why nobody may. */
async function tryStart(ports: Ports, grant: Grant): Promise<Result<Grant, string>> {
  if (standingOf(grant).final !== undefined) return err('it was over before it had started')
  const caller = callerOf(ports, grant)
  if (!caller.ok) return caller
  const same = await sameAsApproved(ports, caller.value, grant)
  return same.ok ? start(ports, caller.value, grant, same.value) : same
}

async function start(
  ports: Ports,
  caller: Caller,
  grant: Grant,
  decided: Decided,
): Promise<Result<Grant, string>> {
  const { id, request, job } = grant
  const claimed = await ports.grants.change(id, (now) => claimStart(now, ports.clock()))
  if (!claimed.ok) {
    const { problem } = claimed.error
    if (problem === 'too-late' && standingOf(grant).isStarting) return err('it had to start before')
    // Somebody else starts it, or it is over by now.
    return ok((await ports.grants.find(id)) ?? grant)
  }
  const known = await recorded(ports, claimed.value)
  const run = runOfRequest(request, job.jobId)
  const call = callOf(run, decided.analysis, request.decision.obligations, grant.call)
  const { tables, targets } = grant.told
  const { strippedSql } = decided.analysis
  const facts = { tables, targets, strippedSql }
  const permit = permitToStart(known, call, tracedOf(caller.policy, facts, call.projectId))
  const { claimedAt = 0 } = standingOf(known)
  if (permit === undefined)
    return ok(await never(ports, grant, 'it would not be the call that was recorded', claimedAt))
  const tags = decided.touched === undefined ? [] : derivedTagsOf(caller.policy, decided.touched)
  if (tags.length > 0) await ports.derivedTags.add(tags)
  // By now somebody else may have found that nothing runs, and nothing will.
  if (ports.clock() >= claimedAt + CLAIM_MS) throw new Error('it took too long to start')
  const sent = await sendStart(ports, permit, {
    jobId: job.jobId,
    label: entryLabel(grant.requestEntry),
  })
  return ok(
    sent.ok ? await confirm(ports, grant) : await never(ports, grant, sent.error, claimedAt),
  )
}

/** It runs. Should the grant say by now that it never will, it is stopped. */
async function confirm(ports: Ports, grant: Grant): Promise<Grant> {
  const confirmed = await ports.grants.change(grant.id, (now) => confirmStart(now, ports.clock()))
  if (!confirmed.ok) await stopHeld(ports, grant)
  const after = confirmed.ok ? confirmed.value : grant
  await recorded(ports, after)
  return after
}

/** Who asked, as they were then, under the policy of now. */
function callerOf(ports: Ports, grant: Grant): Result<Caller, string> {
  const policy = ports.policy()
  if (!policy.ok) throw new Error('no policy to start under')
  const { request } = grant
  if (policy.value.digest !== request.decision.policyDigest)
    return err('the policy has changed since it was asked for')
  const principal = restoredPrincipal(request.principal)
  return ok({
    principal,
    session: restoredSession(principal, request.session, grant.session),
    policy: policy.value,
    facts: {
      sourceAddress: grant.session.verified.sourceAddress,
      userAgent: grant.session.claimed.userAgent,
      apiClient: grant.session.claimed.apiClient,
      sessionName: grant.session.claimed.name,
      justification: request.justification,
      labels: request.options.labels,
    },
    at: ports.clock(),
    signal: NEVER,
  })
}

const NEVER = new AbortController().signal

/** Ends a grant unstarted, unless somebody else is just starting it. `claim`: of who claimed the start. */
async function never(ports: Ports, grant: Grant, reason: string, claim?: number): Promise<Grant> {
  const changed = await ports.grants.change(grant.id, (now) =>
    endUnstarted(now, { reason, claim }, ports.clock()),
  )
  if (!changed.ok) return grant
  await recorded(ports, changed.value)
  return changed.value
}

async function recorded(ports: Ports, grant: Grant) {
  const done = await recordGrant(ports, grant, ports.memory.grants)
  if (!done.ok) throw causeOf(done.error)
  return done.value
}
