import type { OutcomeEntry, RequestEntry } from '../entry.ts'
import type { RecordedJob } from '../envelope.ts'
import { entryLabel } from '../job-labels.ts'

/**
 * So long after a request its job starts at the latest, where nobody has to approve it: it may be repeated for an hour,
 * and be under way for another.
 */
export const LATEST_START_MS = 2 * 60 * 60_000

/** What reconciling needs to know of a request on the record. */
export interface KnownRequest extends Pick<
  RequestEntry,
  'call' | 'at' | 'method' | 'dryRun' | 'projectId' | 'job' | 'grant'
> {
  readonly session: { readonly id: string }
  readonly decision: { readonly rules: readonly string[] }
  /** Of the entry, hex. */
  readonly hash: string
  /** What its job has as `sluice_entry`. */
  readonly label: string
}

/** And of its end. */
export interface KnownEnd extends Pick<OutcomeEntry, 'call' | 'outcome'> {
  /** The job that the answer named. */
  readonly job: RecordedJob | undefined
}

/** A request without what nobody looks at here: many are held in memory. */
export function knownRequest(entry: RequestEntry, hash: string): KnownRequest {
  const { call, at, method, dryRun, projectId, job, grant, session, decision } = entry
  const { rules } = decision
  const { id } = session
  const label = entryLabel(hash)
  const slim = { session: { id }, decision: { rules }, hash, label }
  return { call, at, method, dryRun, projectId, job, grant, ...slim }
}

export function knownEnd({ call, outcome, delivery }: OutcomeEntry): KnownEnd {
  return { call, outcome, job: delivery?.job }
}

/** Whether it waits for people, or breaks the glass: under leave that is only for this call. */
export function needsLeave({ call, grant }: KnownRequest): boolean {
  return grant === call
}

/** Whether BigQuery makes a job of what was asked. */
export function startsJob({ method, dryRun }: KnownRequest): boolean {
  return (method === 'jobs.query' || method === 'jobs.insert') && !dryRun
}
