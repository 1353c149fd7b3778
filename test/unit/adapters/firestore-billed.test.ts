import { expect, test } from 'vitest'

import type { Store } from '../../../functions/open-store.ts'
import { firestoreStore } from '../../../shared/adapters/firestore/firestore-store.ts'
import { billedStore } from '../../support/billed-store.ts'
import { fakeFirestore } from '../../support/fake-firestore.ts'
import { indexedDocument, sampleDocument } from '../../support/sample-documents.ts'
import { sampleCallId, sampleJob, sampleRequest } from '../../support/sample-entries.ts'

const place = { at: 1, after: undefined, version: 1, turn: 1 }
const documents = [1, 2, 3].map((n) => indexedDocument(sampleDocument(n)))

// The model of costs counts what a store is asked; this is what Firestore then is.
test.each<readonly [string, (store: Store) => Promise<unknown>]>([
  ['an entry', ({ entries }) => entries.create(sampleRequest())],
  ['the look at an entry', ({ entries }) => entries.get(`${sampleCallId(1)}~request`)],
  ['a list without an entry', ({ entries }) => entries.list({ limit: 10 })],
  ['entries in the order of commits', ({ entries }) => entries.committed({ at: 0 }, 10)],
  ['a job', ({ jobs }) => jobs.claim(sampleJob())],
  ['the look at a job', ({ jobs }) => jobs.find('acme', 'job')],
  ['the link to a result', ({ jobs }) => jobs.linkResultTable('acme.anon.t', sampleJob())],
  ['the job of a result', ({ jobs }) => jobs.findByResultTable('acme.anon.t', 'ana')],
  ['a register', ({ registers }) => registers.read('usage', 'k')],
  [
    'a new register',
    ({ registers }) => registers.write('usage', 'k', Buffer.from('{}'), { version: undefined }),
  ],
  ['a list of registers', ({ registers }) => registers.list('grants', 'open', 10)],
  ['the place of the index', ({ search }) => search.upTo()],
  ['a document of the index', ({ search }) => search.get('call~a')],
  [
    'documents of the index',
    ({ search }) => search.put(documents, { expected: undefined, next: place }),
  ],
  ['a count', ({ search }) => search.count({ tokens: ['a'] }, 10)],
])('%s costs what the model says', async (_name, ask) => {
  const fake = fakeFirestore()
  const parts = {
    projectId: 'acme',
    entriesDatabaseId: 'entries',
    operationsDatabaseId: 'operations',
  }
  const { store, billed } = billedStore(
    firestoreStore({ ...parts, client: fake.client, clock: Date.now }),
  )
  await ask(store)
  expect(billed).toEqual({
    reads: fake.gets.length + fake.queries.length,
    writes: fake.commits.reduce((sum, { writes }) => sum + writes.length, 0),
    deletes: 0,
  })
  expect(billed.reads + billed.writes).toBeGreaterThan(0)
})
