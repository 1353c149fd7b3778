import { expect, test } from 'vitest'

import type { SeenRequest } from '../../../infra/local/bigquery/http/router.ts'
import { localBigQuery } from '../../support/local-bigquery.ts'

interface Routine {
  readonly routineReference: { readonly routineId: string }
  readonly routineType: string
}

const seen: SeenRequest[] = []
const { url, get, query } = await localBigQuery({ onRequest: (request) => seen.push(request) })

test('projects.list and getServiceAccount', async () => {
  const response = await fetch(`${url}/bigquery/v2/projects`)
  expect(await response.json()).toMatchObject({
    kind: 'bigquery#projectList',
    projects: [{ id: 'acme', projectReference: { projectId: 'acme' } }],
    totalItems: 1,
  })
  expect((await get('/serviceAccount')).body.email).toMatch(/@/)
})

test('datasets.list and datasets.get', async () => {
  const first = await get('/datasets?maxResults=1')
  expect(first.body.datasets).toEqual([
    {
      kind: 'bigquery#dataset',
      id: 'acme:crm',
      datasetReference: { projectId: 'acme', datasetId: 'crm' },
      location: 'US',
    },
  ])
  const rest = await get(`/datasets?all=false&pageToken=${first.body.nextPageToken}`)
  expect(rest.body.datasets.map(({ id }: { id: string }) => id)).toEqual(['acme:hr'])
  expect(rest.body.nextPageToken).toBeUndefined()
  expect((await get('/datasets/crm')).body).toMatchObject({ id: 'acme:crm', location: 'US' })
  const missing = await get('/datasets/nope')
  expect([missing.status, missing.body.error.message]).toEqual([
    404,
    'Not found: Dataset acme:nope',
  ])
})

test('tables.list tells tables from views', async () => {
  const { body } = await get('/datasets/crm/tables')
  expect(body.totalItems).toBe(3)
  expect(body.tables.map(({ id, type }: Record<string, string>) => [id, type])).toEqual([
    ['acme:crm.adult_ids', 'VIEW'],
    ['acme:crm.adults', 'VIEW'],
    ['acme:crm.people', 'TABLE'],
  ])
})

test('tables.get of a table', async () => {
  const { body } = await get('/datasets/crm/tables/people')
  expect(body).toMatchObject({
    kind: 'bigquery#table',
    etag: expect.any(String),
    id: 'acme:crm.people',
    tableReference: { projectId: 'acme', datasetId: 'crm', tableId: 'people' },
    type: 'TABLE',
    numRows: '3',
    numBytes: '74',
    location: 'US',
    schema: {
      fields: [
        { name: 'id', type: 'INTEGER', mode: 'REQUIRED', description: 'who' },
        { name: 'name', type: 'STRING', mode: 'NULLABLE' },
        { name: 'born', type: 'DATE', mode: 'NULLABLE' },
        {
          name: 'address',
          type: 'RECORD',
          mode: 'NULLABLE',
          fields: [
            { name: 'street', type: 'STRING', mode: 'NULLABLE' },
            { name: 'city', type: 'STRING', mode: 'NULLABLE' },
          ],
        },
        { name: 'tags', type: 'STRING', mode: 'REPEATED' },
      ],
    },
  })
  expect((await get('/datasets/crm/tables/people?fields=schema/fields/name')).body).toEqual({
    schema: { fields: ['id', 'name', 'born', 'address', 'tags'].map((name) => ({ name })) },
  })
  const missing = await get('/datasets/crm/tables/nope')
  expect([missing.status, missing.body.error.message]).toEqual([
    404,
    'Not found: Table acme:crm.nope',
  ])
})

