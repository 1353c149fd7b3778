import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe } from 'vitest'

import { type SqliteStore, sqliteStore } from '../../shared/adapters/sqlite/sqlite-store.ts'
import type { SharedStore } from '../support/approval-office.ts'
import { approvalChances } from './approval-chances.ts'
import { approvalCrashes } from './approval-crashes.ts'
import { approvalRaces } from './approval-races.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-races-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0

describe('approvals on SQLite', () => {
  approvalChances(open, 12)
  approvalRaces(open, 10)
  approvalCrashes(open, { kinds: [['crash', 'lost']] })
})

/** A file, and a connection of its own for each instance. */
async function open(): Promise<SharedStore> {
  const path = join(folder, `store-${(files += 1)}.db`)
  const connections: SqliteStore[] = []
  return {
    connect: async () => {
      const store = sqliteStore(path)
      connections.push(store)
      return store
    },
    close: () => connections.forEach((store) => store.close()),
  }
}
