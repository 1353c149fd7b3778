import type { Store } from '../../functions/open-store.ts'
import { registered } from '../../shared/adapters/registers/registered.ts'
import { removeFound } from '../../shared/recording/retention/remove-found.ts'
import type { SearchIndex } from '../../shared/recording/search/search-index.ts'

/** Documents read, written and deleted, as Firestore would bill them for what was asked of a store. */
export interface Billed {
  reads: number
  writes: number
  deletes: number
}

/**
 * The same store; what is asked of it is counted as `shared/adapters/firestore` asks it of Firestore: one write for each document,
 * one read for each that is found, and one for a query that finds none.
 */
export function billedStore(store: Store): { readonly store: Store; readonly billed: Billed } {
  const billed: Billed = { reads: 0, writes: 0, deletes: 0 }
  const wrote = (documents = 1) => void (billed.writes += documents)
  const read = (documents = 1) => void (billed.reads += Math.max(documents, 1))
  const deleted = (documents: number) => void (billed.deletes += documents)
  const { entries, jobs, search } = store

  const registers: Store['registers'] = {
    ...store.registers,
    read: (...of) => (read(), store.registers.read(...of)),
    write: (...of) => (wrote(), store.registers.write(...of)),
    list: async (...of) => {
      const found = await store.registers.list(...of)
      read(found.length)
      return found
    },
  }
  const index: SearchIndex = {
    ...search,
    upTo: () => (read(), search.upTo()),
    get: (id) => (read(), search.get(id)),
    // The place is read, and written with the documents.
    put: (documents, place) => (read(), wrote(documents.length + 1), search.put(documents, place)),
    remove: (ids) => (read(), wrote(), deleted(ids.length), search.remove(ids)),
    count: async (query, atMost) => {
      const found = await search.count(query, atMost)
      // Of one token Firestore counts itself, a thousand to a read; of several the documents are read.
      read(query.tokens.length === 1 ? Math.ceil(found / 1000) : found)
      return found
    },
  }
  return {
    billed,
    store: {
      ...store,
      ...registered(registers),
      search: index,
      removeEntries: removeFound((ids) => (deleted(ids.length), store.removeEntries(ids)), index),
      entries: {
        create: (stored) => (wrote(), entries.create(stored)),
        get: (id) => (read(), entries.get(id)),
        list: async (query) => {
          const found = await entries.list(query)
          // One more tells whether there is another page.
          read(
            found.ok ? found.value.entries.length + (found.value.before === undefined ? 0 : 1) : 0,
          )
          return found
        },
        committed: async (...of) => {
          const found = await entries.committed(...of)
          read(found.length)
          return found
        },
      },
      jobs: {
        ...jobs,
        claim: (job) => (wrote(), jobs.claim(job)),
        find: (...of) => (read(), jobs.find(...of)),
        linkResultTable: (...of) => (wrote(), jobs.linkResultTable(...of)),
        findByResultTable: (...of) => (read(), jobs.findByResultTable(...of)),
      },
    },
  }
}
