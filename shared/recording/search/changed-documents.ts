import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { ReviewTerms } from '../../policy/review-terms.ts'
import type { EntryStore, RawEntry } from '../entry-store.ts'
import type { Entry } from '../entry.ts'
import { NoEntry } from '../no-entry.ts'
import { type Ahead, countedAhead } from './counted-ahead.ts'
import { documentIdOf, documentOf } from './document-of.ts'
import { flagsOf } from './flags-of.ts'
import { isBegunBy, restOf } from './rest-of.ts'
import type { SearchDocument } from './search-document.ts'
import type { IndexedDocument, SearchIndex } from './search-index.ts'
import { tokensOf } from './tokens-of.ts'

interface Making {
  readonly entries: Pick<EntryStore, 'get' | 'list'>
  readonly index: Pick<SearchIndex, 'get' | 'count'>
  readonly decode: (raw: RawEntry) => { readonly entry: Entry }
  readonly terms: ReviewTerms
  /** Whether what is in the index may be of another version, and is made again though it reads the same. */
  readonly isAgain: boolean
}

/**
 * The documents that entries have part in, as far as they are not in the index as they are now, oldest first; and how many
 * entries and calls could not be read. Rejects when store or index cannot be reached.
 */
export async function changedDocuments(
  { entries, index, decode, terms, isAgain }: Making,
  raws: readonly RawEntry[],
): Promise<{ readonly documents: readonly IndexedDocument[]; readonly skipped: number }> {
  const { groups, unread } = grouped(raws, decode)
  const made: Made[] = []
  let skipped = unread
  for (const [id, own] of groups) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time: nobody waits for it
    const before = await index.get(id)
    const seen = documentOf(own)
    if (!isAgain && seen !== undefined && isSame(seen, before)) continue
    // What is there may be of entries that come later than these.
    const isAll = before === undefined && isBegunBy(own)
    // oxlint-disable-next-line no-await-in-loop
    const all = isAll ? own : await restOf(entries, own)
    if (all === undefined) skipped += 1
    const document = documentOf(all ?? own)
    if (document !== undefined && (isAgain || !isSame(document, before)))
      made.push({ document, before })
  }
  return { documents: await flagged({ index, terms }, made), skipped }
}

interface Made {
  readonly document: SearchDocument
  readonly before: SearchDocument | undefined
}

function grouped(raws: readonly RawEntry[], decode: Making['decode']) {
  const groups = new Map<string, Entry[]>()
  let unread = 0
  for (const raw of raws) {
    try {
      const { entry } = decode(raw)
      const id = documentIdOf(entry)
      if (id !== undefined) groups.set(id, [...(groups.get(id) ?? []), entry])
    } catch (cause) {
      // The sealer says on the record what is no entry.
      if (!(cause instanceof NoEntry)) throw cause
      unread += 1
    }
  }
  return { groups, unread }
}

async function flagged(
  { index, terms }: Pick<Making, 'terms'> & { readonly index: Pick<SearchIndex, 'count'> },
  made: readonly Made[],
): Promise<readonly IndexedDocument[]> {
  const ahead = made
    .toSorted((a, b) => a.document.at - b.document.at)
    .map((each): Ahead => ({ ...each, tokens: tokensOf(each.document) }))
  const count = countedAhead(index, ahead)
  const documents: IndexedDocument[] = []
  for (const { document, tokens } of ahead) {
    // oxlint-disable-next-line no-await-in-loop -- one at a time: nobody waits for it
    const flags = document.kind === 'call' ? await flagsOf(document, count, terms) : []
    if (document.kind !== 'call' || flags.length === 0) documents.push({ document, tokens })
    else {
      const marked = { ...document, flags }
      documents.push({ document: marked, tokens: tokensOf(marked) })
    }
  }
  return documents
}

/** Flags follow from what began before, so they stay as they are. */
function isSame(document: SearchDocument, before: SearchDocument | undefined): boolean {
  if (before === undefined) return false
  const bare = before.kind === 'call' ? { ...before, flags: [] } : before
  return canonicalJson(bare) === canonicalJson(document)
}
