import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { EntryStore, KeptEntry, RawEntry } from '../entry-store.ts'
import type { FoundLeaf } from '../log/find-leaf.ts'

type Entries = Pick<EntryStore, 'get' | 'committed'>

/**
 * What is stored under the ids of leaves, in their order, whatever it is; undefined where there is nothing. Rejects when
 * the store cannot be reached.
 */
export type LookUp = (leaves: readonly FoundLeaf[]) => Promise<readonly (RawEntry | undefined)[]>

const PAGE = 500
/** Nearly always the first one is it. */
const FEW = 4

/** For leaves of which each follows the one before: the store is read in pages. */
export function lookUpAll(entries: Entries): LookUp {
  let page: Page = { from: Infinity, all: new Map(), isEnd: false, last: undefined }
  return async (leaves) => {
    const found: (RawEntry | undefined)[] = []
    for (const { leaf } of leaves) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      if (!covers(page, leaf.c, leaf.i)) page = await readPage(entries, leaf.c, PAGE)
      const raw = page.all.get(leaf.i)
      // oxlint-disable-next-line no-await-in-loop
      found.push(raw?.committedAt === leaf.c ? raw : await byId(entries, leaf.i))
    }
    return found
  }
}

/** For leaves that are anywhere. */
export function lookUpSome(entries: Entries): LookUp {
  return (leaves) =>
    Promise.all(
      leaves.map(async ({ leaf }) => {
        const page = await readPage(entries, leaf.c, FEW)
        const raw = page.all.get(leaf.i)
        return raw?.committedAt === leaf.c ? raw : byId(entries, leaf.i)
      }),
    )
}

/** What the store has from a commit time on. */
interface Page {
  readonly from: number
  readonly all: ReadonlyMap<string, RawEntry>
  readonly last: RawEntry | undefined
  /** There was nothing after it. */
  readonly isEnd: boolean
}

async function readPage(entries: Entries, from: number, limit: number): Promise<Page> {
  const raws = await entries.committed({ at: from }, limit)
  const all = new Map(raws.map((raw) => [raw.id, raw]))
  return { from, all, last: raws.at(-1), isEnd: raws.length < limit }
}

function covers({ from, last, isEnd }: Page, at: number, id: string): boolean {
  if (at < from) return false
  if (isEnd || last === undefined) return isEnd
  return at < last.committedAt || (at === last.committedAt && id <= last.id)
}

/** Of manifests, the log has another time than the store. */
async function byId(entries: Entries, id: string): Promise<RawEntry | undefined> {
  const kept = await entries.get(id)
  return kept && rawOf(kept)
}

function rawOf({ entry, bytes, stamp, ciphertext, committedAt }: KeptEntry): RawEntry {
  const { signature } = stamp
  return {
    id: entry.id,
    committedAt,
    bytes,
    stamp: canonicalJson(stamp.stamp),
    signature,
    ciphertext,
  }
}
