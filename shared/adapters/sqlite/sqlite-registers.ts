import type { DatabaseSync } from 'node:sqlite'

import type { Registers } from '../registers/registers.ts'
import { blob, integer } from './row.ts'

/** `Registers` on an open database. */
export function sqliteRegisters(database: DatabaseSync): Registers {
  const select = database.prepare(
    'SELECT version, bytes FROM registers WHERE collection = ? AND key = ?',
  )
  const insert = database.prepare(`
    INSERT INTO registers (collection, key, version, bytes, expires_at) VALUES (?, ?, 1, ?, ?)
    ON CONFLICT DO NOTHING`)
  const update = database.prepare(`
    UPDATE registers SET version = version + 1, bytes = ?, expires_at = ?
    WHERE collection = ? AND key = ? AND version = ?`)
  const forget = database.prepare('DELETE FROM registers WHERE expires_at < ?')

  return {
    async read(collection, key) {
      const row = select.get(collection, key)
      return row && { bytes: blob(row, 'bytes'), version: String(integer(row, 'version')) }
    },
    async write(collection, key, bytes, { version, expiresAt = null }) {
      const { changes } =
        version === undefined
          ? insert.run(collection, key, bytes, expiresAt)
          : update.run(bytes, expiresAt, collection, key, Number(version))
      // Two days after `at`, so nothing of today goes.
      if (expiresAt !== null) forget.run(expiresAt - 2 * 86_400_000)
      return changes === 1
    },
  }
}
