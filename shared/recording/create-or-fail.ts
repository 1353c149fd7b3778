import type { StoredEntry } from './entry-store.ts'
import type { Entry } from './entry.ts'
import { type Journal, createDurably } from './recorder.ts'

/** `createDurably` for what nobody waits for: what is durable under the id now. Rejects when nothing is, or may not be. */
export async function createOrFail(recorder: Journal, entry: Entry): Promise<StoredEntry> {
  const created = await createDurably(recorder, entry)
  if (created.ok) return 'ours' in created.value ? created.value.ours : created.value.existing
  const { error } = created
  const cause = error.problem === 'store-unavailable' ? error.cause : undefined
  throw new Error(`\`${entry.id}\` could not be recorded`, { cause })
}
