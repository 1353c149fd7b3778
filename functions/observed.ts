import type { EntryStore } from '../shared/recording/entry-store.ts'
import type { Entry } from '../shared/recording/entry.ts'

/** The same store; `onEntry` hears of every entry once it is durable. */
export function observed(
  entries: EntryStore,
  onEntry: ((entry: Entry) => void) | undefined,
): EntryStore {
  if (onEntry === undefined) return entries
  return {
    ...entries,
    create: async (stored) => {
      const created = await entries.create(stored)
      if (created === 'created') onEntry(stored.entry)
      return created
    },
  }
}
