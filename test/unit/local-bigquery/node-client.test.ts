import { BigQuery } from '@google-cloud/bigquery'
import { OAuth2Client } from 'google-auth-library'
import { expect, test } from 'vitest'

import { ENDLESS, localBigQuery } from '../../support/local-bigquery.ts'

const { url, query } = await localBigQuery()

const authClient = new OAuth2Client()
authClient.setCredentials({ access_token: 'unused' })
const client = new BigQuery({ projectId: 'acme', apiEndpoint: url, authClient })

test('query gives rows of every shape', async () => {
  const [rows] = await client.query(
    'SELECT id, name, born, address, tags FROM crm.people ORDER BY id',
  )
  expect(JSON.parse(JSON.stringify(rows))).toEqual([
    {
      id: 1,
      name: 'Ann',
      born: { value: '1990-01-02' },
      address: { street: 'Main', city: 'Rome' },
      tags: ['a', 'b'],
    },
    { id: 2, name: 'Bob', born: null, address: null, tags: [] },
    {
      id: 3,
      name: null,
      born: { value: '1960-12-31' },
      address: { street: null, city: 'Kyiv' },
      tags: [],
    },
  ])
})

test('named, positional, array and struct parameters', async () => {
  const [named] = await client.query({
    query: 'SELECT @s AS s, @n AS n, @a AS a, @st AS st, @t AS t',
    params: {
      s: "O'Hara",
      n: 7,
      a: [1, 2, 3],
      st: { x: 1, y: 'z' },
      t: BigQuery.timestamp(new Date('2024-01-02T03:04:05.678Z')),
    },
  })
  expect(JSON.parse(JSON.stringify(named))).toEqual([
    {
      s: "O'Hara",
      n: 7,
      a: [1, 2, 3],
      st: { x: 1, y: 'z' },
      t: { value: expect.stringMatching(/^2024-01-02T03:04:05\.678/) },
    },
  ])
  const [positional] = await client.query({ query: 'SELECT ? AS a, ? AS b', params: ['x', 2.5] })
  expect(positional).toEqual([{ a: 'x', b: 2.5 }])
})

test('values that are not JSON', async () => {
  const [[row]] = await client.query(
    "SELECT NUMERIC '1.5' AS n, b'hi' AS b, DATETIME '2024-01-02 03:04:05.678' AS d, TIME '03:04:05' AS t, CAST('nan' AS FLOAT64) AS f, JSON '{\"k\": 1}' AS j, TIMESTAMP '2024-01-02 03:04:05.678123+00' AS ts",
  )
  expect(row).toMatchObject({ f: NaN, j: '{"k":1}', d: { value: '2024-01-02T03:04:05.678' } })
  expect(String(row.n)).toBe('1.5')
  expect(row.b.toString()).toBe('hi')
  expect(row.t.value).toBe('03:04:05')
  expect(row.ts.value).toMatch(/^2024-01-02T03:04:05\.678123/)
})

test('a result of several pages', async () => {
  const sql =
    'SELECT a * 200 + b AS n FROM UNNEST(GENERATE_ARRAY(0, 124)) a, UNNEST(GENERATE_ARRAY(0, 199)) b ORDER BY n'
  const [rows] = await client.query(sql)
  expect(rows).toHaveLength(25_000)
  expect(rows.at(-1)).toEqual({ n: 24_999 })
})

test('createQueryJob, getQueryResults by hand', async () => {
  const [job] = await client.createQueryJob(
    'SELECT n FROM UNNEST(GENERATE_ARRAY(1, 5)) n ORDER BY n',
  )
  const [first, next] = await job.getQueryResults({ maxResults: 3, autoPaginate: false })
  expect(first.map(({ n }) => n)).toEqual([1, 2, 3])
  const [second] = await job.getQueryResults({ ...next, autoPaginate: false })
  expect(second.map(({ n }) => n)).toEqual([4, 5])
  const [metadata] = await job.getMetadata()
  expect(metadata.status.state).toBe('DONE')
})

test('a dry run', async () => {
  const [job] = await client.createQueryJob({ query: 'SELECT name FROM crm.people', dryRun: true })
  expect(job.metadata.statistics).toMatchObject({
    totalBytesProcessed: '10',
    query: { statementType: 'SELECT' },
  })
})

test('DML tells how many rows it changed', async () => {
  await client.query('CREATE TABLE crm.changed AS SELECT 1 AS x')
  const [job] = await client.createQueryJob('INSERT crm.changed VALUES (2), (3)')
  await job.getQueryResults()
  const [metadata] = await job.getMetadata()
  expect(metadata.statistics.query.numDmlAffectedRows).toBe('2')
})

test('datasets, tables, schema, rows', async () => {
  const [datasets] = await client.getDatasets()
  expect(datasets.map(({ id }) => id)).toEqual(['crm', 'hr'])
  const [tables] = await client.dataset('hr').getTables()
  expect(tables.map(({ id }) => id)).toEqual(['pay'])
  const table = client.dataset('crm').table('people')
  const [metadata] = await table.getMetadata()
  expect(metadata.schema.fields).toHaveLength(5)
  const [rows] = await table.getRows({ maxResults: 2 })
  expect(rows.map(({ name }) => name)).toEqual(['Ann', 'Bob'])
  expect(await client.dataset('crm').table('nope').exists()).toEqual([false])
})

test('errors carry BigQuery reasons', async () => {
  await expect(client.query('SELECT nope')).rejects.toMatchObject({
    code: 400,
    message: 'Unrecognized name: nope at [1:8]',
    errors: [{ reason: 'invalidQuery' }],
  })
  await expect(client.query('SELECT * FROM crm.nope')).rejects.toMatchObject({ code: 404 })
})

test('a cancelled job is an error to who waits for it', async () => {
  const [job] = await client.createQueryJob(ENDLESS)
  const results = job.getQueryResults()
  await job.cancel()
  await expect(results).rejects.toThrow('Job execution was cancelled: User requested cancellation')
  expect((await query('SELECT 1')).status).toBe(200)
})

test('a retry with the same job id is told that it is one', async () => {
  await client.createQueryJob({ query: 'SELECT 1', jobId: 'node-1' })
  await expect(client.createQueryJob({ query: 'SELECT 1', jobId: 'node-1' })).rejects.toMatchObject(
    {
      code: 409,
    },
  )
})
