import type { EntryStore, StoredEntry } from '../shared/recording/entry-store.ts'
import type { Entry } from '../shared/recording/entry.ts'
import type { RecordSecrets } from '../shared/recording/private-facts.ts'
import { openPart } from '../shared/recording/private-part.ts'

/** Hears of an entry, with the JSON of what it keeps in private; undefined where it keeps nothing. */
export type OnEntry = (entry: Entry, facts: string | undefined) => void

/** The same store; `onEntry` hears of every entry once it is durable. */
export function observed(
  entries: EntryStore,
  secrets: RecordSecrets,
  onEntry: OnEntry | undefined,
): EntryStore {
  if (onEntry === undefined) return entries
  return {
    ...entries,
    create: async (stored) => {
      const created = await entries.create(stored)
      if (created === 'created') onEntry(stored.entry, await factsOf(stored, secrets))
      return created
    },
  }
}

async function factsOf(
  { entry, ciphertext }: StoredEntry,
  secrets: RecordSecrets,
): Promise<string | undefined> {
  const part = 'private' in entry ? entry.private : undefined
  if (part === undefined || ciphertext === undefined) return undefined
  const secret = await secrets.find(part.key)
  return secret && openPart(entry.id, { part, ciphertext }, secret.secret)?.facts
}
