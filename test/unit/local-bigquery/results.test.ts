import { expect, test } from 'vitest'

import { localBigQuery } from '../../support/local-bigquery.ts'

const { get, query, insert } = await localBigQuery()

const NUMBERS = 'SELECT n FROM UNNEST(GENERATE_ARRAY(1, 250)) n ORDER BY n'
const values = (body: { rows?: { f: { v: string }[] }[] }) =>
  (body.rows ?? []).map(({ f: [cell] }) => Number(cell?.v))
const upTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

test('a result comes in pages, whose tokens do for every method', async () => {
  const first = await query(NUMBERS, { maxResults: 100 })
  expect(first.body).toMatchObject({ totalRows: '250', jobComplete: true, cacheHit: false })
  expect(values(first.body)).toEqual(upTo(1, 100))
  const { jobId } = first.body.jobReference
  const second = await get(`/queries/${jobId}?maxResults=100&pageToken=${first.body.pageToken}`)
  expect(second.body).toMatchObject({ totalRows: '250', schema: { fields: [{ name: 'n' }] } })
  expect(values(second.body)).toEqual(upTo(101, 200))

  const job = await get(`/jobs/${jobId}`)
  const { projectId, datasetId, tableId } = job.body.configuration.query.destinationTable
  expect([projectId, datasetId, tableId]).toEqual([
    'acme',
    expect.stringMatching(/^_anon/),
    expect.stringMatching(/^anon/),
  ])
  const table = `/datasets/${datasetId}/tables/${tableId}`
  const third = await get(`${table}/data?pageToken=${second.body.pageToken}`)
  expect(values(third.body)).toEqual(upTo(201, 250))
  expect(third.body.pageToken).toBeUndefined()
  expect((await get(table)).body).toMatchObject({
    type: 'TABLE',
    numRows: '250',
    schema: { fields: [{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }] },
  })
})

test.each([
  ['startIndex=240', upTo(241, 250), undefined],
  ['startIndex=10&maxResults=2', [11, 12], expect.any(String)],
  ['startIndex=1000', [], undefined],
  ['maxResults=0', [], undefined],
  ['pageToken=&startIndex=249', [250], undefined],
])('getQueryResults?%s', async (parameters, expected, pageToken) => {
  const { body } = await query(NUMBERS)
  const page = await get(`/queries/${body.jobReference.jobId}?${parameters}`)
  expect(values(page.body)).toEqual(expected)
  expect(page.body.pageToken).toEqual(pageToken)
  expect(page.body.totalRows).toBe('250')
})

test('no page is larger than 10 MB, and none is empty before the end', async () => {
  const wide = "SELECT REPEAT('x', 1000000) AS x FROM UNNEST(GENERATE_ARRAY(1, 12))"
  const { body } = await query(wide)
  expect(values(body)).toHaveLength(9)
  const rest = await get(`/queries/${body.jobReference.jobId}?pageToken=${body.pageToken}`)
  expect(values(rest.body)).toHaveLength(3)
})

test('a page token that is none is refused', async () => {
  const { body } = await query('SELECT 1')
  const { status, body: refused } = await get(`/queries/${body.jobReference.jobId}?pageToken=x`)
  expect([status, refused.error.message]).toEqual([400, 'Invalid page token'])
})

test('`fields` keeps what it names', async () => {
  const { body } = await query(NUMBERS)
  const { jobId } = body.jobReference
  const python = await get(
    `/queries/${jobId}?fields=jobReference,totalRows,pageToken,rows&maxResults=1`,
  )
  expect(Object.keys(python.body).toSorted()).toEqual([
    'jobReference',
    'pageToken',
    'rows',
    'totalRows',
  ])
  const nested = await get(
    `/jobs/${jobId}?fields=status/state,statistics(query/statementType,nope)`,
  )
  expect(nested.body).toEqual({
    status: { state: 'DONE' },
    statistics: { query: { statementType: 'SELECT' } },
  })
})

test.each([
  ['formatOptions.useInt64Timestamp=true', '1577934245000000'],
  ['formatOptions.useInt64Timestamp=True', '1577934245000000'],
  ['', '1.577934245E9'],
])('timestamps with `%s`', async (parameters, shown) => {
  const { body } = await query("SELECT TIMESTAMP '2020-01-02 03:04:05+00' AS t")
  const page = await get(`/queries/${body.jobReference.jobId}?${parameters}`)
  expect(page.body.rows[0].f[0].v).toBe(shown)
})

test.each([
  ['SELECT 1, 2 AS b, 3', ['f0_', 'b', 'f1_']],
  ['SELECT COUNT(*), MAX(id) AS m, MIN(id) FROM crm.people', ['f0_', 'm', 'f1_']],
  ['SELECT AS STRUCT 1 AS a, 2', ['a', 'f0_']],
  ['SELECT AS VALUE 7', ['f0_']],
  ["SELECT AS VALUE STRUCT('x' AS a, 1 AS b)", ['a', 'b']],
])('the columns of %s', async (sql, names) => {
  const { body } = await query(sql)
  expect(body.schema.fields.map(({ name }: { name: string }) => name)).toEqual(names)
  expect(body.rows[0].f).toHaveLength(names.length)
})

test('a struct without names has them in the schema', async () => {
  const { body } = await query('SELECT STRUCT(1, 2) AS s')
  expect(body.schema.fields[0].fields.map(({ name }: { name: string }) => name)).toEqual([
    '_field_1',
    '_field_2',
  ])
})

test.each([
  ['SELECT 1 AS a, 2 AS A', /^Duplicate column names in the result are not supported/],
  ['SELECT [1, NULL] AS xs', /^Array cannot have a null element; error in writing field xs$/],
])('%s cannot be written', async (sql, message) => {
  const { status, body } = await query(sql)
  expect(status).toBe(400)
  expect(body.error.message).toMatch(message)
})

test('a DML or DDL statement has no rows to read', async () => {
  await query('CREATE TABLE crm.empty (x INT64)')
  const dml = await query('INSERT crm.empty VALUES (1), (2)')
  expect(dml.body).toMatchObject({ jobComplete: true, numDmlAffectedRows: '2' })
  expect([dml.body.totalRows, dml.body.schema, dml.body.rows]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  const again = await get(`/queries/${dml.body.jobReference.jobId}`)
  expect(again.body).toMatchObject({ jobComplete: true, numDmlAffectedRows: '2' })
  expect(again.body.totalRows).toBeUndefined()
})

test('a failed job repeats its error, in the job and as an HTTP error', async () => {
  const { body } = await insert('SELECT nope FROM crm.people', { jobId: 'failed' })
  expect(body.status.state).toBe('PENDING')
  const results = await get('/queries/failed')
  const message = 'Unrecognized name: nope; Did you mean name? at [1:8]'
  expect(results.status).toBe(400)
  expect(results.body.error).toEqual({
    code: 400,
    message,
    errors: [{ message, domain: 'global', reason: 'invalidQuery' }],
    status: 'INVALID_ARGUMENT',
  })
  const job = await get('/jobs/failed')
  expect(job.body.status).toEqual({
    state: 'DONE',
    errorResult: { reason: 'invalidQuery', location: 'query', message },
    errors: [{ reason: 'invalidQuery', location: 'query', message }],
  })
})
