import type { Result } from '../kernel/result.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import type { Upstream, UpstreamProblem, UpstreamReply } from '../upstream/upstream.ts'
import type { Refusal } from './refusal.ts'

/** No answer, and the job it may be about. */
export type SendFailure = UpstreamProblem & { readonly job?: string }

/** How long BigQuery is asked to hold one request, in milliseconds; a longer wait is several of them. */
export const STEP_MS = 25_000
/** On top of what BigQuery is asked to wait: notices a dead connection. */
const MARGIN_MS = 15_000

/** Makes one call and waits for its reply, for calls that do not wait for a job. */
export function sendOnce(upstream: Upstream, signal: AbortSignal, timeoutMs = 60_000) {
  return (recorded: RecordedPermit): Promise<Result<UpstreamReply, SendFailure>> =>
    upstream(recorded, { signal, timeoutMs: timeoutMs + MARGIN_MS })
}

/** Details of `credential-unavailable` that no waiting mends. */
const PERMANENT: readonly string[] = ['key-malformed', 'secret-refused', 'token-refused']

/** What the caller hears of a call without an answer. */
export function upstreamRefusal(failure: SendFailure, repeatable: boolean): Refusal {
  if (failure.problem === 'caller-gone') return { problem: 'caller-gone' }
  return {
    problem: 'upstream-failed',
    kind: failure.problem,
    safeToRetry: repeatable || !failure.mayHaveRun,
    permanent: failure.problem === 'credential-refused' || PERMANENT.includes(failure.detail ?? ''),
    job: failure.job,
  }
}

/** Stands for BigQuery's reply to a call that was answered by asking it other things, or nothing. */
export const NOTHING_ASKED: UpstreamReply = {
  status: 200,
  contentType: 'application/json',
  body: Buffer.from('{}'),
  credentialVersion: undefined,
}
