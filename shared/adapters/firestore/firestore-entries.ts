import { canonicalJson } from '../../kernel/canonical-json.ts'
import { ok } from '../../kernel/result.ts'
import type { EntryQuery, EntryStore, KeptEntry, RawEntry } from '../../recording/entry-store.ts'
import { sessionOf } from '../../recording/entry.ts'
import { decodeEntry } from '../decode-entry.ts'
import { isKeepable, packPayload, unpackPayload } from '../entry-payload.ts'
import { isSame } from '../is-same.ts'
import { listCursor, parseListCursor } from '../list-cursor.ts'
import type { Documents, StoredDocument } from './documents.ts'
import { queryShapes } from './indexes.ts'

const COLLECTION = { database: 'entries', collection: 'entries' } as const

/** Entry ids as they are: what is not one must not become a path to another document. */
const ENTRY_ID = /^[a-z0-9~-]{1,200}$/

const SHARDS = [0, 1, 2, 3, 4, 5, 6, 7] as const

/**
 * `EntryStore` in Firestore. A document holds the entry's bytes (`bytes`, or `deflated` when they are
 * many) and what queries need; only the bytes are believed.
 */
export function firestoreEntries(documents: Documents): EntryStore {
  async function get(id: string): Promise<KeptEntry | undefined> {
    const document = ENTRY_ID.test(id) ? await documents.get(COLLECTION, id) : undefined
    return document === undefined ? undefined : decode(document)
  }

  return {
    async create(stored) {
      const { id, call, at } = stored.entry
      if (!ENTRY_ID.test(id)) throw new TypeError(`not an entry id \`${id}\``)
      const payload = packPayload(stored.bytes)
      if (payload === undefined || !isKeepable(stored)) return 'too-large'
      const fields = {
        call,
        session: sessionOf(stored.entry),
        shard: Number.parseInt(stored.hash.slice(0, 2), 16) % SHARDS.length,
        at,
        [payload.encoding === 'plain' ? 'bytes' : 'deflated']: payload.bytes,
        stamp: canonicalJson(stored.stamp.stamp),
        signature: stored.stamp.signature,
        ciphertext: stored.ciphertext,
      }
      const created = await documents.create(COLLECTION, id, fields, 'committed')
      if (created === 'created') return 'created'
      const existing = await get(id)
      if (existing === undefined) throw new Error(`neither created nor found \`${id}\``)
      return isSame(existing, stored) ? 'created' : { existing }
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

    async committed({ at, after }, limit) {
      const found = await documents.page({
        shape: queryShapes.entriesByCommit,
        values: SHARDS,
        after:
          after === undefined
            ? { at, tieBreak: undefined, inclusive: true }
            : { at, tieBreak: after },
        limit,
      })
      return found.map(rawEntry)
    },
  }
}

function filterOf({ call, session }: EntryQuery) {
  if (call !== undefined) return { shape: queryShapes.entriesByCall, values: [call] }
  if (session !== undefined) return { shape: queryShapes.entriesBySession, values: [session] }
  return { shape: queryShapes.entriesByShard, values: SHARDS }
}

function decode(document: StoredDocument): KeptEntry {
  return decodeEntry(rawEntry(document))
}

function rawEntry(document: StoredDocument): RawEntry {
  const committedAt = document.time('committed')
  if (committedAt === undefined) throw new Error(`a document without time \`${document.id}\``)
  return {
    id: document.id,
    committedAt,
    bytes: bytesOf(document),
    stamp: document.text('stamp') ?? '',
    signature: document.bytes('signature') ?? Buffer.alloc(0),
    ciphertext: document.bytes('ciphertext'),
  }
}

/** What is no entry is read as what it is: the sealer says so on the record. */
function bytesOf(document: StoredDocument): Buffer {
  const plain = document.bytes('bytes')
  const deflated = document.bytes('deflated')
  if (plain !== undefined || deflated === undefined) return plain ?? Buffer.alloc(0)
  try {
    return unpackPayload({ encoding: 'deflate', bytes: deflated })
  } catch {
    return deflated
  }
}
