import type { DatabaseSync } from 'node:sqlite'

import {
  MOST_REMOVED_AT_ONCE,
  type RemoveEntries,
} from '../../recording/retention/entry-removal.ts'

/** `RemoveEntries` on an open database: a trigger refuses to delete what is not named in `removals`. */
export function sqliteRemoval(database: DatabaseSync): RemoveEntries {
  const name = database.prepare('INSERT INTO removals (id) VALUES (?)')
  const remove = database.prepare('DELETE FROM entries WHERE id IN (SELECT id FROM removals)')
  const done = database.prepare('DELETE FROM removals')
  return async (ids) => {
    if (ids.length > MOST_REMOVED_AT_ONCE) throw new RangeError('too many entries at once')
    database.exec('BEGIN IMMEDIATE')
    try {
      for (const id of new Set(ids)) name.run(id)
      remove.run()
      done.run()
      database.exec('COMMIT')
    } catch (cause) {
      database.exec('ROLLBACK')
      throw cause
    }
  }
}
