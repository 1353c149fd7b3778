import { expect, test } from 'vitest'

import { localBigQuery } from '../../support/local-bigquery.ts'

const { url, get, post, query, insert, rows } = await localBigQuery()

test.each([
  ['SELEC 1', 400, 'invalidQuery', 'Syntax error: Unexpected identifier "SELEC" at [1:1]'],
  ['SELECT (1', 400, 'invalidQuery', 'Syntax error: Unexpected end of statement at [1:10]'],
  ['SELECT nope', 400, 'invalidQuery', 'Unrecognized name: nope at [1:8]'],
  [
    'SELECT id FROM `acme.crm.people`\nWHERE\n  nope',
    400,
    'invalidQuery',
    'Unrecognized name: nope; Did you mean name? at [3:3]',
  ],
  [
    'SELECT 1 FROM `acme.crm.people` WHERE nope',
    400,
    'invalidQuery',
    'Unrecognized name: nope; Did you mean name? at [1:39]',
  ],
  ['SELECT nope(1)', 400, 'invalidQuery', 'Function not found: nope at [1:8]'],
  [
    'SELECT crm.initial(1)',
    400,
    'invalidQuery',
    /^No matching signature for function .*INITIAL for argument types: INT64/,
  ],
  ['SELECT 1 / 0', 400, 'invalidQuery', 'division by zero: 1 / 0'],
  ['SELECT ERROR("boom")', 400, 'invalidQuery', 'boom'],
  [
    'SELECT * FROM crm.nope',
    404,
    'notFound',
    'Not found: Table acme:crm.nope was not found in location US',
  ],
  [
    'SELECT * FROM crm.PEOPLE',
    404,
    'notFound',
    'Not found: Table acme:crm.PEOPLE was not found in location US',
  ],
  [
    'SELECT * FROM nope.people',
    404,
    'notFound',
    'Not found: Dataset acme:nope was not found in location US',
  ],
  [
    'SELECT * FROM other.crm.people',
    404,
    'notFound',
    'Not found: Dataset other:crm was not found in location US',
  ],
  [
    'SELECT * FROM people',
    400,
    'invalid',
    'Table "people" must be qualified with a dataset (e.g. dataset.table).',
  ],
  ['DELETE FROM crm.people', 400, 'invalidQuery', 'DELETE must have a WHERE clause at [1:1]'],
  [
    'INSERT crm.people (nope) VALUES (1)',
    400,
    'invalidQuery',
    'Column nope is not present in table acme.crm.people at [1:20]',
  ],
  [
    'DELETE FROM crm.adults WHERE TRUE',
    400,
    'invalidQuery',
    'DML cannot change acme:crm.adults: it is a view.',
  ],
  ['CREATE TABLE crm.people (x INT64)', 409, 'duplicate', 'Already Exists: Table acme:crm.people'],
  [
    'CREATE TABLE nope.t (x INT64)',
    404,
    'notFound',
    'Not found: Dataset acme:nope was not found in location US',
  ],
  ['-- nothing', 400, 'invalidQuery', 'Syntax error: Unexpected end of script'],
])('%s → %i %s', async (sql, code, reason, message) => {
  const { status, body } = await query(sql)
  expect([status, body.error.code, body.error.errors[0].reason]).toEqual([code, code, reason])
  expect(body.error.message).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  )
  expect(body.error.errors).toEqual([{ message: body.error.message, domain: 'global', reason }])
})

