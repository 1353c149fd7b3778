import { afterAll, expect, test } from 'vitest'

import { bigQueryCatalog } from '../../../shared/adapters/bigquery/catalog.ts'
import { noCredential } from '../../../shared/adapters/bigquery/credential.ts'
import { bigQueryDryRun } from '../../../shared/adapters/bigquery/dry-run.ts'
import { ownQuestions } from '../../../shared/adapters/bigquery/own-questions.ts'
import {
  parseDatasetId,
  parseProjectId,
  tableReference,
  type TableReference,
} from '../../../shared/bigquery/reference.ts'
import { dataFolder, localBigQuery, SMALL } from '../../support/local-bigquery.ts'

const seen: { method: string; path: string; body: unknown }[] = []
const { url } = await localBigQuery({
  data: dataFolder(
    {
      ...SMALL,
      'acme/crm/events_1.schema.json': JSON.stringify([{ name: 'id', type: 'INT64' }]),
      'acme/crm/events_2.schema.json': JSON.stringify([{ name: 'id', type: 'INT64' }]),
    },
    true,
  ),
  onRequest: (request) => seen.push(request),
})

let now = 0
const { ask, close } = ownQuestions({
  baseUrl: new URL(url),
  credentials: () => noCredential,
  clock: () => now,
})
afterAll(close)

const projectId = parseProjectId('acme') ?? fail()
const crm = { projectId, datasetId: parseDatasetId('crm') ?? fail() }
const fresh = () => bigQueryCatalog({ ask, connection: 'main', projectId, clock: () => now })
const table = (id: string, dataset = 'crm'): TableReference =>
  tableReference('acme', dataset, id) ?? fail()

function fail(): never {
  throw new Error('not a name')
}

test('a table has its columns, its etag and no view', async () => {
  const found = await fresh().table(table('people'))
  expect(found).toMatchObject({
    ok: true,
    value: {
      reference: { tableId: 'people' },
      type: 'TABLE',
      view: undefined,
      columns: [
        { name: 'id', type: { kind: 'INT64' } },
        { name: 'name', type: { kind: 'STRING' } },
        { name: 'born', type: { kind: 'DATE' } },
        { name: 'address', type: { kind: 'STRUCT' }, fields: [{ name: 'street' }, {}] },
        { name: 'tags', type: { kind: 'ARRAY', element: { kind: 'STRING' } } },
      ],
    },
  })
})

test('a view has its query, a routine its body', async () => {
  const catalog = fresh()
  expect(await catalog.table(table('adults'))).toMatchObject({
    ok: true,
    value: { type: 'VIEW', view: { useLegacySql: false } },
  })
  expect(await catalog.routine(crm, 'initial')).toMatchObject({
    ok: true,
    value: {
      name: 'acme.crm.initial',
      type: 'SCALAR_FUNCTION',
      language: 'SQL',
      arguments: [{ name: 'name', type: { kind: 'STRING' } }],
      isRemote: false,
    },
  })
})

test.each([
  ['Table acme:crm.nobody', () => fresh().table(table('nobody'))],
  ['Dataset acme:nowhere', () => fresh().table(table('people', 'nowhere'))],
  ['Routine acme:crm.nothing', () => fresh().routine(crm, 'nothing')],
])('what is not there is called %s', async (what, find) => {
  expect(await find()).toEqual({ ok: false, error: { problem: 'not-in-catalog', what } })
})

test('INFORMATION_SCHEMA has the columns a dry run says', async () => {
  const found = await fresh().table(table('INFORMATION_SCHEMA.TABLES'))
  expect(found.ok && found.value.columns.map(({ name }) => name)).toContain('table_name')
})

test('tables are found by the beginning of their names', async () => {
  const catalog = fresh()
  const found = await catalog.tablesLike(crm, 'events_')
  expect(found.ok && found.value.map(({ tableId }) => tableId)).toEqual(['events_1', 'events_2'])
  expect(await catalog.tablesLike(crm, 'nothing_')).toEqual({ ok: true, value: [] })
})

test('answers are remembered for 10 s, that there is none for 2 s, and those who wait share one', async () => {
  const catalog = fresh()
  seen.length = 0
  await Promise.all([catalog.table(table('people')), catalog.table(table('people'))])
  await catalog.table(table('nobody'))
  expect(seen).toHaveLength(2)
  now += 1_999
  await catalog.table(table('nobody'))
  now += 1
  await catalog.table(table('nobody'))
  expect(seen).toHaveLength(3)
  now += 7_999
  await catalog.table(table('people'))
  expect(seen).toHaveLength(3)
  now += 1
  await catalog.table(table('people'))
  expect(seen).toHaveLength(4)
})

test('an outage is no answer, and is not remembered', async () => {
  const broken = ownQuestions({
    baseUrl: new URL('http://127.0.0.1:1'),
    credentials: () => noCredential,
    clock: () => now,
  })
  let asked = 0
  const catalog = bigQueryCatalog({
    ask: (...args) => {
      asked += 1
      return asked === 1 ? broken.ask(...args) : ask(...args)
    },
    connection: 'main',
    projectId,
    clock: () => now,
  })
  await expect(catalog.table(table('people'))).rejects.toThrow('no answer to `table`')
  expect(await catalog.table(table('people'))).toMatchObject({ ok: true })
  await broken.close()
})

test('a dry run says what a statement would do, and runs nothing', async () => {
  seen.length = 0
  const facts = await bigQueryDryRun(
    ask,
    'main',
  )({
    projectId,
    sql: 'SELECT id, acme.crm.initial(name) AS i FROM acme.crm.adults',
    defaultDataset: undefined,
    parameters: [],
    parameterMode: undefined,
    location: undefined,
  })
  expect(facts).toMatchObject({
    ok: true,
    value: {
      statementType: 'SELECT',
      referencedTables: ['acme.crm.people'],
      referencedRoutines: ['acme.crm.initial'],
      schema: [
        { name: 'id', type: { kind: 'INT64' } },
        { name: 'i', type: { kind: 'STRING' } },
      ],
      undeclaredParameters: 0,
    },
  })
  expect(seen).toHaveLength(1)
  expect(seen[0]?.body).toMatchObject({ configuration: { dryRun: true } })
})

test('what a dry run refuses is said in its own words', async () => {
  const dryRun = bigQueryDryRun(ask, 'main')
  const facts = await dryRun({
    projectId,
    sql: 'SELECT nothing FROM acme.crm.people',
    defaultDataset: undefined,
    parameters: [],
    parameterMode: undefined,
    location: undefined,
  })
  expect(facts).toMatchObject({
    ok: false,
    error: { problem: 'dry-run-refused', error: { code: 400, reason: 'invalidQuery' } },
  })
})
