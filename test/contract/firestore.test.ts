import { randomUUID } from 'node:crypto'

import { Firestore, Timestamp } from '@google-cloud/firestore'
import { describe, expect, test } from 'vitest'

import {
  type FirestoreStore,
  firestoreStore,
} from '../../shared/adapters/firestore/firestore-store.ts'
import { firestoreEmulator } from '../support/firestore-emulator.ts'
import { sampleJob, sampleRequest } from '../support/sample-entries.ts'
import { entryRemovalContract } from './entry-removal.ts'
import { entryStoreContract } from './entry-store.ts'
import { grantsContract } from './grants.ts'
import { jobsContract } from './jobs.ts'
import { peopleSeenContract } from './people-seen.ts'
import { recordRegistersContract } from './record-registers.ts'
import { recordSecretsContract } from './record-secrets.ts'
import { registeredContract } from './registered.ts'
import { searchExactlyContract } from './search-exactly.ts'
import { searchIndexContract } from './search-index.ts'
import { searchRetentionContract } from './search-retention.ts'
import { slackMessagesContract } from './slack-messages.ts'

const emulator = await firestoreEmulator()
const why = 'missing' in emulator ? `: ${emulator.missing}` : ''
const host = 'host' in emulator ? emulator.host : ''

if (why !== '') console.warn(`the contract of the store was not tried on Firestore${why}`)

const openSearch = async () => {
  const { search, close } = open(newProject())
  return { port: search, close }
}

describe.skipIf('missing' in emulator)(`firestore${why}`, () => {
  entryStoreContract(async () => {
    const { entries, close } = open(newProject())
    return { port: entries, close }
  })
  jobsContract(async () => {
    const { jobs, close } = open(newProject())
    return { port: jobs, close }
  })

  registeredContract(async () => {
    const store = open(newProject())
    return { port: store, close: store.close }
  })

  grantsContract(async () => {
    const { grants, close } = open(newProject())
    return { port: grants, close }
  })
  peopleSeenContract(async () => {
    const store = open(newProject())
    return { port: store, close: store.close }
  })
  entryRemovalContract(async () => {
    const store = open(newProject())
    return { port: store, close: store.close }
  })
  recordRegistersContract(async () => {
    const store = open(newProject())
    return { port: store.registers, close: store.close }
  })
  recordSecretsContract(async () => {
    const store = open(newProject())
    return { port: store.registers, close: store.close }
  })
  searchIndexContract(openSearch)
  searchExactlyContract(openSearch, [7])
  searchRetentionContract(async () => {
    const store = open(newProject())
    return { port: store, close: store.close }
  })
  slackMessagesContract(async () => {
    const store = open(newProject())
    return { port: store, close: store.close }
  })

  test('entries and operations are in databases of their own', async () => {
    const projectId = newProject()
    const store = open(projectId, 'record', 'work')
    const swapped = open(projectId, 'work', 'record')
    const stored = sampleRequest()
    await store.entries.create(stored)
    await store.jobs.claim(sampleJob())
    await expect(store.entries.get(stored.entry.id)).resolves.toBeDefined()
    await expect(store.jobs.find('acme', 'job_1')).resolves.toBeDefined()
    await expect(swapped.entries.get(stored.entry.id)).resolves.toBeUndefined()
    await expect(swapped.jobs.find('acme', 'job_1')).resolves.toBeUndefined()
    await store.close()
    await swapped.close()
  })

  test("what is written is what Google's own client reads", async () => {
    const projectId = newProject()
    const store = open(projectId)
    const google = new Firestore({ projectId, databaseId: 'entries', host, ssl: false })
    const stored = sampleRequest()
    await store.entries.create(stored)
    const read = await google.collection('entries').doc(stored.entry.id).get()
    expect(read.data()).toMatchObject({
      bytes: stored.bytes,
      call: stored.entry.call,
      at: stored.entry.at,
      signature: stored.stamp.signature,
      committed: expect.any(Timestamp),
    })
    await google.terminate()
    await store.close()
  })
})

/** A project that nobody else has, so that one emulator serves all tests. */
function newProject(): string {
  return `test-${randomUUID().slice(0, 18)}`
}

function open(
  projectId: string,
  entriesDatabaseId = 'entries',
  operationsDatabaseId = 'operations',
): FirestoreStore {
  return firestoreStore({
    projectId,
    entriesDatabaseId,
    operationsDatabaseId,
    emulator: host,
    clock: Date.now,
  })
}
