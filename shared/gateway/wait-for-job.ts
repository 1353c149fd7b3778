import { parseErrorBody } from '../bigquery/upstream-error.ts'
import type { Clock } from '../kernel/clock.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { scanReply } from '../masking/reply-scanner.ts'
import type { RecordedJob } from '../recording/entry.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import type { Upstream, UpstreamReply } from '../upstream/upstream.ts'
import { isComplete, jobOf } from './delivery-facts.ts'
import { type SendFailure, sendOnce } from './send.ts'

/** How long one upstream request is kept open, in milliseconds; a longer wait is several of them. */
export const STEP_MS = 25_000
/** Between two of them, so that a BigQuery that answers at once is not hammered. */
const PAUSE_MS = 250

/**
 * Asks about a job, with BigQuery's own waiting, until it is done or `until` has passed; then the
 * newest answer is the reply. `ask` is the recorded call that lets BigQuery wait `timeoutMs`: about
 * `job`, or the one that starts it as long as no job is known.
 *
 * Once the job is known, an outage on the way is waited out: the job goes on without us.
 */
export async function waitForJob(
  wait: {
    readonly upstream: Upstream
    readonly signal: AbortSignal
    readonly clock: Clock
    /** Epoch milliseconds. */
    readonly until: number
  },
  ask: (timeoutMs: number, job: RecordedJob | undefined) => RecordedPermit,
): Promise<Result<UpstreamReply, SendFailure>> {
  let pending: { readonly job: RecordedJob; readonly reply: UpstreamReply } | undefined
  for (;;) {
    const timeoutMs = Math.max(0, Math.min(STEP_MS, wait.until - wait.clock()))
    const recorded = ask(timeoutMs, pending?.job)
    const sent = await sendOnce(wait.upstream, wait.signal, timeoutMs)(recorded)
    const job = sent.ok ? unfinishedJob(sent.value) : undefined
    if (sent.ok && job !== undefined) pending = { job, reply: sent.value }
    else if (pending === undefined || !isOutage(sent)) return sent
    if (pending === undefined || wait.clock() >= wait.until)
      return pending ? ok(pending.reply) : sent
    if (!(await pause(PAUSE_MS, wait.signal)))
      return err({ problem: 'caller-gone', mayHaveRun: true, job: pending.job.jobId })
  }
}

/** The job of a reply that says it is not done. */
function unfinishedJob(reply: UpstreamReply): RecordedJob | undefined {
  if (reply.status >= 400) return undefined
  const scanned = scanReply(reply.body)
  return scanned.ok && !isComplete(scanned.value) ? jobOf(scanned.value) : undefined
}

/** What clients repeat: passed on, it would run the query again. */
const RETRYABLE = ['backendError', 'badGateway', 'internalError', 'rateLimitExceeded']

function isOutage(sent: Result<UpstreamReply, SendFailure>): boolean {
  if (!sent.ok) return sent.error.problem !== 'caller-gone'
  const { status, body } = sent.value
  if (status < 400) return false
  return status >= 500 || status === 429 || RETRYABLE.includes(parseErrorBody(body)?.reason ?? '')
}

/** Resolves true after `ms`, false as soon as `signal` fires. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve(true)
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
