import {
  MOST_REMOVED_AT_ONCE,
  type RemoveEntries,
} from '../../recording/retention/entry-removal.ts'
import type { Documents } from './documents.ts'

const COLLECTION = { database: 'entries', collection: 'entries' } as const
const ENTRY_ID = /^[a-z0-9~-]{1,200}$/

/**
 * `RemoveEntries` in Firestore, as one commit. Only the account that retention runs as may delete in the database of the
 * record. Firestore's own TTL is not used for entries: it knows of no hold, and of no entry that has to come first.
 */
export function firestoreRemoval(documents: Documents): RemoveEntries {
  return async (ids) => {
    if (ids.length > MOST_REMOVED_AT_ONCE) throw new RangeError('too many entries at once')
    const stray = ids.find((id) => !ENTRY_ID.test(id))
    if (stray !== undefined) throw new TypeError(`not an entry id \`${stray}\``)
    await documents.remove(COLLECTION, ids)
  }
}
