import type { EntryStore } from '../entry-store.ts'
import type { Entry } from '../entry.ts'
import { NoEntry } from '../no-entry.ts'
import { documentIdOf } from './document-of.ts'

const PAGE = 500
/** Of a call with more, pages of the result in between are not looked at. */
const MOST_PAGES = 20

type Entries = Pick<EntryStore, 'get' | 'list'>

/**
 * All entries of the document that some are of: of a call by now, of a session its opening and those given. Undefined when the
 * store has something there that is no entry. Rejects when it cannot be reached.
 */
export async function restOf(
  entries: Entries,
  own: readonly Entry[],
): Promise<readonly Entry[] | undefined> {
  const [first] = own
  const id = first === undefined ? '' : documentIdOf(first)
  if (first === undefined || id?.startsWith('event~') !== false) return own
  try {
    if (first.call !== undefined) return await entriesOfCall(entries, first.call)
    const opened = await entries.get(`${id}~opened`)
    return opened === undefined ? own : [opened.entry, ...own]
  } catch (cause) {
    // The sealer says on the record what is no entry.
    if (cause instanceof NoEntry) return undefined
    throw cause
  }
}

/** Whether a document begins with one of them: of what is new to the index there is then nothing before. */
export function isBegunBy(own: readonly Entry[]): boolean {
  return own.some(({ type }) => OPENING.has(type))
}

const OPENING: ReadonlySet<Entry['type']> = new Set(['request', 'refusal', 'session-opened'])

async function entriesOfCall(entries: Entries, call: string): Promise<readonly Entry[]> {
  const found: Entry[] = []
  let before: string | undefined
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await entries.list({ call, limit: PAGE, before })
    if (!page.ok) throw new Error('a cursor of ours does not hold')
    found.push(...page.value.entries.map(({ entry }) => entry))
    before = page.value.before
    if (before === undefined) break
  }
  return found
}
