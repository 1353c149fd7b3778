import { createHash } from 'node:crypto'

import { canonicalJson } from '../../kernel/canonical-json.ts'
import { ok } from '../../kernel/result.ts'
import type { SearchDocument } from '../../recording/search/search-document.ts'
import type { IndexQuery, SearchIndex } from '../../recording/search/search-index.ts'
import { rarestOf } from '../../recording/search/selectivity.ts'
import { encodeIndexedUpTo } from '../indexed-up-to.ts'
import { listCursor, parseListCursor } from '../list-cursor.ts'
import { decodeSearchDocument } from '../search-document-codec.ts'
import { searchTerms } from '../search-terms.ts'
import type { Documents, StoredDocument } from './documents.ts'
import { queryShapes } from './indexes.ts'
import {
  SEARCH_DOCUMENTS,
  indexedBatches,
  putBatches,
  readPlace,
  removeGuarded,
} from './search-writes.ts'

const DOCUMENT_ID = /^[a-z0-9~-]{1,220}$/

/** Documents read for one page of a search, or for one count: what is not found among them is looked for from there on. */
const MOST_SCANNED = 1_000
const PAGE = 100

/**
 * `SearchIndex` in Firestore. One token is asked for, the rarest by its kind; the others are looked for in what is found. The
 * index of a token that every call has grows at one end, which Firestore slows down at 500 writes a second: one indexer
 * writes at a time, and less than that.
 */
export function firestoreSearch(documents: Documents): SearchIndex {
  const termsOf = searchTerms()
  const termList = (tokens: readonly string[]) =>
    tokens.length === 0 ? [] : termsOf(tokens).split(' ')

  /** What has every token, newest first, until `isEnough`. */
  const scan = async (
    { tokens, from = -Infinity, to }: IndexQuery,
    start: { readonly at: number; readonly id: string } | undefined,
    limit: number,
  ): Promise<Scanned> => {
    const [asked = ''] = termList([rarestOf(tokens)])
    const wanted = termList(tokens)
    const found: SearchDocument[] = []
    let last = start
    for (let scanned = 0; scanned < MOST_SCANNED;) {
      const size = Math.min(PAGE, MOST_SCANNED - scanned)
      // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
      const page = await documents.page({
        shape: queryShapes.searchByToken,
        values: [asked],
        after: afterOf(last, to),
        limit: size,
      })
      for (const stored of page) {
        const document = decodeSearchDocument(bytesOf(stored))
        if (document.at < from) return { found, last: undefined }
        const own = new Set(stored.texts('tokens'))
        if (wanted.every((term) => own.has(term))) {
          if (found.length === limit) return { found, last }
          found.push(document)
        }
        last = { at: document.at, id: stored.id }
      }
      if (page.length < size) return { found, last: undefined }
      scanned += page.length
    }
    return { found, last }
  }

  return {
    upTo: async () => (await readPlace(documents)).place,

    async put(given, { expected, next }) {
      const stray = given.find(({ document }) => !DOCUMENT_ID.test(document.id))
      if (stray !== undefined) throw new TypeError(`not a document id \`${stray.document.id}\``)
      const now = await readPlace(documents)
      const isExpected =
        now.place === undefined || expected === undefined
          ? now.place === expected
          : encodeIndexedUpTo(now.place) === encodeIndexedUpTo(expected)
      return isExpected && putBatches(documents, now, indexedBatches(given, termList), next)
    },

    async get(id) {
      const stored = DOCUMENT_ID.test(id) ? await documents.get(SEARCH_DOCUMENTS, id) : undefined
      return stored && decodeSearchDocument(bytesOf(stored))
    },

    async find({ limit, before, ...query }) {
      if (query.tokens.length === 0) throw new RangeError('a search without tokens')
      const scope = { search: scopeOf(query) }
      const end = parseListCursor(scope, before)
      if (!end.ok) return end
      const { found, last } = await scan(query, end.value, limit)
      return ok({
        documents: found,
        before: last === undefined ? undefined : listCursor(scope, last),
      })
    },

    // What has one token Firestore counts itself; of several all that has the rarest is read, as no bound may make it less.
    async count(query, atMost) {
      const [asked, ...others] = termList(query.tokens)
      if (asked === undefined) throw new RangeError('a search without tokens')
      if (others.length === 0 && atMost > 0) {
        const { from, to } = query
        const page = { shape: queryShapes.searchByToken, values: [asked], limit: atMost }
        const after = afterOf(undefined, to)
        return documents.count({ ...page, after }, bound(from, Math.ceil))
      }
      let last: Scanned['last']
      let counted = 0
      do {
        // oxlint-disable-next-line no-await-in-loop -- each begins where the one before ended
        const scanned = await scan(query, last, atMost - counted)
        counted += scanned.found.length
        last = scanned.last
      } while (last !== undefined && counted < atMost)
      return counted
    },

    remove: (ids) =>
      removeGuarded(
        documents,
        ids.filter((id) => DOCUMENT_ID.test(id)),
      ),
  }
}

interface Scanned {
  readonly found: readonly SearchDocument[]
  /** The last that was looked at; undefined when there are no more. */
  readonly last: { readonly at: number; readonly id: string } | undefined
}

function afterOf(last: Scanned['last'], to: number | undefined) {
  if (last !== undefined) return { at: last.at, tieBreak: last.id }
  const at = bound(to, Math.trunc)
  return at === undefined ? undefined : { at, tieBreak: undefined }
}

/** A whole number; undefined where there is no bound, as an endless one is none that Firestore takes. */
function bound(at: number | undefined, round: (at: number) => number): number | undefined {
  return at === undefined || !Number.isFinite(at) ? undefined : round(at)
}

function bytesOf(stored: StoredDocument): Buffer {
  return stored.bytes('bytes') ?? Buffer.alloc(0)
}

function scopeOf({ tokens, from, to }: IndexQuery): string {
  const what = canonicalJson({ tokens: tokens.toSorted(), from, to })
  return createHash('sha256').update(what).digest('base64url')
}
