import { isForgotten } from '../../approval/forgotten.ts'
import type { Grant } from '../../approval/grant.ts'
import type { Grants } from '../../approval/grants.ts'
import { isOver } from '../../approval/standing.ts'
import { base32 } from '../../kernel/base32.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import { createOrFail } from '../create-or-fail.ts'
import type { RecordedPrincipal } from '../envelope.ts'
import { heldBy } from '../holds/held-by.ts'
import type { Holds } from '../holds/holds.ts'
import type { Recorder } from '../recorder.ts'
import type { ErasedEntry, RecordScope } from '../upkeep-entry.ts'
import { destroy, sessionsOf } from './destroy.ts'
import { grantsOfSessions } from './grants-of-sessions.ts'
import type { PendingErasures } from './pending-erasures.ts'
import { type SessionContents, sessionContents } from './session-contents.ts'

/** What an erasure asks of the world. */
export interface ErasurePorts extends Recorder {
  readonly holds: Pick<Holds, 'list'>
  readonly grants: Pick<Grants, 'find' | 'forget'>
  readonly pending: PendingErasures
}

/** Whose private facts are to go: those of a session, or of all sessions of somebody. */
export type ErasureScope = { readonly session: string } | { readonly principal: string }

/** Why nothing was erased. */
export type ErasureProblem =
  /** Ids of the holds. */
  | { readonly problem: 'on-hold'; readonly holds: readonly string[] }
  /** Somebody still decides about it, or a time box is open: what people approve must not change under them. */
  | { readonly problem: 'approval-open'; readonly grants: readonly string[] }
  | { readonly problem: 'nothing-to-erase' }

/** Keys in one entry: it has to fit into the store. */
const MOST_KEYS = 5_000
const ID_BYTES = 16

/**
 * Destroys the secrets of private facts, for ever, and what approvals keep of them in clear; all of it or nothing.
 * Which secrets go is durable before the first does. Whatever else is on the record stays and verifies. Rejects when
 * some of it may be left: it can be done again, and what was said already is done by `resumeErasures`.
 */
export async function erase(
  ports: ErasurePorts,
  {
    scope,
    by,
    reason,
  }: {
    readonly scope: ErasureScope
    readonly by: RecordedPrincipal
    readonly reason: string
  },
): Promise<Result<{ readonly keys: readonly string[] }, ErasureProblem>> {
  const keys = await ports.secrets.list('session' in scope ? scope : { owner: scope.principal })
  const sessions = 'session' in scope ? [scope.session] : sessionsOf(keys)
  const contents: SessionContents[] = []
  for (const session of sessions) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time: nobody is in a hurry
    const found = await sessionContents(ports.entries, session)
    contents.push('principal' in scope ? { ...found, principal: scope.principal } : found)
  }
  const grants = await grantsOfSessions(ports.grants, contents)
  const problem = await problemOf(ports.holds, contents, grants)
  if (problem !== undefined) return err(problem)
  const toForget = grants.filter((grant) => !isForgotten(grant))
  if (keys.length === 0 && toForget.length === 0) return err({ problem: 'nothing-to-erase' })
  // In parts, so that no entry is too large; what is left without keys goes with the first.
  for (let start = 0; start === 0 || start < keys.length; start += MOST_KEYS) {
    const part = keys.slice(start, start + MOST_KEYS)
    const ids = start === 0 ? toForget.map(({ id }) => id) : []
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await erasePart(ports, entryOf(ports, scope, part, { by, reason }), ids)
  }
  return ok({ keys })
}

async function erasePart(
  ports: ErasurePorts,
  entry: ErasedEntry,
  grants: readonly string[],
): Promise<void> {
  const { id, at, keys } = entry
  const erasure = { id, at, keys, grants }
  // Whoever dies from here on leaves what `resumeErasures` finishes.
  await ports.pending.add(erasure)
  await createOrFail(ports, entry)
  await destroy(ports, erasure)
}

function entryOf(
  { clock, random }: Recorder,
  scope: RecordScope,
  keys: readonly string[],
  why: Pick<ErasedEntry, 'by' | 'reason'>,
): ErasedEntry {
  const id = `erasure~${base32(random(ID_BYTES))}`
  return { v: 1, type: 'erased', id, at: clock(), scope, keys, ...why }
}

async function problemOf(
  holds: Pick<Holds, 'list'>,
  contents: readonly SessionContents[],
  grants: readonly Grant[],
): Promise<ErasureProblem | undefined> {
  // Looked at last: whoever sets one meanwhile must not be too late for it.
  const open = grants.filter((grant) => !isOver(grant))
  const inForce = await holds.list()
  const held = new Set(contents.flatMap((each) => heldBy(each, inForce)).map(({ id }) => id))
  if (held.size > 0) return { problem: 'on-hold', holds: [...held] }
  if (open.length > 0) return { problem: 'approval-open', grants: open.map(({ id }) => id) }
  return undefined
}
