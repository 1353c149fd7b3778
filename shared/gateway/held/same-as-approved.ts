import type { EffectiveRequest } from '../../approval/effective-request.ts'
import { requestDigest } from '../../approval/effective-request.ts'
import type { Grant } from '../../approval/grant.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type Result, err } from '../../kernel/result.ts'
import type { Caller } from '../caller.ts'
import { type Decided, decideStatement } from '../decide-statement.ts'
import { instanceMemory } from '../instance-memory.ts'
import type { Ports } from '../ports.ts'
import { statementOfRun } from '../statement-of-run.ts'
import { stoppedBy } from '../stopped-by.ts'
import { startWithinLimits } from '../usage-limits.ts'
import { effectiveRequestOf, runOfRequest } from './effective-request-of.ts'

/**
 * What is known of a request by now, if it is still what was approved and may run; else why not, in words for whoever
 * asked. Rejects when nobody can say.
 */
export async function sameAsApproved(
  ports: Ports,
  caller: Caller,
  grant: Grant,
): Promise<Result<Decided, string>> {
  const run = runOfRequest(grant.request, grant.job.jobId)
  // As it is now: what was remembered may be from before the vote.
  const { dryRuns } = instanceMemory()
  const anew: Ports = {
    ...ports,
    catalog: (connection) => ports.catalog(connection, 'anew'),
    memory: { ...ports.memory, dryRuns },
  }
  const decided = await decideStatement(anew, caller, statementOfRun(caller, run, grant.call))
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
