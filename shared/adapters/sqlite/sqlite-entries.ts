import type { DatabaseSync } from 'node:sqlite'

import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Clock } from '../../kernel/clock.ts'
import { ok } from '../../kernel/result.ts'
import type { EntryStore, KeptEntry, RawEntry } from '../../recording/entry-store.ts'
import { sessionOf } from '../../recording/entry.ts'
import { decodeEntry } from '../decode-entry.ts'
import { isKeepable } from '../entry-payload.ts'
import { isSame } from '../is-same.ts'
import { listCursor, parseListCursor } from '../list-cursor.ts'
import { type Row, blob, integer, text } from './row.ts'

/** `EntryStore` on an open database. `clock` is that of the machine, which all who share the file are on. */
export function sqliteEntries(database: DatabaseSync, clock: Clock): EntryStore {
  // No two at one time, and none before another: whoever reads in this order misses none.
  const insert = database.prepare(`
    INSERT INTO entries (id, call, session, at, bytes, stamp, signature, ciphertext, committed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?,
      max(
        ?,
        (SELECT coalesce(max(committed), 0) + 1 FROM entries)
      ))`)
  const select = database.prepare(`SELECT ${COLUMNS} FROM entries WHERE id = ?`)
  const since = database.prepare(`
    SELECT ${COLUMNS} FROM entries WHERE (committed, id) > (?, ?)
    ORDER BY committed, id LIMIT ?`)
  const pages = {
    all: database.prepare(page('TRUE')),
    call: database.prepare(page('call = :filter')),
    session: database.prepare(page('session = :filter')),
  }

  return {
    async create(stored) {
      const { entry, bytes, stamp, ciphertext } = stored
      const { id, call, at } = entry
      // The same limit as in the cloud: what works here works there.
      if (!isKeepable(stored)) return 'too-large'
      // A trigger leaves an entry that is there as it is, and this insert without effect.
      const { changes } = insert.run(
        id,
        call ?? null,
        sessionOf(entry) ?? null,
        at,
        bytes,
        canonicalJson(stamp.stamp),
        stamp.signature,
        ciphertext ?? null,
        clock() * 1000,
      )
      if (changes === 1) return 'created'
      const row = select.get(id)
      if (row === undefined) throw new Error(`neither created nor found \`${id}\``)
      const existing = decode(row)
      return isSame(existing, stored) ? 'created' : { existing }
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

    async committed({ at, after }, limit) {
      const rows =
        after === undefined ? since.all(at - 1, '~~', limit) : since.all(at, after, limit)
      return rows.map(rawEntry)
    },
  }
}

const COLUMNS = 'id, at, committed, bytes, stamp, signature, ciphertext'

function page(filter: string): string {
  return `
    SELECT ${COLUMNS} FROM entries
    WHERE ${filter} AND (at, id) < (:at, :id)
    ORDER BY at DESC, id DESC LIMIT :limit`
}

function decode(row: Row): KeptEntry {
  return decodeEntry(rawEntry(row))
}

function rawEntry(row: Row): RawEntry {
  return {
    id: text(row, 'id'),
    committedAt: integer(row, 'committed'),
    bytes: blob(row, 'bytes'),
    stamp: text(row, 'stamp'),
    signature: blob(row, 'signature'),
    ciphertext: row['ciphertext'] === null ? undefined : blob(row, 'ciphertext'),
  }
}
