import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

import { canonicalJson } from '../../kernel/canonical-json.ts'
import { ok } from '../../kernel/result.ts'
import type {
  IndexQuery,
  IndexedDocument,
  SearchIndex,
} from '../../recording/search/search-index.ts'
import { decodeIndexedUpTo, encodeIndexedUpTo } from '../indexed-up-to.ts'
import { listCursor, parseListCursor } from '../list-cursor.ts'
import { decodeSearchDocument, encodeSearchDocument } from '../search-document-codec.ts'
import { searchTerms } from '../search-terms.ts'
import { type Row, blob, integer, text } from './row.ts'
import { END_OF_ROWS, firstRow, rowsFor } from './search-row.ts'

/** `SearchIndex` on an open database: FTS5 finds rows, whose numbers are in the order of time. */
export function sqliteSearch(database: DatabaseSync): SearchIndex {
  const termsOf = searchTerms()
  const place = database.prepare('SELECT place FROM search_place')
  const move = database.prepare('INSERT OR REPLACE INTO search_place (one, place) VALUES (1, ?)')
  const rowOf = database.prepare('SELECT row FROM search_documents WHERE id = ?')
  rowOf.setReadBigInts(true)
  const taken = database.prepare('SELECT id FROM search_documents WHERE row = ?')
  const one = database.prepare('SELECT document FROM search_documents WHERE id = ?')
  const insert = database.prepare(
    'INSERT INTO search_documents (row, id, document) VALUES (?, ?, ?)',
  )
  const insertTerms = database.prepare('INSERT INTO search_terms (rowid, terms) VALUES (?, ?)')
  const drop = database.prepare('DELETE FROM search_documents WHERE row = ?')
  const dropTerms = database.prepare('DELETE FROM search_terms WHERE rowid = ?')
  const found = database.prepare(`
    SELECT row, document FROM (
      SELECT rowid AS found FROM search_terms
      WHERE search_terms MATCH :terms AND rowid >= :from AND rowid < :to
      ORDER BY rowid DESC LIMIT :limit
    ) CROSS JOIN search_documents ON row = found ORDER BY found DESC`)
  found.setReadBigInts(true)
  const counted = database.prepare(`
    SELECT count(*) AS documents FROM (
      SELECT 1 FROM search_terms
      WHERE search_terms MATCH :terms AND rowid >= :from AND rowid < :to LIMIT :limit
    )`)

  const removeOne = (id: string): bigint | undefined => {
    const row = rowOf.get(id)
    if (row === undefined) return undefined
    const number = rowNumber(row)
    drop.run(number)
    dropTerms.run(number)
    return number
  }
  const putOne = ({ document, tokens }: IndexedDocument): void => {
    removeOne(document.id)
    for (const row of rowsFor(document.at, document.id)) {
      if (taken.get(row) !== undefined) continue
      insert.run(row, document.id, encodeSearchDocument(document))
      insertTerms.run(row, termsOf(tokens))
      return
    }
    throw new Error('too many documents of one instant')
  }
  const upTo = () => {
    const row = place.get()
    return row === undefined ? undefined : decodeIndexedUpTo(text(row, 'place'))
  }

  return {
    upTo: async () => upTo(),

    put: async (documents, { expected, next }) =>
      inTransaction(database, () => {
        const now = upTo()
        const isExpected =
          now === undefined || expected === undefined
            ? now === expected
            : encodeIndexedUpTo(now) === encodeIndexedUpTo(expected)
        if (!isExpected) return false
        // In the order of rows FTS5 writes them at once.
        for (const each of documents.toSorted((a, b) => a.document.at - b.document.at)) putOne(each)
        move.run(encodeIndexedUpTo(next))
        return true
      }),

    async get(id) {
      const row = one.get(id)
      return row === undefined ? undefined : decodeSearchDocument(blob(row, 'document'))
    },

    async find({ limit, before, ...query }) {
      const scope = { search: scopeOf(query) }
      const end = parseListCursor(scope, before)
      if (!end.ok) return end
      const range = { ...rangeOf(query), terms: termsOf(query.tokens) }
      const rows = found.all({
        ...range,
        to: end.value === undefined ? range.to : BigInt(end.value.id),
        limit: limit + 1,
      })
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      const documents = shown.map((row) => decodeSearchDocument(blob(row, 'document')))
      const at = documents.at(-1)?.at
      return ok({
        documents,
        before:
          rows.length > limit && last !== undefined && at !== undefined
            ? listCursor(scope, { at, id: String(rowNumber(last)) })
            : undefined,
      })
    },

    count: async (query, atMost) => {
      const row = counted.get({
        ...rangeOf(query),
        terms: termsOf(query.tokens),
        limit: atMost,
      })
      return row === undefined ? 0 : integer(row, 'documents')
    },

    remove: async (ids) =>
      inTransaction(database, () => {
        for (const id of ids) removeOne(id)
        const now = upTo()
        // Whoever read entries that are gone now must not put what they made of them.
        if (now !== undefined) move.run(encodeIndexedUpTo({ ...now, turn: now.turn + 1 }))
      }),
  }
}

function rangeOf({ tokens, from, to }: IndexQuery) {
  if (tokens.length === 0) throw new RangeError('a search without tokens')
  return {
    from: from === undefined ? 0n : firstRow(from),
    to: to === undefined ? END_OF_ROWS : firstRow(to),
  }
}

function scopeOf({ tokens, from, to }: IndexQuery): string {
  const what = canonicalJson({ tokens: tokens.toSorted(), from, to })
  return createHash('sha256').update(what).digest('base64url')
}

function rowNumber(row: Row): bigint {
  const value = row['row']
  if (typeof value !== 'bigint') throw new TypeError('no row number')
  return value
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (cause) {
    database.exec('ROLLBACK')
    throw cause
  }
}