test.each([
  [
    'MERGE crm.people p USING crm.adults a ON p.id = a.id WHEN MATCHED THEN DELETE',
    'MERGE statements',
  ],
  [
    'SELECT id, COUNT(*) FROM crm.people GROUP BY ROLLUP(id)',
    'GROUP BY ROLLUP, CUBE and GROUPING SETS',
  ],
  [
    'SELECT id, COUNT(*) FROM crm.people GROUP BY CUBE(id)',
    'GROUP BY ROLLUP, CUBE and GROUPING SETS',
  ],
  [
    'SELECT APPROX_QUANTILES(id, 2) FROM crm.people',
    'Unsupported built-in function: approx_quantiles',
  ],
  ['SELECT ST_GEOGPOINT(1, 2)', /GEOGRAPHY|st_geogpoint/i],
  ['SELECT CONTAINS_SUBSTR("a", "b")', 'Function not found: CONTAINS_SUBSTR at [1:8]'],
  ['SELECT * FROM `acme.crm.peop*`', 'wildcard tables, `acme.crm.peop*`'],
  ['SELECT 1; SELECT 2', /^scripts and multi-statement queries/],
  ['BEGIN SELECT 1; END', /^scripts and multi-statement queries/],
  ['DECLARE x INT64; SET x = 1', /^scripts and multi-statement queries/],
  ['FROM crm.people |> SELECT id', /^pipe syntax/],
  ['SELECT 1 AS x UNION ALL BY NAME SELECT 2 AS x', /^set operations BY NAME/],
  ['SELECT id, COUNT(*) FROM crm.people GROUP BY ALL', /GROUP BY ALL/],
  [
    'SELECT * FROM crm.INFORMATION_SCHEMA.PARTITIONS',
    'the view `crm.INFORMATION_SCHEMA.PARTITIONS`',
  ],
  ['CREATE TABLE crm.n (x NUMERIC(5, 2))', 'a type with a length or precision, for column x'],
  ['CREATE TABLE crm.n (x INT64 DEFAULT 3)', 'a DEFAULT, for column x'],
  [
    'CREATE TABLE crm.n (x INT64) OPTIONS (expiration_timestamp = CURRENT_TIMESTAMP())',
    'CREATE TABLE with OPTIONS',
  ],
  ['CREATE TABLE crm.n LIKE crm.people', 'CREATE TABLE with LIKE'],
  ['SELECT @@project_id', /@@project_id/],
  ['CREATE TEMP TABLE n (x INT64)', 'temporary objects'],
  ['CREATE VIEW crm.n (x) AS SELECT 1', 'a view with a column list'],
  ['CREATE FUNCTION crm.n() AS (1)', 'CREATE FUNCTION; put it into the data folder'],
  ['CREATE SCHEMA n', 'CREATE SCHEMA statements'],
  ['ALTER TABLE crm.people ADD COLUMN x INT64', 'ALTER TABLE statements'],
  [
    'EXPORT DATA OPTIONS (uri = "gs://x/*.csv", format = "CSV") AS SELECT 1',
    'EXPORT DATA statements',
  ],
  ['DROP SCHEMA crm', 'DROP SCHEMA'],
])('%s is refused for what it is', async (sql, what) => {
  const { status, body } = await query(sql)
  const said = String(body.error.message).replace(/^The local BigQuery cannot do this: /, '')
  expect(said).toEqual(typeof what === 'string' ? what : expect.stringMatching(what))
  expect(body.error.message).not.toBe(said)
  expect([status, body.error.errors[0].reason]).toEqual([400, 'notImplemented'])
})

test('what was refused has not happened', async () => {
  expect(await rows('SELECT COUNT(*) FROM crm.people')).toEqual([['3']])
  const tables = await get('/datasets/crm/tables')
  expect(tables.body.tables.map((table: { id: string }) => table.id)).not.toContain('acme:crm.n')
})

