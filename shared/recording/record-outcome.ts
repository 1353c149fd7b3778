import { type Result, err, ok } from '../kernel/result.ts'
import { createDelivery } from './create-delivery.ts'
import type { Delivered, KeptResults } from './delivered.ts'
import type { StoredEntry } from './entry-store.ts'
import type { Entry, OutcomeEntry } from './entry.ts'
import { recordPage } from './record-page.ts'
import type { RecordableSession } from './recorded-caller.ts'
import type { RecordedPermit } from './recorded-permit.ts'
import { type Recorder, type RecordingProblem, createDurably } from './recorder.ts'

export interface OutcomeToRecord {
  readonly recorded: RecordedPermit
  readonly session: RecordableSession
  /** When the request arrived, epoch milliseconds. */
  readonly startedAt: number
  readonly outcome: OutcomeEntry['outcome']
  readonly detail?: string | undefined
  /** What will leave once this is durable; undefined when nothing will. */
  readonly delivery?: Delivered | undefined
  /** How much of it policy has the record keep. */
  readonly results: KeptResults
  readonly credentialVersion?: string | undefined
  /** What the client called; default: what BigQuery was asked. */
  readonly method?: string | undefined
}

/** While the call was under way somebody has said on the record that nothing of it leaves. */
export interface CallClosed {
  readonly problem: 'call-closed'
}

/**
 * Ends a call. Resolves with the entry that describes the delivery once it is durable: only then may
 * anything leave, and never after a problem.
 *
 * A call ends once. When it has ended before (a repeat, a later page, somebody who was faster), what is
 * delivered now becomes a page of it; when nothing is, the end that is there stands. A handler that was
 * given up for dead, and comes to itself after the sweep, delivers nothing.
 */
export async function recordOutcome(
  recorder: Recorder,
  outcome: OutcomeToRecord,
): Promise<Result<StoredEntry, RecordingProblem | CallClosed>> {
  const { recorded, session, delivery } = outcome
  const at = recorder.clock()
  const entry = {
    v: 1,
    type: 'outcome',
    id: `${recorded.callId}~end`,
    call: recorded.callId,
    at,
    request: recorded.request,
    session: session.id,
    outcome: outcome.outcome,
    detail: outcome.detail,
    credentialVersion: outcome.credentialVersion,
    durationMs: Math.max(0, at - outcome.startedAt),
  } as const
  const created =
    delivery === undefined
      ? await createDurably(recorder, { ...entry, delivery: undefined, private: undefined })
      : await createDelivery(recorder, entry.id, { ...outcome, delivery }, (kept) => ({
          ...entry,
          ...kept,
        }))
  if (!created.ok) return created
  if ('ours' in created.value) return ok(created.value.ours)
  const { existing } = created.value
  if (delivery === undefined) return ok(existing)
  return isClosing(existing.entry, outcome.startedAt)
    ? err({ problem: 'call-closed' })
    : recordPage(recorder, { ...outcome, delivery })
}

/** Whether it says, since `startedAt`, that nobody is answered. */
function isClosing(end: Entry, startedAt: number): boolean {
  return end.type === 'outcome' && end.delivery === undefined && end.at >= startedAt
}
