import { randomUUID } from 'node:crypto'

import { v1 } from '@google-cloud/firestore'
import { credentials } from '@grpc/grpc-js'
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
const [servicePath = '', port = ''] = 'host' in emulator ? emulator.host.split(':') : []

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
  const connect = async () =>
    new v1.FirestoreClient({
      projectId,
      servicePath,
      port: Number(port),
      sslCreds: credentials.createInsecure(),
    })
  return firestoreStore({ projectId, entriesDatabaseId, operationsDatabaseId, connect })
}
