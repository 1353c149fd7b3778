import type { Store } from '../../../functions/open-store.ts'
import { registered } from '../../../shared/adapters/registers/registered.ts'
import type { KeptEntry } from '../../../shared/recording/entry-store.ts'
import { memoryRegisters } from '../../support/memory-registers.ts'
import { memorySearchIndex } from '../../support/memory-search-index.ts'

/** The least a store can cost: what is created is kept in maps, and nothing checks it. */
export function heapStore(): Store {
  const entries = new Map<string, KeptEntry>()
  const jobs = new Map<string, Parameters<Store['jobs']['claim']>[0]>()
  return {
    entries: {
      async create(stored) {
        const existing = entries.get(stored.entry.id)
        if (existing !== undefined) return { existing }
        entries.set(stored.entry.id, { ...stored, committedAt: entries.size })
        return 'created'
      },
      get: async (id) => entries.get(id),
      list: unused,
      committed: unused,
    },
    jobs: {
      async claim(job) {
        const key = `${job.projectId} ${job.jobId}`
        const existing = jobs.get(key)
        if (existing !== undefined) return { existing }
        jobs.set(key, job)
        return 'claimed'
      },
      find: async (projectId, jobId) => jobs.get(`${projectId} ${jobId}`),
      list: unused,
      linkResultTable: unused,
      findByResultTable: unused,
    },
    removeEntries: unused,
    ...registered(memoryRegisters()),
    search: memorySearchIndex(),
    close: () => {},
  }
}

const unused = (): Promise<never> => Promise.reject(new Error('nothing here asks for this'))
