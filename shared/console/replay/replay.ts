import { type Result, err, ok } from '../../kernel/result.ts'
import type { Policy } from '../../policy/policy.ts'
import { newCallId } from '../../recording/call-id.ts'
import { createOrFail } from '../../recording/create-or-fail.ts'
import type { RecordedPrincipal } from '../../recording/envelope.ts'
import type { ReplayedCall, ReplayedEntry } from '../../recording/upkeep-entry.ts'
import { sessionEntries } from '../calls/session-entries.ts'
import type { ReplayPorts, SandboxConnection } from './move-to-sandbox.ts'
import { type RecordedCall, recordedCall } from './recorded-call.ts'
import { INTERRUPTED, brokenOff, replayCall } from './replay-call.ts'
import { replayCaller } from './replay-caller.ts'

/** Most calls of one replay; a longer session is replayed call by call. */
const MOST_REPLAYED_CALLS = 100

/** No call of a replay begins later than this after its first. */
const LONGEST_MS = 4 * 60_000

/** What is to be run again, where, and on which data. */
export interface ToReplay {
  /** A session, or one call of whichever. */
  readonly of: { readonly session: string } | { readonly call: string }
  /** Id of a connection that is a sandbox; default: the only one that policy has. */
  readonly connection: string | undefined
  /** `then`: each call reads the data of the time it was asked. Default: that of now. */
  readonly asOf: 'then' | undefined
}

/** Why nothing was begun. */
export type ReplayProblem =
  | 'no-session'
  | 'no-call'
  | 'no-sandbox'
  | 'too-many-calls'
  | 'no-time-travel'

/**
 * Runs recorded calls again in a sandbox, one after the other, and puts on the record how that compares: what it resolves
 * with is durable. A call at which the store fails ends it, and the entry says so; rejects when not even that can be
 * recorded, and each call that was run has its own entries then.
 */
export async function replay(
  ports: ReplayPorts,
  policy: Policy,
  by: RecordedPrincipal,
  { of, connection: id, asOf }: ToReplay,
): Promise<Result<ReplayedEntry, ReplayProblem>> {
  const connection = sandboxOf(policy, id)
  if (connection === undefined) return err('no-sandbox')
  const found = await callsOf(ports, of)
  if (!found.ok) return found
  const at = ports.clock()
  const calls = found.value
  const since = Math.min(...calls.map(({ asked }) => asked.at))
  const { timeTravelMs = 0 } = connection.sandbox
  if (asOf === 'then' && since < at - timeTravelMs) return err('no-time-travel')
  const underWay = {
    id: newCallId(ports.random),
    by,
    policy,
    at,
    signal: AbortSignal.timeout(LONGEST_MS),
  }
  const done: ReplayedCall[] = []
  for (const recorded of calls) {
    const time = asOf === 'then' ? recorded.asked.at : undefined
    const begun = async () => replayCall(ports, underWay, connection, recorded, time)
    // oxlint-disable-next-line no-await-in-loop -- in the order of then: what one writes another reads
    const made = await begun().catch((cause: unknown) => {
      ports.onTrouble(cause)
      return brokenOff(recorded.asked.call)
    })
    done.push(made)
    // What was run stays on the record, and what was not is said.
    if (made.reason === INTERRUPTED) break
  }
  const session = calls.flatMap(({ asked, justification }) =>
    asked.type === 'request' ? [replayCaller(underWay, asked, justification).session.id] : [],
  )
  const entry: ReplayedEntry = {
    v: 1,
    type: 'replayed',
    id: `replay~${underWay.id}`,
    at: ports.clock(),
    by,
    of: { session: sessionIdOf(calls), call: 'call' in of ? of.call : undefined },
    session: done.some(({ call }) => call !== undefined) ? session[0] : undefined,
    connection: connection.id,
    asOf: asOf === 'then' ? since : undefined,
    verdict: verdictOf(done),
    calls: done,
  }
  await createOrFail(ports, entry)
  return ok(entry)
}

/** The connection of that id if it is a sandbox; without one, the only sandbox there is. */
function sandboxOf(policy: Policy, id: string | undefined): SandboxConnection | undefined {
  const all = policy.connections.flatMap((each): readonly SandboxConnection[] =>
    each.sandbox === undefined ? [] : [{ ...each, sandbox: each.sandbox }],
  )
  if (id !== undefined) return all.find((each) => each.id === id)
  return all.length === 1 ? all[0] : undefined
}

async function callsOf(
  ports: ReplayPorts,
  of: ToReplay['of'],
): Promise<Result<readonly RecordedCall[], ReplayProblem>> {
  if ('call' in of) {
    const found = await recordedCall(ports, of.call)
    return found?.asked.session === undefined ? err('no-call') : ok([found])
  }
  const { calls: ids } = await sessionEntries(ports.entries, of.session)
  if (ids.length > MOST_REPLAYED_CALLS) return err('too-many-calls')
  const calls: RecordedCall[] = []
  for (const call of ids) {
    // oxlint-disable-next-line no-await-in-loop -- at most a hundred, and no reason to ask for all at once
    const found = await recordedCall(ports, call)
    // A job may be looked at in another session than its own: its call is of that.
    if (found?.asked.session?.id === of.session) calls.push(found)
  }
  return calls.length === 0 ? err('no-session') : ok(calls)
}

function sessionIdOf(calls: readonly RecordedCall[]): string {
  return calls[0]?.asked.session?.id ?? ''
}

function verdictOf(calls: readonly ReplayedCall[]): ReplayedEntry['verdict'] {
  const run = calls.filter(({ state }) => state === 'run')
  if (run.length === 0) return 'nothing-run'
  const all = run.flatMap(({ decision, schema, rows, digest }) => [decision, schema, rows, digest])
  if (all.includes('different')) return 'different'
  return all.includes('not-known') ? 'not-known' : 'same'
}
