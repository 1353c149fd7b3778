import { parseErrorBody } from '../bigquery/upstream-error.ts'
import type { Clock } from '../kernel/clock.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import { scanReply } from '../masking/reply-scanner.ts'
import type { RecordedJob } from '../recording/envelope.ts'
import type { RecordedPermit } from '../recording/recorded-permit.ts'
import type { Upstream, UpstreamReply } from '../upstream/upstream.ts'
import { isComplete, jobOf } from './delivery-facts.ts'
import { pause } from './pause.ts'
import { STEP_MS, type SendFailure, sendOnce } from './send.ts'

/** Between two of them, so that a BigQuery that answers at once is not hammered. */
const PAUSE_MS = 250
/** The longest pause while BigQuery fails. */
const LONGEST_PAUSE_MS = 5_000

export interface Wait {
  readonly upstream: Upstream
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Epoch milliseconds. */
  readonly until: number
  /** Told once which job it is that goes on. */
  readonly onJob?: (job: RecordedJob) => Promise<unknown>
  /** Whether a job has ended in failure: then an error is its own, and not one on the way. */
  readonly hasFailed: (job: RecordedJob) => Promise<boolean>
}

/**
 * Asks about a job, with BigQuery's own waiting, until it is done or `until` has passed; then the
 * newest answer is the reply. `ask` is the recorded call that lets BigQuery wait `timeoutMs`: about
 * `job`, or the one that starts it as long as no job is known.
 *
 * Once the job is known, an outage on the way is waited out: the job goes on without us.
 */
export async function waitForJob(
  wait: Wait,
  ask: (timeoutMs: number, job: RecordedJob | undefined) => RecordedPermit,
): Promise<Result<UpstreamReply, SendFailure>> {
  let pending: { readonly job: RecordedJob; readonly reply: UpstreamReply } | undefined
  let outages = 0
  for (;;) {
    const timeoutMs = stepOf(wait)
    const sent = await sendOnce(wait.upstream, wait.signal, timeoutMs)(ask(timeoutMs, pending?.job))
    const job = sent.ok ? unfinishedJob(sent.value) : undefined
    if (sent.ok && job !== undefined) {
      if (pending === undefined) await wait.onJob?.(job)
      pending = { job, reply: sent.value }
      outages = 0
    } else {
      if (pending === undefined || !isOutage(sent)) return sent
      if (sent.ok && (await wait.hasFailed(pending.job))) return sent
      outages += 1
    }
    if (wait.clock() >= wait.until) return ok(pending.reply)
    const ms = Math.min(PAUSE_MS * 2 ** outages, LONGEST_PAUSE_MS)
    if (!(await pause(ms, wait.signal)))
      return err({ problem: 'caller-gone', mayHaveRun: true, job: pending.job.jobId })
  }
}

/** How long BigQuery may hold the next request. */
function stepOf({ clock, until }: Pick<Wait, 'clock' | 'until'>): number {
  return Math.max(0, Math.min(STEP_MS, until - clock()))
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
