import { firestoreStore } from '../shared/adapters/firestore/firestore-store.ts'
import type { Registered } from '../shared/adapters/registers/registered.ts'
import { sqliteStore } from '../shared/adapters/sqlite/sqlite-store.ts'
import type { EntryStore } from '../shared/recording/entry-store.ts'
import type { Jobs } from '../shared/recording/job.ts'
import type { RemoveEntries } from '../shared/recording/retention/entry-removal.ts'
import { removeFound } from '../shared/recording/retention/remove-found.ts'
import type { SearchIndex } from '../shared/recording/search/search-index.ts'
import type { StoreSettings } from './settings.ts'

/** Where the record and the jobs are kept. */
export interface Store extends Registered {
  readonly entries: EntryStore
  readonly jobs: Jobs
  readonly removeEntries: RemoveEntries
  readonly search: SearchIndex
  close(): Promise<void> | void
}

/** Opens what the settings name; what is removed from it is not found any more. Throws as the adapter does. */
export function openStore(settings: StoreSettings): Store {
  const store = opened(settings)
  return { ...store, removeEntries: removeFound(store.removeEntries, store.search) }
}

function opened(settings: StoreSettings): Store {
  if (settings.kind === 'sqlite') return sqliteStore(settings.path)
  return firestoreStore({
    projectId: settings.projectId,
    entriesDatabaseId: settings.entries,
    operationsDatabaseId: settings.operations,
    emulator: settings.emulator,
    clock: Date.now,
  })
}
