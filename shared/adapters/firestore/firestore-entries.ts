import { ok } from '../../kernel/result.ts'
import type { EntryQuery, EntryStore, StoredEntry } from '../../recording/entry-store.ts'
import { sessionOf } from '../../recording/entry.ts'
import { decodeEntry } from '../decode-entry.ts'
import { packPayload, unpackPayload } from '../entry-payload.ts'
import { listCursor, parseListCursor } from '../list-cursor.ts'
import type { Documents, StoredDocument } from './documents.ts'
import { queryShapes } from './indexes.ts'

const COLLECTION = { database: 'entries', collection: 'entries' } as const

/** Entry ids as they are: what is not one must not become a path to another document. */
const ENTRY_ID = /^[a-z0-9~]{1,200}$/

const SHARDS = [0, 1, 2, 3, 4, 5, 6, 7] as const

/**
 * `EntryStore` in Firestore. A document holds the entry's bytes (`bytes`, or `deflated` when they are
 * many) and what queries need; only the bytes are believed.
 */
export function firestoreEntries(documents: Documents): EntryStore {
  async function get(id: string): Promise<StoredEntry | undefined> {
    const document = ENTRY_ID.test(id) ? await documents.get(COLLECTION, id) : undefined
    return document === undefined ? undefined : decode(document)
  }

  return {
    async create(stored) {
      const { id, call, at } = stored.entry
      if (!ENTRY_ID.test(id)) throw new TypeError(`not an entry id \`${id}\``)
      const payload = packPayload(stored.bytes)
      if (payload === undefined) return 'too-large'
      const created = await documents.create(COLLECTION, id, {
        call,
        session: sessionOf(stored.entry),
        shard: call.charCodeAt(0) % SHARDS.length,
        at,
        [payload.encoding === 'plain' ? 'bytes' : 'deflated']: payload.bytes,
      })
      if (created === 'created') return 'created'
      const existing = await get(id)
      if (existing === undefined) throw new Error(`neither created nor found \`${id}\``)
      return existing.bytes.equals(stored.bytes) ? 'created' : { existing }
    },

    get,

    async list(query) {
      const { call, session, limit, until } = query
      const scope = { call, session, until: until?.toString() }
      const end = parseListCursor(scope, query.before)
      if (!end.ok) return end
      const found = await documents.page({
        ...filterOf(query),
        after:
          end.value !== undefined
            ? { at: end.value.at, tieBreak: end.value.id }
            : until === undefined
              ? undefined
              : { at: until, tieBreak: undefined },
        limit: limit + 1,
      })
      const entries = found.slice(0, limit).map(decode)
      const stray = entries.find(
        ({ entry }) =>
          (call !== undefined && entry.call !== call) ||
          (session !== undefined && sessionOf(entry) !== session),
      )
      if (stray !== undefined) throw new Error(`wrong index fields on \`${stray.entry.id}\``)
      const last = entries.at(-1)?.entry
      const before =
        found.length > limit && last !== undefined ? listCursor(scope, last) : undefined
      return ok({ entries, before })
    },
  }
}

function filterOf({ call, session }: EntryQuery) {
  if (call !== undefined) return { shape: queryShapes.entriesByCall, values: [call] }
  if (session !== undefined) return { shape: queryShapes.entriesBySession, values: [session] }
  return { shape: queryShapes.entriesByShard, values: SHARDS }
}

function decode(document: StoredDocument): StoredEntry {
  const plain = document.bytes('bytes')
  const deflated = document.bytes('deflated')
  if (plain !== undefined) return decodeEntry(document.id, plain)
  if (deflated === undefined) throw new Error(`a document without bytes \`${document.id}\``)
  const bytes = unpackPayload({ encoding: 'deflate', bytes: deflated })
  return decodeEntry(document.id, bytes)
}