test('an etag lasts until the table changes', async () => {
  await query('CREATE TABLE crm.tagged (x INT64)')
  const path = '/datasets/crm/tables/tagged'
  const { etag } = (await get(path)).body
  expect((await get(path)).body.etag).toBe(etag)
  expect((await get(path, { 'if-none-match': etag })).status).toBe(304)
  await query('INSERT crm.tagged VALUES (1)')
  const changed = await get(path, { 'if-none-match': etag })
  expect([changed.status, changed.body.numRows]).toEqual([200, '1'])
  expect(changed.body.etag).not.toBe(etag)
  await query('DROP TABLE crm.tagged')
})

test('tables.get of a view', async () => {
  const { body } = await get('/datasets/crm/tables/adults')
  expect(body).toMatchObject({
    type: 'VIEW',
    view: {
      query: 'SELECT id, name FROM acme.crm.people WHERE id > 1 -- not Ann',
      useLegacySql: false,
    },
    schema: {
      fields: [
        { name: 'id', type: 'INTEGER' },
        { name: 'name', type: 'STRING' },
      ],
    },
  })
  expect(body.numRows).toBeUndefined()
})

test('tabledata.list pages through a table, in the columns that are selected', async () => {
  const first = await get('/datasets/crm/tables/people/data?maxResults=1&selectedFields=name,id')
  expect(first.body).toMatchObject({
    kind: 'bigquery#tableDataList',
    totalRows: '3',
    rows: [{ f: [{ v: '1' }, { v: 'Ann' }] }],
  })
  const rest = await get(`/datasets/crm/tables/people/data?pageToken=${first.body.pageToken}`)
  expect(rest.body.rows[0].f).toEqual([
    { v: '2' },
    { v: 'Bob' },
    { v: null },
    { v: null },
    { v: [] },
  ])
  expect(rest.body.rows).toHaveLength(2)
  const last = await get('/datasets/crm/tables/people/data?startIndex=2')
  expect(last.body.rows[0].f[3]).toEqual({ v: { f: [{ v: null }, { v: 'Kyiv' }] } })
  expect((await get('/datasets/crm/tables/adults/data')).status).toBe(400)
})

test('routines.list and routines.get', async () => {
  const { body } = await get('/datasets/crm/routines')
  expect(
    body.routines.map((routine: Routine) => [
      routine.routineReference.routineId,
      routine.routineType,
    ]),
  ).toEqual([
    ['after', 'TABLE_VALUED_FUNCTION'],
    ['initial', 'SCALAR_FUNCTION'],
  ])
  expect((await get('/datasets/crm/routines/initial')).body).toMatchObject({
    etag: expect.any(String),
    routineReference: { projectId: 'acme', datasetId: 'crm', routineId: 'initial' },
    language: 'SQL',
    arguments: [{ name: 'name', dataType: { typeKind: 'STRING' } }],
    returnType: { typeKind: 'STRING' },
    definitionBody: 'SUBSTR(name, 1, 1)',
  })
  expect((await get('/datasets/crm/routines/after')).body).toMatchObject({
    arguments: [{ name: 'low', dataType: { typeKind: 'INT64' } }],
    returnTableType: {
      columns: [
        { name: 'id', type: { typeKind: 'INT64' } },
        { name: 'initial', type: { typeKind: 'STRING' } },
      ],
    },
    definitionBody:
      'SELECT id, acme.crm.initial(name) AS initial FROM acme.crm.adults WHERE id > low',
  })
  expect((await get('/datasets/crm/routines/nope')).body.error.message).toBe(
    'Not found: Routine acme:crm.nope',
  )
})

test('a test can see what arrived', async () => {
  seen.length = 0
  await query('SELECT 1', { labels: { a: 'b' } })
  await get('/datasets?maxResults=1', { 'x-goog-user-project': 'acme' })
  expect(seen).toMatchObject([
    {
      method: 'POST',
      path: '/bigquery/v2/projects/acme/queries',
      body: { query: 'SELECT 1', labels: { a: 'b' } },
    },
    {
      method: 'GET',
      path: '/bigquery/v2/projects/acme/datasets?maxResults=1',
      headers: { 'x-goog-user-project': 'acme' },
    },
  ])
})
