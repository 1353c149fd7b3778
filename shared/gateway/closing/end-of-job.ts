import type { EndOfCall } from '../../recording/end-call.ts'
import type { JobRecord } from '../../recording/job.ts'
import { jobState } from '../job-state.ts'
import type { Ports } from '../ports.ts'
import { type Resource, objectAt, parseResource, textAt } from '../resources.ts'

/** How a job ended, and what it cost. */
interface EndOfJob extends EndOfCall {
  readonly billed: string | undefined
}

/** Between two looks at what runs. */
const AGAIN_MS = 5 * 60_000
/** A query runs six hours at most, and BigQuery keeps its result for a day. */
const PATIENCE_MS = 26 * 60 * 60_000

/**
 * How a job ended, as BigQuery says; or when to ask again, while it runs, while somebody who waited for it may
 * still be answered, or while BigQuery does not answer.
 */
export async function endOfJob(
  ports: Ports,
  job: JobRecord,
  times: {
    /** When it was started at the latest. */
    readonly startedAt: number
    /** So long after its end somebody may still get its result as the answer to their call. */
    readonly fetchMs: number
  },
): Promise<EndOfJob | { readonly lookAt: number }> {
  const now = ports.clock()
  const sent = await jobState(ports, { signal: NEVER }, job)
  const state = sent.ok && sent.value.status < 400 ? parseResource(sent.value.body) : undefined
  const done =
    state?.ok === true && textAt(state.value, 'status', 'state') === 'DONE' && state.value
  if (sent.ok && done) {
    const lookAt = endedAt(done) + times.fetchMs
    return lookAt > now ? { lookAt } : { ...endOf(done), ...paidWith(sent.value) }
  }
  if (sent.ok && sent.value.status === 404)
    return { ...unanswered(missing(job)), ...paidWith(sent.value) }
  if (now - times.startedAt < PATIENCE_MS) return { lookAt: now + AGAIN_MS }
  return unanswered('bigquery did not say within 26 hours how its job ended')
}

const NEVER = new AbortController().signal

function endOf(job: Resource): EndOfJob {
  const billed = textAt(job, 'statistics', 'query', 'totalBytesBilled')
  const cost = `${billed ?? 'unknown'} bytes billed`
  const error = objectAt(job, 'status', 'errorResult')
  if (error === undefined) return { outcome: 'executed-not-delivered', detail: cost, billed }
  // BigQuery's words may quote what it read.
  const reason = /^\w{1,64}$/.exec(textAt(error, 'reason') ?? '')?.[0] ?? 'unknown'
  return { outcome: 'failed', detail: `${reason}; nobody was told; ${cost}`, billed }
}

/** BigQuery finds a job outside of `US` and `EU` only for who says where. */
function missing({ location }: JobRecord): string {
  const what = 'bigquery has no such job of ours'
  return location === undefined ? `${what} where it looks by default` : what
}

function unanswered(detail: string): EndOfJob {
  return { outcome: 'unanswered', detail, billed: undefined }
}

/** Epoch milliseconds; long ago when BigQuery does not say. */
function endedAt(job: Resource): number {
  return Number(/^\d{1,15}$/.exec(textAt(job, 'statistics', 'endTime') ?? '')?.[0] ?? 0)
}

function paidWith({ credentialVersion }: { readonly credentialVersion: string | undefined }) {
  return { credentialVersion }
}
