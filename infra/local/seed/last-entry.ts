import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { sqliteStore } from '../../../shared/adapters/sqlite/sqlite-store.ts'

/** When the newest entry of the record in this state folder was made; undefined where there is none. Throws when it cannot be read. */
export async function lastEntryAt(state: string): Promise<number | undefined> {
  const file = join(state, 'record.sqlite')
  if (!existsSync(file)) return undefined
  const store = sqliteStore(file)
  try {
    const page = await store.entries.list({ limit: 1 })
    return page.ok ? page.value.entries[0]?.entry.at : undefined
  } finally {
    store.close()
  }
}
