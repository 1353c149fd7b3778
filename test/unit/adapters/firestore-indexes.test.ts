import { randomBytes } from 'node:crypto'

import { expect, test } from 'vitest'

import {
  type FirestoreStore,
  firestoreStore,
} from '../../../shared/adapters/firestore/firestore-store.ts'
import { compositeIndexes, exemptFields } from '../../../shared/adapters/firestore/indexes.ts'
import { aesWrapKey } from '../../../shared/adapters/key-file/aes-wrap-key.ts'
import { registeredBrowserSessions } from '../../../shared/adapters/registers/browser-sessions.ts'
import { registeredConfigurations } from '../../../shared/adapters/registers/configurations.ts'
import { registeredHolds } from '../../../shared/adapters/registers/holds.ts'
import { registeredLogState } from '../../../shared/adapters/registers/log-state.ts'
import { registeredErasures } from '../../../shared/adapters/registers/pending-erasures.ts'
import { registeredSecrets } from '../../../shared/adapters/registers/record-secrets.ts'
import { registeredSessions } from '../../../shared/adapters/registers/recorded-sessions.ts'
import { registeredProgress } from '../../../shared/adapters/registers/retention-progress.ts'
import { registeredSearches } from '../../../shared/adapters/registers/saved-searches.ts'
import type { SearchFilter } from '../../../shared/recording/search/search-filter.ts'
import {
  search as searchCalls,
  searchEvents,
  searchSessions,
} from '../../../shared/recording/search/search.ts'
import { type FakeQuery, fakeFirestore } from '../../support/fake-firestore.ts'
import { indexedDocument, sampleDocument } from '../../support/sample-documents.ts'
import { sampleJob, sampleRequest, sampleSession } from '../../support/sample-entries.ts'
import { sampleGrant } from '../../support/sample-grant.ts'

// The emulator answers queries without an index, so only this test keeps them from failing in the cloud.

const TIME = '2026-01-01T00:00:00Z'

/** Each member of a filter alone, all together, and none. */
const EVERYTHING: SearchFilter = {
  principal: ['ana', 'https://id.example ana'],
  group: ['a', 'b'],
  client: ['a'],
  claim: ['a=b'],
  session: 'a',
  table: ['a.b.c'],
  column: ['a'],
  maskedColumn: ['a'],
  filterColumn: ['a'],
  tag: ['a'],
  statementType: 'SELECT',
  decision: 'deny',
  rule: ['a'],
  problem: 'a',
  outcome: 'released',
  approver: ['a'],
  approval: 'ACTIVE',
  job: 'a',
  fingerprint: 'a',
  flag: ['mass-read'],
  replayOf: 'a',
  minBytes: 1,
  maxBytes: 2,
  text: 'a b',
}
const FILTERS: readonly SearchFilter[] = [
  {},
  EVERYTHING,
  ...Object.entries(EVERYTHING).map(([name, value]): SearchFilter => ({ [name]: value })),
]

const roles = { record: 'entries', work: 'operations' } as const

async function issueEverything() {
  const fake = fakeFirestore()
  const store = firestoreStore({
    projectId: 'acme',
    entriesDatabaseId: 'record',
    operationsDatabaseId: 'work',
    client: fake.client,
    clock: Date.now,
  })
  const { entries, jobs } = store
  const deflated = sampleRequest({ strippedSql: 'x'.repeat(100_000) })
  for (const stored of [sampleRequest(), deflated]) await entries.create(stored)
  await entries.list({ limit: 1 })
  await entries.list({ limit: 1, call: 'a' })
  await entries.list({ limit: 1, session: 'a' })
  await entries.list({ limit: 1, until: 1 })
  await entries.committed({ at: 1 }, 1)
  await entries.committed({ at: 1, after: 'a' }, 1)
  const job = sampleJob()
  await jobs.claim(job)
  await jobs.list({ owner: 'ana', projectId: 'acme', limit: 1, before: undefined })
  await jobs.linkResultTable('a.b.c', job)
  await jobs.findByResultTable('a.b.c', 'ana')
  await issueSearches(store)
  await writeEveryRegister(store)
  return fake
}

async function issueSearches({ search }: FirestoreStore) {
  const next = { at: 1, after: undefined, version: 1, turn: 1 }
  await search.put([indexedDocument(sampleDocument(1))], { expected: undefined, next })
  const filters: SearchFilter[] = [
    ...FILTERS,
    ...FILTERS.map((filter) => ({ ...filter, from: TIME, to: TIME })),
  ]
  for (const filter of filters) await searchCalls(search, filter, { limit: 1 })
  for (const principal of [undefined, 'ana']) {
    await searchSessions(search, { principal, to: TIME }, { limit: 1 })
    await searchEvents(search, { principal, type: principal && 'alert' }, { limit: 1 })
  }
  await search.count({ tokens: ['is:call', 'word:a'] }, 1)
}

