import type { EntryStore } from '../entry-store.ts'
import type { Entry } from '../entry.ts'

const PAGE = 500
/** The clock of a writer, by which entries are listed, is never so far from that of the store. */
const SKEW_MS = 60 * 60_000

/** What a closing needs to know of an entry. */
export interface Counted {
  readonly id: string
  readonly type: Entry['type']
  /** Epoch milliseconds, by the writer. */
  readonly at: number
  /** Epoch microseconds, by the store. */
  readonly committedAt: number
  /** Hex. */
  readonly hash: string
}

/** All entries of a session that were committed from a time on, epoch microseconds; newest first by `at`. */
export async function entriesSince(
  entries: Pick<EntryStore, 'list'>,
  session: string,
  from: number,
): Promise<readonly Counted[]> {
  const found: Counted[] = []
  for (let before: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await entries.list({ session, limit: PAGE, before })
    if (!page.ok) throw new Error('a cursor of ours does not hold')
    for (const { entry, committedAt, hash } of page.value.entries) {
      if (entry.at < from / 1000 - SKEW_MS) return found
      if (committedAt >= from)
        found.push({ id: entry.id, type: entry.type, at: entry.at, committedAt, hash })
    }
    before = page.value.before
    if (before === undefined) return found
  }
}