test.each([
  [{ useLegacySql: true }, /legacy SQL/],
  [{ createSession: true }, /sessions/],
  [{ connectionProperties: [{ key: 'session_id', value: 'x' }] }, /connection properties/],
  [
    { destinationTable: { projectId: 'acme', datasetId: 'crm', tableId: 't' } },
    /a destination table/,
  ],
  [{ location: 'EU' }, /in location US, not in EU/],
  [
    { maximumBytesBilled: '1' },
    'Query exceeded limit for bytes billed: 1. 10485760 or higher required.',
  ],
  [{ timeoutMs: 'soon' }, /^Invalid value at 'timeoutMs'/],
  [{ labels: { Upper: 'x' } }, 'Label key "Upper" has invalid characters.'],
  [{ labels: { a: 'x.y' } }, 'Label value "x.y" has invalid characters.'],
  [{ labels: { a: 'x'.repeat(64) } }, /^Label value "x+" has invalid characters.$/],
  [{ query: `SELECT 1 -- ${'x'.repeat(1_048_576)}` }, /^The query is too large./],
  [{ labels: { a: 1 } }, /^Invalid value at 'labels.a'/],
  [{ query: '' }, 'Required parameter is missing: query'],
])('request %# is refused', async (more, message) => {
  const { status, body } = await query('SELECT id FROM crm.people', more)
  expect([400, 404]).toContain(status)
  expect(body.error.message).toEqual(
    typeof message === 'string' ? message : expect.stringMatching(message),
  )
})

test('null members and numbers in strings are as good as none and numbers', async () => {
  const { status, body } = await query('SELECT 1', {
    defaultDataset: null,
    labels: null,
    destinationTable: null,
    maxResults: '10',
    timeoutMs: '5000',
    maximumBytesBilled: '1000000000',
  })
  expect([status, body.totalRows]).toEqual([200, '1'])
})

test.each(['load', 'extract', 'copy'])('a %s job is refused', async (kind) => {
  const { status, body } = await post('/jobs', { configuration: { [kind]: {} } })
  expect(status).toBe(400)
  expect(body.error.message).toBe(
    `The local BigQuery cannot do this: ${kind} jobs; only query jobs`,
  )
})

test.each([
  ['GET', '/nope'],
  ['POST', '/bigquery/v2/projects/acme/datasets'],
  ['DELETE', '/bigquery/v2/projects/acme/datasets/crm'],
  ['GET', '/projects/acme/datasets'],
  ['GET', '/bigquery/v2/projects/nope/datasets'],
  ['POST', '/bigquery/v2/projects/nope/queries'],
])('%s %s is not found', async (method, path) => {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(method === 'POST' && { body: '{}' }),
  })
  const body = await response.json()
  expect([response.status, body]).toMatchObject([
    404,
    { error: { code: 404, status: 'NOT_FOUND' } },
  ])
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
})

test('a body that is no JSON is refused', async () => {
  const { status, body } = await post('/queries', '{"query": ')
  expect([status, body.error.message]).toEqual([400, 'Invalid JSON payload received.'])
})

test('a table that is too large for the engine says so', async () => {
  const wide = "SELECT n, REPEAT('x', 900) AS x FROM UNNEST(GENERATE_ARRAY(1, 6000)) n"
  await query(`CREATE TABLE crm.large AS ${wide}`)
  const { status, body } = await query('SELECT COUNT(*) FROM crm.large WHERE n > 1')
  expect([status, body.error.errors[0].reason]).toEqual([400, 'resourcesExceeded'])
  expect(body.error.message).toMatch(/takes 4 MiB of tables for a query/)
  expect(await rows('SELECT COUNT(*) FROM crm.people')).toEqual([['3']])
})

test('a statement that crashes the engine fails alone', async () => {
  const nots = `SELECT ${'NOT '.repeat(100_000)}TRUE`
  const [crashed, ...others] = await Promise.all([
    query(nots),
    ...Array.from({ length: 4 }, (_, index) => query(`SELECT ${index}`)),
  ])
  expect([crashed?.status, crashed?.body.error.message]).toEqual([
    400,
    'The local BigQuery cannot do this: its SQL engine crashed on this statement',
  ])
  expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect((await insert(nots, {}, { dryRun: true })).status).toBe(400)
  expect((await query('SELECT 1', { dryRun: true })).status).toBe(200)
})
