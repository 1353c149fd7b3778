import { randomUUID } from 'node:crypto'

import { describe } from 'vitest'

import {
  type FirestoreStore,
  firestoreStore,
} from '../../shared/adapters/firestore/firestore-store.ts'
import type { SharedStore } from '../support/approval-office.ts'
import { firestoreEmulator } from '../support/firestore-emulator.ts'
import { approvalChances } from './approval-chances.ts'
import { approvalCrashes } from './approval-crashes.ts'
import { approvalRaces } from './approval-races.ts'

const emulator = await firestoreEmulator()
const why = 'missing' in emulator ? `: ${emulator.missing}` : ''
const host = 'host' in emulator ? emulator.host : ''

if (why !== '') console.warn(`races over approvals were not tried on Firestore${why}`)

describe.skipIf('missing' in emulator)(`approvals on Firestore${why}`, () => {
  approvalChances(open, 4)
  approvalRaces(open, 2)
  approvalCrashes(open, {
    kinds: [['crash', 'lost']],
    scenarios: ['it is revoked while it runs'],
  })
})

/** A project that nobody else has, and a client of its own for each instance. */
async function open(): Promise<SharedStore> {
  const projectId = `races-${randomUUID().slice(0, 18)}`
  const stores: FirestoreStore[] = []
  return {
    connect: async () => {
      const store = firestoreStore({
        projectId,
        entriesDatabaseId: 'entries',
        operationsDatabaseId: 'operations',
        emulator: host,
        clock: Date.now,
      })
      stores.push(store)
      return store
    },
    close: async () => void (await Promise.all(stores.map((store) => store.close()))),
  }
}
