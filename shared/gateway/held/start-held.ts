import type { EffectiveRequest } from '../../approval/effective-request.ts'
import { requestDigest } from '../../approval/effective-request.ts'
import type { Grant, GrantId } from '../../approval/grant.ts'
import { standingOf } from '../../approval/standing.ts'
import { claimStart, confirmStart, endUnstarted } from '../../approval/transitions.ts'
import { restoredPrincipal } from '../../identity/restored-principal.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { derivedTagsOf } from '../../policy/governed-data.ts'
import { entryLabel } from '../../recording/job-labels.ts'
import { permitToStart } from '../../recording/permit-to-start.ts'
import { recordGrant } from '../../recording/record-grant.ts'
import { restoredSession } from '../../session/restored-session.ts'
import type { Caller } from '../caller.ts'
import { type Decided, decideStatement } from '../decide-statement.ts'
import type { Ports } from '../ports.ts'
import { callOf } from '../query-run.ts'
import { causeOf } from '../recording-refusal.ts'
import { statementOfRun } from '../statement-of-run.ts'
import { stoppedBy } from '../stopped-by.ts'
import { startWithinLimits } from '../usage-limits.ts'
import { effectiveRequestOf, runOfRequest } from './effective-request-of.ts'
import { sendStart } from './send-start.ts'

/**
 * Starts what a grant approved, exactly that, at most once; resolves with the grant as it is then. What is not
 * due, or was started before, is left alone. Anything that differs from what was approved ends the grant, and
 * the reason is on the record. Rejects when it is not known whether it started: asking again is safe.
 */
export async function startHeld(ports: Ports, id: GrantId): Promise<Grant> {
  const grant = await ports.grants.find(id)
  if (grant === undefined) throw new Error(`no grant \`${id}\``)
  const { state, hasStarted } = standingOf(grant)
  await recorded(ports, grant)
  if (state !== 'active' || hasStarted) return grant
  const caller = callerOf(ports, grant)
  if (!caller.ok) return never(ports, grant, caller.error)
  const same = await sameAsApproved(ports, caller.value, grant)
  if (!same.ok) return never(ports, grant, same.error)
  return start(ports, caller.value, grant, same.value)
}

async function start(ports: Ports, caller: Caller, grant: Grant, decided: Decided): Promise<Grant> {
  const { id, request, job } = grant
  const claimed = await ports.grants.change(id, (now) => claimStart(now, ports.clock()))
  // Somebody else starts it, or it is over by now.
  if (!claimed.ok) return (await ports.grants.find(id)) ?? grant
  const known = await recorded(ports, claimed.value)
  const run = runOfRequest(request, job.jobId)
  const call = callOf(run, decided.analysis, request.decision.obligations, grant.call)
  const permit = permitToStart(known, call)
  const { claimedAt } = standingOf(known)
  if (permit === undefined)
    return never(ports, grant, 'it would not be the call that was recorded', claimedAt)
  const tags = decided.touched === undefined ? [] : derivedTagsOf(caller.policy, decided.touched)
  if (tags.length > 0) await ports.derivedTags.add(tags)
  const sent = await sendStart(ports, permit, {
    jobId: job.jobId,
    label: entryLabel(grant.requestEntry),
  })
  if (!sent.ok) return never(ports, grant, sent.error, claimedAt)
  const confirmed = await ports.grants.change(id, (now) => confirmStart(now, ports.clock()))
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

async function sameAsApproved(
  ports: Ports,
  caller: Caller,
  grant: Grant,
): Promise<Result<Decided, string>> {
  const run = runOfRequest(grant.request, grant.job.jobId)
  const decided = await decideStatement(ports, caller, statementOfRun(caller, run, grant.call))
  if (!decided.ok) {
    const { refusal } = decided.error
    if ('cause' in refusal) throw new Error(refusal.problem, { cause: refusal.cause })
    return err(
      refusal.problem === 'denied'
        ? 'policy does not let you run it any more'
        : `it cannot be told any more what it would do (${refusal.problem})`,
    )
  }
  const { decision, analysis, touched } = decided.value
  if (decision.effect !== 'require-approval')
    return err('policy does not say the same of it any more')
  const now = effectiveRequestOf(caller, run, decided.value, decision)
  if (requestDigest(now) !== grant.digest) return err(differences(grant.request, now))
  const tables = [...grant.told.tables, ...grant.told.targets]
  const under = (touched === undefined ? [] : (analysis.touched?.sources ?? [])).map((s) => s.name)
  const stopped = await stoppedBy(ports, caller, [...tables, ...under])
  if (stopped !== undefined) {
    if ('cause' in stopped) throw new Error(stopped.problem, { cause: stopped.cause })
    return err('queries are stopped')
  }
  const { jobTimeoutMs } = decision.obligations
  const limit = await startWithinLimits(ports, caller, grant.call, jobTimeoutMs)
  if (limit === undefined) return decided
  if ('cause' in limit) throw new Error(limit.problem, { cause: limit.cause })
  return err('a limit of yours is reached')
}

const SAID: Readonly<Record<string, string>> = {
  decision: 'what policy demands of it has changed since',
  sources: 'a table, view or routine it reads has changed since',
}

const json = (value: unknown): string => canonicalJson({ value: value ?? null })

/** What differs, in words for whoever asked. */
function differences(before: EffectiveRequest, now: EffectiveRequest): string {
  const present: Readonly<Record<string, unknown>> = { ...now }
  const said = Object.entries(before)
    .filter(([key, value]) => json(value) !== json(present[key]))
    .map(([key]) => SAID[key] ?? `its ${key} is another one`)
  return said.length === 0 ? 'it is not what was approved' : said.join('; ')
}

/** Ends a grant unstarted, unless somebody else is just starting it. `claim`: of who claimed the start. */
async function never(
  ports: Ports,
  grant: Grant,
  reason: string,
  claim?: number,
): Promise<Grant> {
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
