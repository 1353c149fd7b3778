import type { Decision } from '../../policy/decision.ts'
import type { ReplayedCall } from '../../recording/upkeep-entry.ts'
import { type ComparedResults, NOTHING_COMPARED, compareDecisions, resultsOf } from './compare.ts'
import { comparedPages } from './compared-pages.ts'
import type { ReplayPorts, SandboxConnection } from './move-to-sandbox.ts'
import type { RecordedCall } from './recorded-call.ts'
import { type Replay, replayCaller } from './replay-caller.ts'
import { runAgain } from './run-again.ts'

/** One call run again, if it may be, and how that compares. Rejects when the store cannot be reached. */
export async function replayCall(
  ports: ReplayPorts,
  replay: Replay,
  connection: SandboxConnection,
  recorded: RecordedCall,
  asOf: number | undefined,
): Promise<ReplayedCall> {
  const { asked, deliveries, justification } = recorded
  const of = asked.call
  const reason = replay.signal.aborted ? 'out-of-time' : notReplayable(recorded)
  if (reason !== undefined || asked.type !== 'request')
    return notRun(of, reason ?? 'refused-then', 'not-known')
  const caller = replayCaller(replay, asked, justification)
  const then = resultsOf(deliveries)
  const rowsThen = then.map(({ delivery }) => delivery.rows)
  const isPaged = then.length > 1 || then[0]?.delivery.morePages === true
  const ran = await runAgain(ports, caller, connection, recorded, {
    // Without pages the whole result came at once: were it longer now, that would show.
    maxResults: isPaged ? rowsThen[0] : undefined,
    asOf,
  })
  if (!ran.ok) {
    const { decision, call } = ran.error
    return { ...notRun(of, ran.error.reason, decided(asked.decision, decision)), call }
  }
  const compared = await comparedPages(ports, caller, ran.value, then)
  return {
    of,
    call: ran.value.call,
    state: 'run',
    decision: decided(asked.decision, ran.value.decision),
    ...compared,
  }
}

/** A call at which the store failed: whether it ran, its own entries say. */
export const INTERRUPTED = 'interrupted'

/** What is known of such a call: nothing. */
export function brokenOff(of: string): ReplayedCall {
  return { ...notRun(of, INTERRUPTED, 'not-known'), state: 'run' }
}

const decided = (then: Decision, now: Decision | undefined) => compareDecisions(then, now)

/** Why there is nothing to run, whoever asks and whatever policy says. */
function notReplayable({ asked, outcome }: RecordedCall): string | undefined {
  if (asked.type === 'refusal') return 'refused-then'
  if (asked.method !== 'jobs.query' && asked.method !== 'jobs.insert') return 'not-a-query'
  if (asked.dryRun) return 'dry-run'
  if (asked.replay !== undefined) return 'replay'
  return outcome === 'not-run' ? 'not-run-then' : undefined
}

function notRun(
  of: string,
  reason: string,
  decision: ReplayedCall['decision'],
): Omit<ReplayedCall, keyof ComparedResults> & ComparedResults {
  return { of, state: 'not-run', reason, decision, ...NOTHING_COMPARED }
}
