import { base32 } from '../kernel/base32.ts'
import { type Result, ok } from '../kernel/result.ts'
import { createDelivery } from './create-delivery.ts'
import type { Delivered, KeptResults } from './delivered.ts'
import type { StoredEntry } from './entry-store.ts'
import { type RecordableSession, recordedPrincipal, recordedSession } from './recorded-caller.ts'
import type { RecordedPermit } from './recorded-permit.ts'
import type { Recorder, RecordingProblem } from './recorder.ts'

export interface PageToRecord {
  readonly recorded: RecordedPermit
  readonly session: RecordableSession
  /** When the request arrived, epoch milliseconds. */
  readonly startedAt: number
  readonly delivery: Delivered
  /** How much of it policy has the record keep. */
  readonly results: KeptResults
  readonly credentialVersion?: string | undefined
  /** What the client called; default: what BigQuery was asked. */
  readonly method?: string | undefined
}

/**
 * Makes a delivery durable that does not end its call. Nothing may leave before it resolved, and
 * nothing after a problem.
 */
export async function recordPage(
  recorder: Recorder,
  page: PageToRecord,
): Promise<Result<StoredEntry, RecordingProblem>> {
  const { recorded, session } = page
  const at = recorder.clock()
  const entry = {
    v: 1,
    type: 'page',
    id: `${recorded.callId}~page~${base32(recorder.random(16))}`,
    call: recorded.callId,
    at,
    request: recorded.request,
    principal: recordedPrincipal(session.principal),
    session: recordedSession(session),
    method: page.method ?? recorded.call.method,
    credentialVersion: page.credentialVersion,
    durationMs: Math.max(0, at - page.startedAt),
  } as const
  const created = await createDelivery(recorder, entry.id, page, (kept) => ({ ...entry, ...kept }))
  if (!created.ok) return created
  if ('ours' in created.value) return ok(created.value.ours)
  throw new Error('two pages drew the same 128 random bits')
}
