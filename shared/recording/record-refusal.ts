import { createHash } from 'node:crypto'

import { type Result, ok } from '../kernel/result.ts'
import type { Decision } from '../policy/decision.ts'
import type { Session } from '../session/session.ts'
import { newCallId } from './call-id.ts'
import { createPrivately } from './create-privately.ts'
import type { StoredEntry } from './entry-store.ts'
import type { CallFacts, RefusalEntry } from './entry.ts'
import { recordedPrincipal, recordedSession, secretScope } from './recorded-caller.ts'
import type { Recorder, RecordingProblem } from './recorder.ts'
import type { RefusalBudget } from './refusal-budget.ts'

export interface RefusalToRecord {
  readonly facts: CallFacts
  /** Undefined when nobody could be identified. */
  readonly session: Session | undefined
  /** The problem tag. */
  readonly problem: string
  /** For the auditor; the caller may have been told less. */
  readonly detail: string
  readonly decision: Decision | undefined
  readonly source: RefusalEntry['source']
}

/** Makes the refusal of a known caller durable: always. */
export function recordRefusal(
  recorder: Recorder,
  refusal: RefusalToRecord,
): Promise<Result<StoredEntry, RecordingProblem>> {
  return write(recorder, refusal, 0)
}

/**
 * Makes the refusal of an unknown caller durable, as far as `budget` goes; undefined when it does
 * not. The next one that is recorded says how many were left out.
 */
export async function recordAnonymousRefusal(
  recorder: Recorder,
  budget: RefusalBudget,
  refusal: RefusalToRecord,
): Promise<Result<StoredEntry | undefined, RecordingProblem>> {
  const taken = budget.take(refusal.source.address)
  if (taken === undefined) return ok(undefined)
  const written = await write(recorder, refusal, taken.unrecorded)
  if (!written.ok) budget.giveBack(taken.unrecorded + 1)
  return written
}

async function write(
  recorder: Recorder,
  refusal: RefusalToRecord,
  unrecorded: number,
): Promise<Result<StoredEntry, RecordingProblem>> {
  const { session } = refusal
  const { sql, parameters, justification, ...facts } = refusal.facts
  const opened = session && (await recorder.openSession(session))
  if (opened?.ok === false) return opened
  const call = newCallId(recorder.random)
  const entry = {
    ...facts,
    v: 1,
    type: 'refusal',
    id: `${call}~refusal`,
    call,
    at: recorder.clock(),
    principal: session === undefined ? undefined : recordedPrincipal(session.principal),
    session: session === undefined ? undefined : recordedSession(session),
    problem: refusal.problem,
    decision: refusal.decision,
    source: refusal.source,
    unrecorded,
  } as const
  const scope = session === undefined ? { day: dayOf(entry.at) } : secretScope(session)
  const asked = { sql, parameters, justification, detail: refusal.detail }
  const created = await createPrivately(recorder, scope, {
    id: entry.id,
    facts: asked,
    entry: (part) => ({ ...entry, private: part }),
  })
  if (created.ok) return 'ours' in created.value ? ok(created.value.ours) : drawnTwice()
  if (created.error.problem !== 'entry-too-large') return created
  // Perhaps its size is why it was refused. What was too much is left out, and named by its digest.
  const text = JSON.stringify([sql ?? '', parameters])
  const digest = createHash('sha256').update(text).digest('hex')
  const detail = `${refusal.detail} (left out: sql and parameters of ${text.length} characters, sha-256 \`${digest}\`)`
  const smaller = await createPrivately(recorder, scope, {
    id: entry.id,
    facts: { sql: undefined, parameters: undefined, justification, detail },
    entry: (part) => ({ ...entry, strippedSql: undefined, private: part }),
  })
  if (!smaller.ok) return smaller
  return 'ours' in smaller.value ? ok(smaller.value.ours) : drawnTwice()
}

/** `yyyy-mm-dd`, in UTC. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

function drawnTwice(): never {
  throw new Error('two refusals drew the same 128 random bits')
}
