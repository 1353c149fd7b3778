import type { DatabaseSync } from 'node:sqlite'

import type { Clock } from '../../kernel/clock.ts'
import type { Registers } from '../registers/registers.ts'
import { blob, integer, text } from './row.ts'

const DAY_MS = 86_400_000

/** `Registers` on an open database; what has expired by `clock` is deleted when something is written. */
export function sqliteRegisters(database: DatabaseSync, clock: Clock): Registers {
  const select = database.prepare(
    'SELECT version, bytes FROM registers WHERE collection = ? AND key = ?',
  )
  const insert = database.prepare(`
    INSERT INTO registers (bytes, expires_at, listed_in, listed_at, collection, key, version)
    VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING`)
  const update = database.prepare(`
    UPDATE registers
    SET version = version + 1, bytes = ?, expires_at = ?, listed_in = ?, listed_at = ?
    WHERE collection = ? AND key = ? AND version = ?`)
  const page = database.prepare(`
    SELECT key FROM registers
    WHERE collection = ? AND listed_in = ? AND (listed_at, key) > (?, ?)
    ORDER BY listed_at, key LIMIT ?`)
  const forget = database.prepare('DELETE FROM registers WHERE expires_at < ?')

  return {
    async read(collection, key) {
      const row = select.get(collection, key)
      return row && { bytes: blob(row, 'bytes'), version: String(integer(row, 'version')) }
    },
    async write(collection, key, bytes, { version, expiresAt = null, listed, destroys }) {
      const group = listed?.group ?? null
      const values = [bytes, expiresAt, group, listed?.at ?? null, collection, key]
      const { changes } =
        version === undefined ? insert.run(...values) : update.run(...values, Number(version))
      // What has expired by the clock; and by the time of what is written, wherever that is behind.
      if (expiresAt !== null) forget.run(Math.min(clock(), expiresAt - 2 * DAY_MS))
      if (changes === 1 && destroys === true) truncateJournal(database)
      return changes === 1
    },
    async list(collection, group, limit, after) {
      const rows = page.all(
        collection,
        group,
        after?.at ?? Number.MIN_SAFE_INTEGER,
        after?.key ?? '',
        limit,
      )
      return rows.map((row) => text(row, 'key'))
    },
  }
}

/** The journal holds pages as they were; in the file itself `secure_delete` overwrites what was deleted. */
function truncateJournal(database: DatabaseSync): void {
  const busy = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy']
  if (busy !== 0) throw new Error('others keep the journal of the store open')
}
