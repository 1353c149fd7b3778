import { principalKey } from '../../identity/principal.ts'
import { base32 } from '../../kernel/base32.ts'
import { createOrFail } from '../create-or-fail.ts'
import type { RecordedPrincipal } from '../envelope.ts'
import type { Recorder } from '../recorder.ts'
import type { HoldEntry, RecordScope } from '../upkeep-entry.ts'
import type { Hold, Holds } from './holds.ts'

const ID_BYTES = 16

/** Sets a hold: on the record first. Rejects when it may not be in force, or not on the record. */
export async function setHold(
  recorder: Recorder,
  holds: Holds,
  {
    scope,
    by,
    reason,
  }: {
    readonly scope: RecordScope
    readonly by: RecordedPrincipal
    readonly reason: string
  },
): Promise<Hold> {
  const id = base32(recorder.random(ID_BYTES))
  const at = recorder.clock()
  await createOrFail(recorder, entryOf('set', { id, scope, by, reason, at }))
  const hold: Hold = { id, scope, by: principalKey(by), reason, at }
  await holds.add(hold)
  return hold
}

/** Releases a hold: on the record first. Undefined when there is none of this id. Rejects as `setHold` does. */
export async function releaseHold(
  recorder: Recorder,
  holds: Holds,
  {
    id,
    by,
    reason,
  }: { readonly id: string; readonly by: RecordedPrincipal; readonly reason: string },
): Promise<Hold | undefined> {
  const hold = (await holds.list()).find((each) => each.id === id)
  if (hold === undefined) return undefined
  const { scope } = hold
  await createOrFail(recorder, entryOf('released', { id, scope, by, reason, at: recorder.clock() }))
  await holds.remove(id)
  return hold
}

function entryOf(
  what: 'set' | 'released',
  { id: hold, ...facts }: Omit<Hold, 'by'> & { readonly by: RecordedPrincipal },
): HoldEntry {
  return { v: 1, type: `hold-${what}`, id: `hold~${hold}~${what}`, hold, ...facts }
}
