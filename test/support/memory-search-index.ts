import { isDeepStrictEqual } from 'node:util'

import { listCursor, parseListCursor } from '../../shared/adapters/list-cursor.ts'
import { ok } from '../../shared/kernel/result.ts'
import type { SearchDocument } from '../../shared/recording/search/search-document.ts'
import type {
  IndexQuery,
  IndexedDocument,
  IndexedUpTo,
  SearchIndex,
} from '../../shared/recording/search/search-index.ts'

/** A `SearchIndex` in memory, with everything that is in it. */
export interface MemorySearchIndex extends SearchIndex {
  readonly indexed: ReadonlyMap<string, IndexedDocument>
}

export function memorySearchIndex(): MemorySearchIndex {
  const indexed = new Map<string, IndexedDocument>()
  let place: IndexedUpTo | undefined
  const found = ({ tokens, from = -Infinity, to = Infinity }: IndexQuery): SearchDocument[] => {
    if (tokens.length === 0) throw new RangeError('a search without tokens')
    return [...indexed.values()]
      .filter(
        (each) =>
          each.document.at >= from &&
          each.document.at < to &&
          tokens.every((token) => each.tokens.includes(token)),
      )
      .map(({ document }) => document)
      .toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  }
  return {
    indexed,
    upTo: async () => place,
    async put(documents, { expected, next }) {
      if (!isDeepStrictEqual(place, expected)) return false
      for (const each of documents) indexed.set(each.document.id, structuredClone(each))
      place = next
      return true
    },
    get: async (id) => indexed.get(id)?.document,
    async find({ limit, before, ...query }) {
      const scope = { query: JSON.stringify(query) }
      const end = parseListCursor(scope, before)
      if (!end.ok) return end
      const position = end.value
      const rest = found(query).filter(
        ({ at, id }) =>
          position === undefined || at < position.at || (at === position.at && id < position.id),
      )
      const documents = rest.slice(0, limit)
      const last = documents.at(-1)
      return ok({
        documents,
        before: rest.length > limit && last !== undefined ? listCursor(scope, last) : undefined,
      })
    },
    count: async (query, atMost) => Math.min(found(query).length, atMost),
    async remove(ids) {
      for (const id of ids) indexed.delete(id)
      place = place && { ...place, turn: place.turn + 1 }
    },
  }
}
