import type { DatabaseSync } from 'node:sqlite'

import { ok } from '../../kernel/result.ts'
import type { EntryStore, StoredEntry } from '../../recording/entry-store.ts'
import { sessionOf } from '../../recording/entry.ts'
import { decodeEntry } from '../decode-entry.ts'
import { packPayload } from '../entry-payload.ts'
import { listCursor, parseListCursor } from '../list-cursor.ts'
import { type Row, blob, integer, text } from './row.ts'

/** `EntryStore` on an open database. */
export function sqliteEntries(database: DatabaseSync): EntryStore {
  const insert = database.prepare(
    `INSERT INTO entries (id, call, session, at, bytes) VALUES (?, ?, ?, ?, ?)`,
  )
  const select = database.prepare('SELECT id, bytes FROM entries WHERE id = ?')
  const pages = {
    all: database.prepare(page('TRUE')),
    call: database.prepare(page('call = :filter')),
    session: database.prepare(page('session = :filter')),
  }

  return {
    async create(stored) {
      const { id, call, at } = stored.entry
      // The same limit as in the cloud: what works here works there.
      if (packPayload(stored.bytes) === undefined) return 'too-large'
      // A trigger leaves an entry that is there as it is, and this insert without effect.
      const { changes } = insert.run(id, call, sessionOf(stored.entry) ?? null, at, stored.bytes)
      if (changes === 1) return 'created'
      const row = select.get(id)
      if (row === undefined) throw new Error(`neither created nor found \`${id}\``)
      const existing = decode(row)
      return existing.bytes.equals(stored.bytes) ? 'created' : { existing }
    },

    async get(id) {
      const row = select.get(id)
      return row === undefined ? undefined : decode(row)
    },

    async list({ call, session, limit, before, until }) {
      const scope = { call, session, until: until?.toString() }
      const end = parseListCursor(scope, before)
      if (!end.ok) return end
      const range = {
        at: end.value?.at ?? until ?? Number.MAX_SAFE_INTEGER,
        id: end.value?.id ?? '',
        limit: limit + 1,
      }
      const rows =
        call !== undefined
          ? pages.call.all({ ...range, filter: call })
          : session !== undefined
            ? pages.session.all({ ...range, filter: session })
            : pages.all.all(range)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return ok({
        entries: shown.map(decode),
        before:
          rows.length > limit && last !== undefined
            ? listCursor(scope, { at: integer(last, 'at'), id: text(last, 'id') })
            : undefined,
      })
    },
  }
}

function page(filter: string): string {
  return `
    SELECT id, at, bytes FROM entries
    WHERE ${filter} AND (at, id) < (:at, :id)
    ORDER BY at DESC, id DESC LIMIT :limit`
}

function decode(row: Row): StoredEntry {
  return decodeEntry(text(row, 'id'), blob(row, 'bytes'))
}
