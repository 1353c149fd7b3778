import type { CallFacts } from '../recording/entry.ts'
import type { Handle, Masked, Step } from './action.ts'
import type { Ports } from './ports.ts'

/**
 * So long after it was recorded a request may be repeated under its own entry. What nobody finished is closed
 * later than that (`closeCalls`), so that nothing starts after the record says how it ended.
 */
export const REPEATABLE_MS = 60 * 60_000

/**
 * What BigQuery's refusal does to the call. It ends the call it answers, unless a repeat may still
 * succeed; about a job it ends the call only if it is the job's own failure.
 */
export async function endOfError(
  status: number,
  outage: boolean,
  { ends, facts, handle }: Step,
): Promise<Masked['ends']> {
  if (ends === 'job') {
    if (outage) return 'pending'
    return (await handle.jobHasFailed?.()) === true ? 'call' : 'page'
  }
  // A second insert of the same job is refused while the first one runs.
  const isRepeat = status === 409 && facts.method === 'jobs.insert'
  return handle.named === true && (outage || isRepeat) ? 'page' : 'call'
}

/**
 * An error after which nobody knows whether BigQuery did it. Whoever repeats a SELECT does no harm,
 * and a request that names itself is done once; anything else must not be told to try again.
 */
export function isAmbiguous(status: number, facts: CallFacts, handle: Handle): boolean {
  const harmless = handle.repeatable || facts.statementType === 'SELECT'
  return status >= 500 && !harmless
}

/** An error that says nothing of what was asked: throttling, an outage, a credential. */
export function isOutage(status: number, reason: string | undefined): boolean {
  return status === 401 || status === 429 || status >= 500 || reason === 'rateLimitExceeded'
}

/** Whether the call has an end on the record. */
export async function hasEnded({ entries, memory }: Ports, callId: string): Promise<boolean> {
  if (memory.ended.get(callId) === true) return true
  const ended = (await entries.get(`${callId}~end`)) !== undefined
  if (ended) memory.ended.set(callId, true)
  return ended
}
