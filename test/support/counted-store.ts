import type { Store } from '../../functions/open-store.ts'
import { registered } from '../../shared/adapters/registers/registered.ts'

/** What was written, each thing once, however often it was tried: entries by type, jobs, registers by collection. */
export interface Writes {
  readonly entries: ReadonlyMap<string, ReadonlySet<string>>
  readonly others: ReadonlyMap<string, number>
}

/** The same store; what is written to it is counted. */
export function countedStore(store: Store): { readonly store: Store; readonly writes: Writes } {
  const entries = new Map<string, Set<string>>()
  const others = new Map<string, number>()
  const more = (what: string) => others.set(what, (others.get(what) ?? 0) + 1)
  const registers: Store['registers'] = {
    ...store.registers,
    write: (collection, ...rest) => {
      more(collection)
      return store.registers.write(collection, ...rest)
    },
  }
  return {
    writes: { entries, others },
    store: {
      ...store,
      ...registered(registers),
      entries: {
        ...store.entries,
        create: (stored) => {
          const { entry, stamp } = stored
          const stamps = entries.get(entry.type) ?? new Set()
          // The same stamp again is the same commit, of which the store did not say whether it landed.
          entries.set(entry.type, stamps.add(`${stamp.stamp.writer}/${stamp.stamp.number}`))
          return store.entries.create(stored)
        },
      },
      jobs: {
        ...store.jobs,
        claim: (job) => {
          more('jobs')
          return store.jobs.claim(job)
        },
        linkResultTable: (...of) => {
          more('result tables')
          return store.jobs.linkResultTable(...of)
        },
      },
    },
  }
}
