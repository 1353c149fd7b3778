import type { Clock } from '../kernel/clock.ts'
import { encodeEntry, stampEntry } from './encode-entry.ts'
import type { EntryStore } from './entry-store.ts'
import type { Writer } from './writer.ts'

/**
 * Puts on the record which numbers of a writer will not be found. When that fails, the next one to come by
 * says so, with the number that was lost over it.
 */
export async function tellMissed(
  { entries, clock }: { readonly entries: Pick<EntryStore, 'create'>; readonly clock: Clock },
  writer: Writer,
): Promise<void> {
  const missed = writer.takeMissed()
  if (missed.length === 0) return
  const { id, next } = writer
  const gap = encodeEntry({
    v: 1,
    type: 'writer-gap',
    id: `writer~${id}~gap~${next}`,
    at: clock(),
    writer: id,
    missed,
  })
  const stored = stampEntry(writer, gap)
  try {
    await entries.create(stored)
  } catch {
    writer.giveBack(missed)
    writer.missed(stored.stamp, 'unknown')
  }
}
