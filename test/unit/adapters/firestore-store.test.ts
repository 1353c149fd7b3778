import { v1 } from '@google-cloud/firestore'
import { credentials } from '@grpc/grpc-js'
import { afterEach, expect, test, vi } from 'vitest'

import { firestoreStore } from '../../../shared/adapters/firestore/firestore-store.ts'
import { canonicalJson } from '../../../shared/kernel/canonical-json.ts'
import type { StoredEntry } from '../../../shared/recording/entry-store.ts'
import { fakeFirestore, grpcError } from '../../support/fake-firestore.ts'
import { sampleCallId, sampleJob, sampleRequest } from '../../support/sample-entries.ts'

const ALREADY_EXISTS = 6
const UNAVAILABLE = 14

afterEach(() => void vi.useRealTimers())

function world() {
  const fake = fakeFirestore()
  const store = firestoreStore({
    projectId: 'acme',
    entriesDatabaseId: 'record',
    operationsDatabaseId: 'work',
    connect: async () => fake.client,
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
            fields: expect.objectContaining({ bytes: { bytesValue: stored.bytes } }),
          },
          currentDocument: { exists: false },
          updateTransforms: [{ fieldPath: 'committed', setToServerValue: 'REQUEST_TIME' }],
        },
      ],
    },
  ])
})

test('every RPC has a deadline and is not repeated', async () => {
  const { fake, store } = world()
  await store.entries.create(sampleRequest())
  await store.entries.get('x')
  await store.entries.list({ limit: 1 })
  await store.jobs.claim(sampleJob())
  await store.jobs.linkResultTable('a.b.c', sampleJob())
  await store.jobs.findByResultTable('a.b.c', 'ana')
  expect(fake.options).toHaveLength(6)
  for (const options of fake.options) expect(options).toMatchObject({ timeout: 5_000, retry: null })
})

test('a store that is down rejects at once, after one RPC', async () => {
  const { fake, store } = world()
  fake.answer.commit = async () => {
    throw grpcError(UNAVAILABLE)
  }
  await expect(store.entries.create(sampleRequest())).rejects.toThrow('14 grpc')
  await expect(store.jobs.claim(sampleJob())).rejects.toThrow('14 grpc')
  expect(fake.commits).toHaveLength(2)
})

test("Google's own client says so too when nobody listens", async () => {
  const store = firestoreStore({
    projectId: 'acme',
    entriesDatabaseId: 'record',
    operationsDatabaseId: 'work',
    connect: async () =>
      new v1.FirestoreClient({
        projectId: 'acme',
        servicePath: '127.0.0.1',
        // Nobody listens on the discard port.
        port: 9,
        sslCreds: credentials.createInsecure(),
      }),
  })
  await expect(store.entries.create(sampleRequest())).rejects.toThrow('UNAVAILABLE')
  await expect(store.entries.get('x')).rejects.toThrow('UNAVAILABLE')
  await expect(store.entries.list({ limit: 1 })).rejects.toThrow('UNAVAILABLE')
  await store.close()
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

test('a client that could not be made is tried again', async () => {
  const fake = fakeFirestore()
  let tries = 0
  const store = firestoreStore({
    projectId: 'acme',
    entriesDatabaseId: 'record',
    operationsDatabaseId: 'work',
    connect: async () => {
      tries += 1
      if (tries === 1) throw new Error('no credentials')
      return fake.client
    },
  })
  await expect(store.entries.create(sampleRequest())).rejects.toThrow('no credentials')
  await expect(store.entries.create(sampleRequest())).resolves.toBe('created')
  await expect(store.entries.create(sampleRequest())).resolves.toBe('created')
  expect(tries).toBe(2)
})

test('an entry that exists, then does not, is no success', async () => {
  const { fake, store } = world()
  fake.answer.commit = async () => {
    throw grpcError(ALREADY_EXISTS)
  }
  await expect(store.entries.create(sampleRequest())).rejects.toThrow('neither created nor found')
  await expect(store.jobs.claim(sampleJob())).rejects.toThrow('neither claimed nor found')
})

test('a commit that timed out but landed is found to have landed', async () => {
  const { fake, store } = world()
  const stored = sampleRequest()
  fake.answer.commit = async () => {
    throw grpcError(ALREADY_EXISTS)
  }
  fake.answer.get = async () => [{ name: `x/entries/${stored.entry.id}`, fields: fieldsOf(stored) }]
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
  fake.answer.query = async function* () {
    yield { document: { name: `x/entries/${entry.id}`, fields: fieldsOf(stored) } }
  }
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
  expect(fake.options).toEqual([])
})

/** A document as Firestore gives it back. */
function fieldsOf({ bytes, stamp, ciphertext }: StoredEntry) {
  return {
    bytes: { bytesValue: bytes },
    stamp: { stringValue: canonicalJson(stamp.stamp) },
    signature: { bytesValue: stamp.signature },
    ciphertext: { bytesValue: ciphertext ?? null },
    committed: { timestampValue: { seconds: '1790000000', nanos: 1_000 } },
  }
}
