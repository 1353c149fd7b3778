import type { EntryStore, KeptEntry } from '../../recording/entry-store.ts'
import type { RefusalEntry, RequestEntry } from '../../recording/entry.ts'

/** The most entries of a call that are shown. */
const MOST = 1_000

/** The entries of a call, oldest first. */
export interface CallEntries {
  /** The one that says who asked for what. */
  readonly first: KeptEntry & { readonly entry: RequestEntry | RefusalEntry }
  readonly all: readonly KeptEntry[]
}

/** What is on the record of a call; undefined for nothing. Rejects when the store cannot be read. */
export async function callEntries(
  entries: Pick<EntryStore, 'list'>,
  call: string,
): Promise<CallEntries | undefined> {
  const page = await entries.list({ call, limit: MOST })
  if (!page.ok) throw new Error('the store refuses a query without a cursor')
  const all = page.value.entries.toReversed()
  for (const kept of all) {
    const { entry } = kept
    if (entry.type === 'request' || entry.type === 'refusal')
      return { first: { ...kept, entry }, all }
  }
  return undefined
}
