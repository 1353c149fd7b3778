import type { Result } from '../../kernel/result.ts'
import type { CursorProblem } from '../entry-store.ts'
import type { SearchDocument } from './search-document.ts'

/** A place in the record: everything committed up to it is in the index. */
export interface IndexedUpTo {
  /** Epoch microseconds, and the entry id: as `EntryStore.committed` goes on from it. */
  readonly at: number
  readonly after: string | undefined
  /** Of the documents and tokens that are in the index: what has another is made again. */
  readonly version: number
  /** Epoch microseconds: of entries committed up to then documents of another version may be there; undefined where none is. */
  readonly olderUpTo?: number | undefined
  /** How many times something was put: no two places are the same, so whoever put on an old one is told. */
  readonly turn: number
}

/** A document as it is indexed. */
export interface IndexedDocument {
  readonly document: SearchDocument
  /** All it can be found by: `tokensOf(document)`. Lower case, none twice. */
  readonly tokens: readonly string[]
}

/** What is looked for: documents that have every one of the tokens. */
export interface IndexQuery {
  /** At least one. */
  readonly tokens: readonly string[]
  /** Epoch milliseconds, from (inclusive) to (exclusive). */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** A page of what was found, newest first; what began in one instant is in an order that stays, each store's own. */
export interface IndexPage {
  readonly documents: readonly SearchDocument[]
  /** Opaque; undefined on the last page. A page may be short of `limit`, even empty, and have one. */
  readonly before: string | undefined
}

/**
 * Port. A derived index over the record. Documents replace those of the same id.
 *
 * `put` resolves once documents and place are durable together; it does nothing and resolves `false` when the place
 * is no longer `expected`: another indexer was faster. Everything rejects when the store cannot be reached.
 */
export interface SearchIndex {
  readonly upTo: () => Promise<IndexedUpTo | undefined>
  readonly put: (
    documents: readonly IndexedDocument[],
    place: { readonly expected: IndexedUpTo | undefined; readonly next: IndexedUpTo },
  ) => Promise<boolean>
  readonly get: (id: string) => Promise<SearchDocument | undefined>
  readonly find: (
    query: IndexQuery & { readonly limit: number; readonly before?: string | undefined },
  ) => Promise<Result<IndexPage, CursorProblem>>
  /** How many there are, counted no further than `atMost`. */
  readonly count: (query: IndexQuery, atMost: number) => Promise<number>
  /** Also makes every `put` fail that expects the place of before: it may be of entries that are gone. */
  readonly remove: (ids: readonly string[]) => Promise<void>
}
