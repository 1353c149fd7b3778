import type { RetentionTerms } from '../../policy/record-terms.ts'
import type { EntryStore, KeptEntry } from '../entry-store.ts'
import type { RequestEntry } from '../entry.ts'
import { heldBy, holdableOf } from '../holds/held-by.ts'
import type { Hold } from '../holds/holds.ts'
import type { FoundLeaf } from '../log/find-leaf.ts'
import { RECORD_CLASS, isOfLog, retentionClassOf } from './retention-class.ts'

/** What retention asks about an entry. */
export interface Deciding {
  readonly entries: Pick<EntryStore, 'get' | 'list'>
  readonly terms: RetentionTerms
  readonly holds: readonly Hold[]
}

const PAGE = 500

/**
 * The entries that go when the leaf is as old as the class keeps: of a call all at once, with its end. What removes them
 * in this order, and dies, leaves what finds the rest. None that is on hold, of another class, or gone already.
 */
export async function dueEntries(
  deciding: Deciding,
  retentionClass: string,
  { leaf }: Pick<FoundLeaf, 'leaf'>,
): Promise<readonly KeptEntry[]> {
  if (leaf.k === 'invalid' || isOfLog(leaf.k)) return []
  // By itself nothing goes before its class, but for what is kept as long as anything.
  const goesByItself = retentionClass === RECORD_CLASS || leaf.k === 'refusal'
  if (!goesByItself && leaf.k !== 'outcome') return []
  const kept = await deciding.entries.get(leaf.i)
  if (kept === undefined) return []
  const { call } = kept.entry
  const request = call === undefined ? undefined : await requestOf(deciding, call)
  if (heldBy(holdableOf(kept.entry, request), deciding.holds).length > 0) return []
  if (goesByItself) {
    const own = retentionClassOf(kept.entry, request, deciding.terms)
    return retentionClass === RECORD_CLASS || own === retentionClass ? [kept] : []
  }
  if (request === undefined || call === undefined) return []
  if (retentionClassOf(kept.entry, request, deciding.terms) !== retentionClass) return []
  return wholeCall(deciding, call)
}

async function requestOf({ entries }: Deciding, call: string): Promise<RequestEntry | undefined> {
  const found = await entries.get(`${call}~request`)
  return found?.entry.type === 'request' ? found.entry : undefined
}

/** All entries of a call; last those by which the others are found. */
async function wholeCall({ entries }: Deciding, call: string): Promise<readonly KeptEntry[]> {
  const found: KeptEntry[] = []
  for (let before: string | undefined; ;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await entries.list({ call, limit: PAGE, before })
    if (!page.ok) throw new Error('a cursor of ours does not hold')
    found.push(...page.value.entries)
    before = page.value.before
    if (before === undefined) break
  }
  return [...found.filter((each) => !findsOthers(each)), ...found.filter(findsOthers)]
}

const findsOthers = ({ entry }: KeptEntry): boolean =>
  entry.type === 'request' || entry.type === 'outcome'
