import { parseGrantId } from '../../approval/grant-id.ts'
import type { ErasurePorts } from './erase.ts'
import type { PendingErasure } from './pending-erasures.ts'

/** Destroys what an erasure on the record names, and forgets that it was to be done. May be done again at any time. */
export async function destroy(
  { secrets, grants, pending }: Pick<ErasurePorts, 'secrets' | 'grants' | 'pending'>,
  erasure: PendingErasure,
): Promise<void> {
  for (const key of erasure.keys)
    // oxlint-disable-next-line no-await-in-loop -- one at a time: nobody is in a hurry
    await secrets.erase(key)
  for (const id of erasure.grants.map(parseGrantId))
    // oxlint-disable-next-line no-await-in-loop
    if (id !== undefined) await grants.forget(id)
  await pending.remove(erasure.id)
}

/** The sessions that keys belong to: their ids without the generation. */
export function sessionsOf(keys: readonly string[]): readonly string[] {
  return [...new Set(keys.map((key) => key.slice(0, key.lastIndexOf('.'))))]
}
