import { encodeBase64 } from '../../tlog/base64.ts'
import { emptyRange, extendRange, rootOf } from '../../tlog/compact-range.ts'
import { leafHash } from '../../tlog/hash.ts'
import { createOrFail } from '../create-or-fail.ts'
import type { Journal } from '../recorder.ts'
import type { SessionClosedEntry } from '../upkeep-entry.ts'
import { type Counted, entriesSince } from './entries-since.ts'
import type { RecordedSessions } from './recorded-sessions.ts'

const PAGE = 100
const MINUTE_MS = 60_000

export interface SessionsToClose {
  readonly recorder: Journal
  readonly sessions: RecordedSessions
  /** What could not be closed, and is tried again. */
  readonly onTrouble: (cause: unknown) => void
  /** `RecordTerms.sessionIdleMs`. */
  readonly idleMs: number
}

/**
 * Closes every session in which nothing was done for `idleMs`: an entry says how many it has and by which root, so that
 * one that is taken out later is missed. Several at once do no harm. Begins nothing more after `forMs`.
 * Rejects when the store cannot be reached.
 */
export async function closeSessions(
  work: SessionsToClose,
  { forMs = MINUTE_MS }: { readonly forMs?: number } = {},
): Promise<void> {
  const { recorder, sessions } = work
  const stopAt = recorder.clock() + forMs
  for (let isDone = false; !isDone;) {
    // oxlint-disable-next-line no-await-in-loop -- what is closed makes room for the next
    const ids = await sessions.listOpen(PAGE)
    const looks: Look[] = []
    for (const id of ids) {
      if (recorder.clock() >= stopAt) return
      // oxlint-disable-next-line no-await-in-loop -- one at a time: nobody waits for it
      const looked = await look(work, id)
      // Those that come after it were seen later.
      if (looked === 'fresh') return
      looks.push(looked)
    }
    isDone = ids.length < PAGE || !looks.includes('moved')
  }
}

/** Its place in the list has changed; it is in use; or it is tried again. */
type Look = 'moved' | 'fresh' | 'failed'

/** One that fails keeps no other from its turn. */
async function look(work: SessionsToClose, session: string): Promise<Look> {
  try {
    return await closeIfIdle(work, session)
  } catch (cause) {
    work.onTrouble(new Error(`session \`${session}\` could not be closed`, { cause }))
    return 'failed'
  }
}

async function closeIfIdle(
  { recorder, sessions, idleMs }: SessionsToClose,
  session: string,
): Promise<Look> {
  const state = await sessions.find(session)
  const idleSince = recorder.clock() - idleMs
  if (state === undefined || !state.isOpen) return 'moved'
  if (state.seenAt > idleSince) return 'fresh'
  const entries = await entriesSince(recorder.entries, session, state.from)
  const used = entries.filter(({ type }) => type !== 'session-closed')
  const last = used.reduce((most, { at }) => Math.max(most, at), 0)
  if (last > idleSince) {
    // Instances tell only now and then that it is used.
    await sessions.see(session, last)
    return 'moved'
  }
  const closing = used.length === 0 ? undefined : closingOf(session, state, entries)
  if (closing === undefined) await sessions.counted(session, state, state.from)
  else {
    const to = await write(recorder, { ...closing, at: recorder.clock() })
    // Of what somebody else has written, all that came later is still to be counted.
    const seen = to === closing.to ? state : { ...state, seenAt: 0 }
    await sessions.counted(session, seen, to)
  }
  return 'moved'
}

/** Up to which time the closing with this number counts: somebody else may have written it. */
async function write(recorder: Journal, closing: SessionClosedEntry): Promise<number> {
  const { entry } = await createOrFail(recorder, closing)
  if (entry.type !== 'session-closed') throw new Error(`another entry has the id \`${closing.id}\``)
  return entry.to
}

function closingOf(
  session: string,
  { number, from }: { readonly number: number; readonly from: number },
  entries: readonly Counted[],
): Omit<SessionClosedEntry, 'at'> {
  const inOrder = entries.toSorted(
    (a, b) => a.committedAt - b.committedAt || (a.id < b.id ? -1 : 1),
  )
  const leaves = inOrder.map(({ hash }) => leafHash(Buffer.from(hash, 'hex')))
  return {
    v: 1,
    type: 'session-closed',
    id: `session~${session}~closed~${number}`,
    session,
    number,
    from,
    // Nothing that becomes durable later gets an earlier time.
    to: (inOrder.at(-1)?.committedAt ?? from) + 1,
    count: inOrder.length,
    root: encodeBase64(rootOf(extendRange(emptyRange, leaves))),
  }
}