async function writeEveryRegister(store: FirestoreStore) {
  const { principal } = sampleSession()
  const grant = sampleGrant()
  await store.usage.start({
    call: 'a',
    at: 0,
    expiresAt: 1,
    limits: [{ meter: 'concurrent-jobs', subject: 'ana', most: 1 }],
  })
  await store.killSwitches.set({ scope: { kind: 'global' }, reason: 'a', by: 'ana', at: 0 })
  await store.derivedTags.add([{ column: 'a.b.c.d', sources: [], isCopy: true }])
  await store.grants.open(grant)
  await store.grants.listOpen(1)
  await store.grants.standFor('key', grant.id, undefined)
  await store.grants.keepBox('ana', grant.id)
  await store.peopleSeen.saw({ ...principal, actors: [] }, 0)
  await store.slackMessages.claim(grant.id, 'asked', 0)
  await store.watermarks.advance(0, 1, [])
  await writeRecordRegisters(store)
}

async function writeRecordRegisters({ registers }: FirestoreStore) {
  await registeredBrowserSessions(registers, () => 0).replace('a', undefined, 'b', 1)
  const secrets = registeredSecrets(registers, {
    wrapKey: aesWrapKey(randomBytes(32)),
    clock: () => 0,
    random: (bytes) => randomBytes(bytes),
  })
  await secrets.current({ session: 'a', owner: 'ana' })
  await secrets.list({ owner: 'ana' })
  const sessions = registeredSessions(registers)
  await sessions.see('a', 0)
  await sessions.listOpen(1)
  await registeredHolds(registers).add({ id: 'a', scope: {}, by: 'otto', reason: 'a', at: 0 })
  await registeredErasures(registers).add({ id: 'a', at: 0, keys: [], grants: [] })
  await registeredProgress(registers).write({ basis: 'a', next: {} })
  await registeredConfigurations(registers).noted('policy', { number: 1, digest: 'a' })
  await registeredSearches(registers).save('a', { id: 'a', name: 'a', query: 'a', savedAt: 0 })
  await registeredLogState(registers).write(Buffer.from('a'), undefined)
}

/** The index a query needs: what it compares, then what it sorts by, as Google's guide says. */
function neededBy({ parent, structuredQuery }: FakeQuery) {
  const { from, where, orderBy } = structuredQuery
  return {
    database: roles[/databases\/(\w+)/.exec(parent)?.[1] as keyof typeof roles],
    collection: from[0]?.collectionId,
    fields: [
      where.fieldFilter.op === 'ARRAY_CONTAINS'
        ? { fieldPath: where.fieldFilter.field.fieldPath, arrayConfig: 'CONTAINS' }
        : { fieldPath: where.fieldFilter.field.fieldPath, order: 'ASCENDING' },
      ...orderBy
        .filter(({ field }) => field.fieldPath !== '__name__')
        .map(({ field, direction }) => ({ fieldPath: field.fieldPath, order: direction })),
    ],
  }
}

test('every query has its composite index, and every index its query', async () => {
  const { queries } = await issueEverything()
  expect(queries.map(neededBy)).toEqual(expect.arrayContaining([...compositeIndexes]))
  expect(compositeIndexes).toEqual(expect.arrayContaining(queries.map(neededBy)))
})

test('every field that is written is exempt from single-field indexes', async () => {
  const { commits } = await issueEverything()
  const written = new Map<string, Set<string>>()
  for (const { writes } of commits)
    for (const write of writes) {
      if (!('update' in write)) continue
      const { update } = write
      const [, database, collection] =
        /databases\/(\w+)\/documents\/(\w+)\//.exec(update.name) ?? []
      const key = `${roles[database as keyof typeof roles]}/${collection}`
      const fields = written.get(key) ?? new Set()
      for (const field of Object.keys(update.fields)) fields.add(field)
      for (const { fieldPath } of write.updateTransforms ?? []) fields.add(fieldPath)
      written.set(key, fields)
    }
  const exempt = exemptFields.map(
    ({ database, collection, fieldPaths }) =>
      [`${database}/${collection}`, new Set(fieldPaths)] as const,
  )
  expect(written).toEqual(new Map(exempt))
})
