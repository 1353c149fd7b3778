import type { EntryStore, KeptEntry } from '../../recording/entry-store.ts'

const BATCH = 500

/** What is on the record of a session, without its calls themselves: they may be many. */
export interface SessionEntries {
  /** Opening and closings, oldest first. */
  readonly own: readonly KeptEntry[]
  /** Ids of its calls, the oldest first. */
  readonly calls: readonly string[]
}

/** Looks through a session. Rejects when the store cannot be read. */
export async function sessionEntries(
  entries: Pick<EntryStore, 'list'>,
  session: string,
): Promise<SessionEntries> {
  const own: KeptEntry[] = []
  const calls = new Set<string>()
  for (let before: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- page by page
    const page = await entries.list({ session, limit: BATCH, before })
    if (!page.ok) throw new Error('the store refuses its own cursor')
    for (const kept of page.value.entries) {
      const { entry } = kept
      if (entry.type === 'session-opened' || entry.type === 'session-closed') own.push(kept)
      // Newest first: what comes last is how it began.
      else if (entry.call !== undefined) {
        calls.delete(entry.call)
        calls.add(entry.call)
      }
    }
    before = page.value.before
    if (before === undefined) return { own: own.toReversed(), calls: [...calls].toReversed() }
  }
}
