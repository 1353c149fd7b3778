import { type Result, err, ok } from '../../kernel/result.ts'
import { type RecordableSession, recordedPrincipal, recordedSession } from '../recorded-caller.ts'
import { type Journal, type RecordingProblem, createDurably } from '../recorder.ts'
import type { RecordedSessions } from './recorded-sessions.ts'

/**
 * Makes certain that the record knows of a session before anything is recorded in it: of a new one `session-opened` is
 * durable, of one that was closed it is known that it goes on. Once it resolved well, the same instance asks nobody
 * about the session for half of `idleMs`.
 */
export type OpenRecordedSession = (
  session: RecordableSession,
  /** `RecordTerms.sessionIdleMs`. */
  idleMs: number,
) => Promise<Result<undefined, RecordingProblem>>

const MOST_REMEMBERED = 10_000

/** `OpenRecordedSession` of one instance. */
export function openRecordedSession(
  recorder: Journal,
  sessions: RecordedSessions,
): OpenRecordedSession {
  /** By session, until when it need not be looked at; epoch milliseconds. */
  const remembered = new Map<string, { readonly from: number; readonly until: number }>()
  const underWay = new Map<string, ReturnType<OpenRecordedSession>>()

  const open: OpenRecordedSession = async (session, idleMs) => {
    const now = recorder.clock()
    const memory = remembered.get(session.id)
    if (memory !== undefined && now >= memory.from && now < memory.until) return ok(undefined)
    const opened = await lookUp(recorder, sessions, session, idleMs / 2)
    if (!opened.ok) return opened
    remembered.delete(session.id)
    remembered.set(session.id, { from: now, until: now + idleMs / 2 })
    const [oldest] = remembered.keys()
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest)
    return opened
  }
  // A hundred calls that begin a session begin it once.
  return (session, idleMs) => {
    const before = underWay.get(session.id)
    if (before !== undefined) return before
    const opening = open(session, idleMs).finally(() => underWay.delete(session.id))
    underWay.set(session.id, opening)
    return opening
  }
}

async function lookUp(
  recorder: Journal,
  sessions: RecordedSessions,
  session: RecordableSession,
  /** An open session need not be seen again for so long: it is closed after twice the time at the earliest. */
  freshMs: number,
): Promise<Result<undefined, RecordingProblem>> {
  const now = recorder.clock()
  try {
    const state = await sessions.find(session.id)
    if (state === undefined) {
      const written = await createDurably(recorder, {
        v: 1,
        type: 'session-opened',
        id: `session~${session.id}~opened`,
        at: now,
        principal: recordedPrincipal(session.principal),
        session: recordedSession(session),
      })
      if (!written.ok) return written
    }
    const isFresh = state?.isOpen === true && now - state.seenAt < freshMs
    if (!isFresh) await sessions.see(session.id, now)
    return ok(undefined)
  } catch (cause) {
    return err({ problem: 'store-unavailable', cause })
  }
}
