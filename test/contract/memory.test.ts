import { describe, expect, test } from 'vitest'

import { registered } from '../../shared/adapters/registers/registered.ts'
import { memoryRegisters } from '../support/memory-registers.ts'
import { memorySearchIndex } from '../support/memory-search-index.ts'
import { memoryStore } from '../support/memory-store.ts'
import { sampleRequest } from '../support/sample-entries.ts'
import { entryStoreContract } from './entry-store.ts'
import { grantsContract } from './grants.ts'
import { jobsContract } from './jobs.ts'
import { peopleSeenContract } from './people-seen.ts'
import { recordRegistersContract } from './record-registers.ts'
import { recordSecretsContract } from './record-secrets.ts'
import { searchExactlyContract } from './search-exactly.ts'
import { searchIndexContract } from './search-index.ts'
import { slackMessagesContract } from './slack-messages.ts'

const close = () => {}

describe('memory', () => {
  entryStoreContract(async () => ({ port: memoryStore().entries, close }))
  jobsContract(async () => ({ port: memoryStore().jobs, close }))
  grantsContract(async () => ({ port: registered(memoryRegisters()).grants, close }))
  peopleSeenContract(async () => ({ port: registered(memoryRegisters()), close }))
  recordRegistersContract(async () => ({ port: memoryRegisters(), close }))
  recordSecretsContract(async () => ({ port: memoryRegisters(), close }))
  searchIndexContract(async () => ({ port: memorySearchIndex(), close }))
  searchExactlyContract(async () => ({ port: memorySearchIndex(), close }), [1, 7, 100])
  slackMessagesContract(async () => ({ port: registered(memoryRegisters()), close }))

  test('fails before or after it persists, as often as asked', async () => {
    const store = memoryStore()
    const stored = sampleRequest()
    store.failNext('before')
    await expect(store.entries.create(stored)).rejects.toThrow('before it persisted')
    expect(store.stored()).toEqual([])
    store.failNext('after', { type: 'request', times: 2 })
    await expect(store.entries.create(stored)).rejects.toThrow('after it persisted')
    expect(store.stored()).toMatchObject([{ hash: stored.hash, stamp: stored.stamp }])
    await expect(store.entries.create(stored)).rejects.toThrow('after it persisted')
    await expect(store.entries.create(stored)).resolves.toBe('created')
    expect(store.calls.create).toBe(4)
  })

  test('faults of one operation or type leave the others alone', async () => {
    const store = memoryStore()
    store.failNext('before', { type: 'outcome', times: Infinity })
    store.failNext('before', { operation: 'get', times: Infinity })
    await expect(store.entries.create(sampleRequest())).resolves.toBe('created')
    await expect(store.entries.get('x')).rejects.toThrow('get failed')
    store.recover()
    await expect(store.entries.get('x')).resolves.toBeUndefined()
  })
})
