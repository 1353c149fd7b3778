import { heldBy } from '../holds/held-by.ts'
import { destroy, sessionsOf } from './destroy.ts'
import type { ErasurePorts } from './erase.ts'
import type { PendingErasure } from './pending-erasures.ts'
import { sessionContents } from './session-contents.ts'

/** Longer nobody is between the first step and the second. */
const UNDER_WAY_MS = 10 * 60_000

/**
 * Destroys what is said to be erased on the record, where whoever said so died before it was; scheduled. What somebody put
 * on hold since stays, and is told to `onTrouble`. Rejects when the store cannot be reached.
 */
export async function resumeErasures(
  ports: ErasurePorts & { readonly onTrouble: (cause: unknown) => void },
): Promise<void> {
  for (const pending of await ports.pending.list())
    // oxlint-disable-next-line no-await-in-loop -- hardly ever one
    await resume(ports, pending)
}

async function resume(
  ports: ErasurePorts & { readonly onTrouble: (cause: unknown) => void },
  pending: PendingErasure,
): Promise<void> {
  const isSaid = (await ports.entries.get(pending.id)) !== undefined
  if (!isSaid) {
    // It may be about to be said.
    if (pending.at < ports.clock() - UNDER_WAY_MS) await ports.pending.remove(pending.id)
    return
  }
  const holds = await ports.holds.list()
  for (const session of sessionsOf(pending.keys)) {
    // oxlint-disable-next-line no-await-in-loop
    const contents = await sessionContents(ports.entries, session)
    if (heldBy(contents, holds).length === 0) continue
    ports.onTrouble(new Error(`what \`${pending.id}\` says is erased is on hold, so it is not`))
    return
  }
  await destroy(ports, pending)
}
