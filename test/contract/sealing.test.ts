import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe } from 'vitest'

import {
  type FirestoreStore,
  firestoreStore,
} from '../../shared/adapters/firestore/firestore-store.ts'
import { sqliteStore } from '../../shared/adapters/sqlite/sqlite-store.ts'
import { firestoreEmulator } from '../support/firestore-emulator.ts'
import { memoryRegisters } from '../support/memory-registers.ts'
import { logStateContract } from './log-state.ts'
import { sealingContract } from './sealing.ts'

const emulator = await firestoreEmulator()
const why = 'missing' in emulator ? `: ${emulator.missing}` : ''
const host = 'host' in emulator ? emulator.host : ''

if (why !== '') console.warn(`what sealers share was not tried on Firestore${why}`)

describe('memory', () => {
  logStateContract(async () => ({ port: memoryRegisters(), close: () => {} }))
})

describe('sqlite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-log-state-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  logStateContract(async () => {
    const { registers, close } = sqliteStore(join(folder, 'state.db'))
    return { port: registers, close }
  })
  sealingContract(async () => {
    const store = sqliteStore(join(folder, 'sealed.db'))
    return { port: store, close: store.close }
  })
})

describe.skipIf('missing' in emulator)(`firestore${why}`, () => {
  logStateContract(async () => {
    const { registers, close } = openFirestore()
    return { port: registers, close }
  })
  sealingContract(async () => {
    // Google's emulator loses what is written to two databases of a project at once.
    const store = openFirestore('operations')
    return { port: store, close: store.close }
  })
})

/** In a project that nobody else has. */
function openFirestore(entriesDatabaseId = 'entries'): FirestoreStore {
  const projectId = `state-${randomUUID().slice(0, 18)}`
  return firestoreStore({
    projectId,
    entriesDatabaseId,
    operationsDatabaseId: 'operations',
    emulator: host,
    clock: Date.now,
  })
}
