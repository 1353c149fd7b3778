import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

import type { Clock } from '../../kernel/clock.ts'
import type { EntryStore } from '../../recording/entry-store.ts'
import type { Jobs } from '../../recording/job.ts'
import type { RemoveEntries } from '../../recording/retention/entry-removal.ts'
import type { SearchIndex } from '../../recording/search/search-index.ts'
import { type Registered, registered } from '../registers/registered.ts'
import { migrate } from './schema.ts'
import { sqliteEntries } from './sqlite-entries.ts'
import { sqliteJobs } from './sqlite-jobs.ts'
import { sqliteRegisters } from './sqlite-registers.ts'
import { sqliteRemoval } from './sqlite-removal.ts'
import { sqliteSearch } from './sqlite-search.ts'

/** How long a writer waits for another process, such as the CLI, to let go of the file. */
const BUSY_TIMEOUT_MS = 5_000

export interface SqliteStore extends Registered {
  readonly entries: EntryStore
  readonly jobs: Jobs
  readonly removeEntries: RemoveEntries
  readonly search: SearchIndex
  close(): void
}

/**
 * Entries, jobs and registers in one SQLite file, made on first use and readable by its owner only. Several
 * processes may share it. A write that resolved survives the loss of power.
 *
 * Throws when the file cannot be opened, is no store, or comes from a newer version.
 */
// oxlint-disable-next-line no-restricted-properties -- the database's own clock is this one
export function sqliteStore(path: string, clock: Clock = Date.now): SqliteStore {
  // SQLite gives the mode of the file to its journal as well.
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = FULL')
    database.exec('PRAGMA secure_delete = ON')
    migrate(database)
    return {
      entries: sqliteEntries(database, clock),
      jobs: sqliteJobs(database),
      removeEntries: sqliteRemoval(database),
      search: sqliteSearch(database),
      ...registered(sqliteRegisters(database, clock)),
      close: () => database.close(),
    }
  } catch (cause) {
    database.close()
    throw cause
  }
}
