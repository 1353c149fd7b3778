import { afterEach, expect, test, vi } from 'vitest'

import { FirestoreError } from '../../../shared/adapters/firestore/firestore-error.ts'
import { firestoreStore } from '../../../shared/adapters/firestore/firestore-store.ts'
import { canonicalJson } from '../../../shared/kernel/canonical-json.ts'
import type { StoredEntry } from '../../../shared/recording/entry-store.ts'
import { fakeFirestore } from '../../support/fake-firestore.ts'
import { sampleCallId, sampleJob, sampleRequest } from '../../support/sample-entries.ts'

afterEach(() => void vi.useRealTimers())

function world() {
  const fake = fakeFirestore()
  const store = firestoreStore({
    projectId: 'acme',
    entriesDatabaseId: 'record',
    operationsDatabaseId: 'work',
    client: fake.client,
    clock: Date.now,
  })
  return { fake, store }
}

test('a write is one commit of one document that must not exist', async () => {
  const { fake, store } = world()
  const stored = sampleRequest()
  await store.entries.create(stored)
  const name = `projects/acme/databases/record/documents/entries/${stored.entry.id}`
  expect(fake.commits).toEqual([
    {
      database: 'projects/acme/databases/record',
      writes: [
        {
          update: {
            name,
            fields: expect.objectContaining({
              bytes: { bytesValue: stored.bytes.toString('base64') },
              at: { integerValue: String(stored.entry.at) },
            }),
          },
          currentDocument: { exists: false },
          updateTransforms: [{ fieldPath: 'committed', setToServerValue: 'REQUEST_TIME' }],
        },
      ],
    },
  ])
})

test('a store that is down rejects at once, after one RPC', async () => {
  const { fake, store } = world()
  fake.answer.commit = async () => {
    throw new FirestoreError('UNAVAILABLE')
  }
  await expect(store.entries.create(sampleRequest())).rejects.toThrow('UNAVAILABLE')
  await expect(store.jobs.claim(sampleJob())).rejects.toThrow('UNAVAILABLE')
  expect(fake.commits).toHaveLength(2)
})

test('a client that hangs is given up on', async () => {
  vi.useFakeTimers()
  const { fake, store } = world()
  fake.answer.commit = () => new Promise(() => {})
  const created = store.entries.create(sampleRequest()).catch(String)
  await vi.advanceTimersByTimeAsync(6_000)
  await expect(created).resolves.toContain('no answer')
  expect(vi.getTimerCount()).toBe(0)
})

test('an entry that exists, then does not, is no success', async () => {
  const { fake, store } = world()
  fake.answer.commit = async () => {
    throw new FirestoreError('ALREADY_EXISTS')
  }
  await expect(store.entries.create(sampleRequest())).rejects.toThrow('neither created nor found')
  await expect(store.jobs.claim(sampleJob())).rejects.toThrow('neither claimed nor found')
})

test('a commit that timed out but landed is found to have landed', async () => {
  const { fake, store } = world()
  const stored = sampleRequest()
  fake.answer.commit = async () => {
    throw new FirestoreError('ALREADY_EXISTS')
  }
  fake.answer.get = async () => ({
    name: `x/entries/${stored.entry.id}`,
    fields: fieldsOf(stored),
  })
  await expect(store.entries.create(stored)).resolves.toBe('created')
  const other = sampleRequest({ sql: 'SELECT 2' })
  await expect(store.entries.create(other)).resolves.toMatchObject({
    existing: { hash: stored.hash },
  })
})

test('index fields that lie are not believed', async () => {
  const { fake, store } = world()
  const stored = sampleRequest()
  const { entry } = stored
  fake.answer.query = async () => [{ name: `x/entries/${entry.id}`, fields: fieldsOf(stored) }]
  const other = { call: sampleCallId(2), limit: 1 }
  await expect(store.entries.list(other)).rejects.toThrow('wrong index fields')
  await expect(store.entries.list({ session: 'x', limit: 1 })).rejects.toThrow('wrong index fields')
  await expect(store.entries.list({ call: entry.call ?? '', limit: 1 })).resolves.toMatchObject({
    ok: true,
  })
})

test('an id that is none reads and writes nothing', async () => {
  const { fake, store } = world()
  for (const id of ['', '.', '..', '../jobs/x', 'a/b', '__x__', 'ü']) {
    await expect(store.entries.get(id)).resolves.toBeUndefined()
    await expect(store.entries.create(sampleRequest({ id }))).rejects.toThrow('not an entry id')
  }
  expect(fake.gets).toEqual([])
  expect(fake.commits).toEqual([])
})

/** A document as Firestore gives it back. */
function fieldsOf({ bytes, stamp, ciphertext }: StoredEntry) {
  return {
    bytes: { bytesValue: bytes.toString('base64') },
    stamp: { stringValue: canonicalJson(stamp.stamp) },
    signature: { bytesValue: stamp.signature.toString('base64') },
    ciphertext: { bytesValue: ciphertext?.toString('base64') },
    committed: { timestampValue: '2026-09-21T13:33:20.000001Z' },
  }
}
