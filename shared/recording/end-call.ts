import { type Result, ok } from '../kernel/result.ts'
import type { OutcomeEntry, RequestEntry } from './entry.ts'
import { type Recorder, type RecordingProblem, createDurably } from './recorder.ts'

/** A request on the record, as its end refers to it. */
export interface RequestOnRecord {
  readonly entry: RequestEntry
  /** Of the entry, hex. */
  readonly hash: string
}

/** How a call ended from which nothing more will leave. */
export interface EndOfCall {
  readonly outcome: Exclude<OutcomeEntry['outcome'], 'released' | 'not-delivered'>
  readonly detail: string
  /** Of the credential that found out. */
  readonly credentialVersion?: string | undefined
}

/** Ends a call that nobody finished. When somebody did after all, their end stands. */
export async function endCall(
  recorder: Recorder,
  { entry, hash }: RequestOnRecord,
  { outcome, detail, credentialVersion }: EndOfCall,
): Promise<Result<void, RecordingProblem>> {
  const at = recorder.clock()
  const created = await createDurably(recorder, {
    v: 1,
    type: 'outcome',
    id: `${entry.call}~end`,
    call: entry.call,
    at,
    request: hash,
    session: entry.session.id,
    outcome,
    detail,
    delivery: undefined,
    private: undefined,
    credentialVersion,
    durationMs: Math.max(0, at - entry.at),
  })
  return created.ok ? ok(undefined) : created
}
