import { createHmac } from 'node:crypto'

import type { Permit } from '../approval/permit.ts'
import type { BigQueryCall } from '../bigquery/call.ts'
import type { SqlField } from '../bigquery/sql-type.ts'
import { mint } from '../kernel/brand.ts'
import { type Result, err, ok } from '../kernel/result.ts'
import type { Session } from '../session/session.ts'
import { createPrivately } from './create-privately.ts'
import type { StoredEntry } from './entry-store.ts'
import type { CallFacts, Entry, RequestEntry } from './entry.ts'
import { effectiveDigest, withJobLabels } from './job-labels.ts'
import { recordedPrincipal, recordedSession, secretScope } from './recorded-caller.ts'
import type { RecordedPermit } from './recorded-permit.ts'
import type { Recorder, RecordingProblem } from './recorder.ts'
import { releaseTerms } from './release-terms.ts'
import type { Traced } from './traced.ts'

export interface RequestToRecord {
  /** `newCallId`, or `callIdFrom` what the client names its request by. */
  readonly callId: string
  readonly permit: Permit
  /** Id of the connection in policy that makes the call. */
  readonly connection: string
  readonly session: Session
  readonly facts: CallFacts
  /** The columns of the result, where analysis was asked for them. */
  readonly outputs?: readonly SqlField[] | undefined
  readonly replay?: RequestEntry['replay']
  /** What traces may say of it. Nothing of this is recorded. */
  readonly traced?: Traced
}

/** A request on the record, and whether it was there before. */
export interface WrittenRequest {
  readonly entry: RequestEntry
  readonly hash: StoredEntry['hash']
  readonly repeated: boolean
  /** Of the call, as grants and jobs have it: the entry has it keyed. */
  readonly effectiveDigest: string
}

/** The client used one request id for two different requests. BigQuery has heard nothing of this one. */
export interface RequestIdReused {
  readonly problem: 'request-id-reused'
}

/**
 * Makes the request durable, and only then turns leave to make a call into the call itself.
 *
 * When the same principal recorded the same call under this id before, the client repeats itself: the
 * call is bound to that entry, with that entry's labels, so that BigQuery sees one and the same.
 */
export async function recordRequest(
  recorder: Recorder,
  { callId, permit, connection, session, facts, outputs, replay, traced }: RequestToRecord,
): Promise<Result<RecordedPermit, RecordingProblem | RequestIdReused>> {
  const { call, decision, grant } = permit
  const written = await writeRequest(recorder, {
    callId,
    call,
    decision,
    grant,
    connection,
    session,
    facts,
    replay,
  })
  if (!written.ok) return written
  const { entry, hash, repeated, effectiveDigest: digest } = written.value
  return ok(
    mint<RecordedPermit>({
      call: withJobLabels(call, entry, hash),
      effect: decision.effect,
      connection,
      callId,
      grant,
      request: hash,
      effectiveDigest: digest,
      repeated,
      recordedAt: entry.at,
      // Of this decision, not of the one a repeat finds on the record: the policy may have changed.
      release: releaseTerms(decision.obligations, outputs),
      traced,
    }),
  )
}

/** Makes a request durable under the id of its call, or finds the same one there. */
export async function writeRequest(
  recorder: Recorder,
  request: {
    readonly callId: string
    readonly call: BigQueryCall
    readonly decision: RequestEntry['decision']
    readonly grant: string | undefined
    readonly connection: string
    readonly session: Session
    readonly facts: CallFacts
    readonly replay?: RequestEntry['replay']
  },
): Promise<Result<WrittenRequest, RecordingProblem | RequestIdReused>> {
  const { callId, call, decision, grant, connection, session, replay } = request
  const { sql, parameters, justification, ...facts } = request.facts
  const at = recorder.clock()
  const digest = effectiveDigest(call)
  const opened = await recorder.openSession(session)
  if (!opened.ok) return opened
  const entry = {
    ...facts,
    v: 1,
    type: 'request',
    id: `${callId}~request`,
    call: callId,
    at,
    principal: recordedPrincipal(session.principal),
    session: recordedSession(session),
    decision,
    grant,
    connection,
    effectiveDigest: keyed(recorder.digestKey, digest),
    replay,
  } as const
  const created = await createPrivately(recorder, secretScope(session), {
    id: entry.id,
    facts: { sql, parameters, justification },
    entry: (part) => ({ ...entry, private: part }),
  })
  if (!created.ok) return created
  const repeated = 'existing' in created.value
  const stored = 'existing' in created.value ? created.value.existing : created.value.ours
  const recorded = stored.entry
  if (!isSameRequest(recorded, entry)) return err({ problem: 'request-id-reused' })
  return ok({ entry: recorded, hash: stored.hash, repeated, effectiveDigest: digest })
}

/** What is digested can be guessed: only whoever has the key may find out whether a guess is right. */
function keyed(key: Uint8Array, digest: string): string {
  return createHmac('sha256', key).update(digest).digest('hex')
}

function isSameRequest(
  recorded: Entry,
  entry: Omit<RequestEntry, 'private'>,
): recorded is RequestEntry {
  return (
    recorded.type === 'request' &&
    recorded.effectiveDigest === entry.effectiveDigest &&
    recorded.connection === entry.connection &&
    recorded.principal.issuer === entry.principal.issuer &&
    recorded.principal.subject === entry.principal.subject
  )
}
