import { parseProjectId } from '../../bigquery/reference.ts'
import { formatTable } from '../../bigquery/reference.ts'
import type { Caller } from '../../gateway/caller.ts'
import { decideStatement } from '../../gateway/decide-statement.ts'
import type { Released } from '../../gateway/outcome.ts'
import { readParameters } from '../../gateway/parameters.ts'
import { make } from '../../gateway/pipeline.ts'
import { queryHandle } from '../../gateway/query-handles.ts'
import type { QueryRun } from '../../gateway/query-run.ts'
import type { Refusal } from '../../gateway/refusal.ts'
import { statementOfRun } from '../../gateway/statement-of-run.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { Decision, Obligations } from '../../policy/decision.ts'
import { newCallId } from '../../recording/call-id.ts'
import type { CallFacts } from '../../recording/entry.ts'
import { recordRefusal } from '../../recording/record-refusal.ts'
import { isDeniedThere } from './denied-there.ts'
import { type ReplayPorts, type SandboxConnection, moveToSandbox } from './move-to-sandbox.ts'
import type { RecordedCall } from './recorded-call.ts'

/** A call that was run in the sandbox, with what would have left. */
export interface RanAgain {
  readonly call: string
  readonly decision: Decision
  readonly released: Released
}

/** Why a call was not run; what policy says of it now, if it came to that; and the entry of the refusal. */
export interface NotRun {
  readonly reason: string
  readonly decision: Decision | undefined
  readonly call?: string | undefined
}

/**
 * Runs a recorded query in the sandbox, through the pipeline that runs every query: decided on as the original by the
 * policy in force now, on the original names and columns; recorded before BigQuery hears of it; masked as for whoever
 * asked. What is denied now is not run, nor what would need people's approval: theirs was for what ran then.
 */
export async function runAgain(
  ports: ReplayPorts,
  caller: Caller,
  connection: SandboxConnection,
  recorded: RecordedCall,
  { maxResults, asOf }: { maxResults: number | undefined; asOf: number | undefined },
): Promise<Result<RanAgain, NotRun>> {
  const { asked, sql } = recorded
  const projectId = parseProjectId(asked.projectId ?? '')
  if (sql === undefined) return err({ reason: 'erased', decision: undefined })
  if (projectId === undefined) return err({ reason: 'not-understood', decision: undefined })
  const run = { ...EMPTY_RUN, ...parametersOf(recorded), projectId, sql, maxResults }
  const callId = newCallId(ports.random)
  const decided = await decideStatement(ports, caller, statementOfRun(caller, run, callId))
  if (!decided.ok) {
    const { refusal, facts, decision } = decided.error
    return refused(ports, caller, refusal, facts, decision)
  }
  const { decision, analysis: original, touched, tags } = decided.value
  if (decision.effect !== 'permit') return err({ reason: 'approval-needed', decision })

  const moved = await moveToSandbox(ports, caller, connection, { run, original, asOf })
  if (!moved.ok) return err({ reason: moved.error, decision })
  const { run: inSandbox, analysis, estimatedBytes } = moved.value
  const statement = statementOfRun(caller, inSandbox, callId)
  if (await isDeniedThere(ports, caller, statement, moved.value))
    return err({ reason: 'denied-in-sandbox', decision })
  const parameters = readParameters('jobs.query', new URLSearchParams())
  if (!parameters.ok) throw new Error('no parameters are wrong')
  const facts = statement.recorded({ analysis, estimatedBytes, tags })
  const obligations = strictest(decision.obligations, connection)
  const outcome = await make(ports, caller, {
    callId,
    facts,
    under: [
      ...[...original.tables, ...original.targets].map(formatTable),
      ...(original.touched?.sources ?? []).map(({ name }) => name),
    ],
    decide: () => ({ ...decision, obligations }),
    // Masks are about the columns of the original: what has others does not leave.
    outputs: touched?.lineage.outputs,
    call: (limits) => statement.call(analysis, limits),
    handle: queryHandle(ports, caller, inSandbox, parameters.value),
  })
  if (outcome.ok) return ok({ call: callId, decision, released: outcome.value })
  const { refusal, recorded: isRecorded } = outcome.error
  return isRecorded
    ? err({ reason: refusal.problem, decision, call: callId })
    : refused(ports, caller, refusal, facts, decision)
}

const EMPTY_RUN: Omit<QueryRun, 'projectId' | 'sql'> = {
  method: 'jobs.query',
  defaultDataset: undefined,
  location: undefined,
  parameters: [],
  parameterMode: undefined,
  dryRun: false,
  labels: {},
  maximumBytesBilled: undefined,
  jobTimeoutMs: undefined,
  // What is compared is what the data is now.
  useQueryCache: false,
  priority: undefined,
  maxResults: undefined,
  timeoutMs: undefined,
  formatOptions: undefined,
  requestId: undefined,
  jobId: undefined,
}

function parametersOf({
  parameters,
}: RecordedCall): Pick<QueryRun, 'parameters' | 'parameterMode'> {
  if (parameters.length === 0) return { parameters, parameterMode: undefined }
  const isNamed = parameters.some(({ name }) => name !== undefined && name !== '')
  return { parameters, parameterMode: isNamed ? 'NAMED' : 'POSITIONAL' }
}

/** What policy said of the original, within the limits of the sandbox. */
function strictest(obligations: Obligations, { limits }: SandboxConnection): Obligations {
  return {
    ...obligations,
    maximumBytesBilled: least(obligations.maximumBytesBilled, limits.maximumBytesBilled),
    jobTimeoutMs: least(obligations.jobTimeoutMs, limits.jobTimeoutMs),
  }
}

/** The lower one of those there are. */
function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}

/** Not run, and on the record as any refusal is. Throws when that cannot be. */
async function refused(
  ports: ReplayPorts,
  caller: Caller,
  refusal: Refusal,
  facts: CallFacts,
  decision: Decision | undefined,
): Promise<Result<never, NotRun>> {
  const written = await recordRefusal(ports, {
    facts,
    session: caller.session,
    problem: refusal.problem,
    detail: `a replay of call ${caller.replay?.of ?? ''}`,
    decision,
    source: { address: undefined, userAgent: caller.facts.userAgent },
  })
  if (!written.ok) throw new Error('a refusal cannot be recorded')
  return err({ reason: refusal.problem, decision, call: written.value.entry.call })
}
