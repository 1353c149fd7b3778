import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Send, clientLike, recordedHeaders } from '../../support/client-like.ts'
import { type LabWorld, labWorld } from '../../support/lab-world.ts'

const P = '/bigquery/v2/projects/acme'
/** How Python asks for rows once it knows the schema. */
const ROWS =
  'fields=jobReference%2CtotalRows%2CpageToken%2Crows&location=US&formatOptions.useInt64Timestamp=True&prettyPrint=false'

let lab: LabWorld
let python: Send
let dbt: Send
beforeAll(async () => {
  lab = await labWorld({ usualMs: 500 })
  const token = await lab.gateway.token('ana')
  python = clientLike(lab.url, token, recordedHeaders.python)
  dbt = clientLike(lab.url, token, recordedHeaders.dbt)
})
afterAll(() => lab?.close())

let jobs = 0
const insert = (send: Send, query: string, more: object = {}, jobId = `job-of-python-${jobs++}`) =>
  send(`POST ${P}/jobs?prettyPrint=false`, {
    jobReference: { jobId, projectId: 'acme', location: 'US' },
    configuration: { query: { useLegacySql: false, query }, ...more },
  })
const jobIdOf = (reply: { readonly body: { jobReference: { jobId: string } } }): string =>
  reply.body.jobReference.jobId

describe('google-cloud-bigquery for Python', () => {
  test('query().result()', async () => {
    const job = await insert(python, 'SELECT id, created FROM lab.people ORDER BY id')
    expect(job).toMatchObject({ status: 200, body: { kind: 'bigquery#job', status: {} } })
    const id = jobIdOf(job)

    const wait = await python(`GET ${P}/queries/${id}?maxResults=0&location=US&prettyPrint=false`)
    expect(wait.body).toMatchObject({
      jobComplete: true,
      totalRows: '3',
      schema: { fields: [{ name: 'id' }, { name: 'created', type: 'TIMESTAMP' }] },
    })
    expect(wait.body).not.toHaveProperty('rows')

    const { body } = await python(`GET ${P}/queries/${id}?${ROWS}`)
    expect(Object.keys(body).toSorted()).toEqual(['jobReference', 'rows', 'totalRows'])
    // Microseconds: Python cannot read the other form.
    expect(body.rows[0]).toEqual({ f: [{ v: '1' }, { v: '1704164645678123' }] })
  })

  test('result(page_size=100)', async () => {
    const id = jobIdOf(await insert(python, 'SELECT n, s FROM lab.numbers ORDER BY n'))
    const first = await python(
      `GET ${P}/queries/${id}?maxResults=100&formatOptions.useInt64Timestamp=True&location=US&prettyPrint=false`,
    )
    expect(first.body).toMatchObject({ totalRows: '250', schema: { fields: [{}, {}] } })
    const rows = [...first.body.rows]
    for (let { pageToken } = first.body; pageToken !== undefined;) {
      const path = `GET ${P}/queries/${id}?pageToken=${pageToken}&maxResults=100&${ROWS}`
      // oxlint-disable-next-line no-await-in-loop -- each page names the next
      const { body } = await python(path)
      expect(body).not.toHaveProperty('schema')
      rows.push(...body.rows)
      pageToken = body.pageToken
    }
    expect(rows.map(({ f }) => f[0].v)).toEqual(Array.from({ length: 250 }, (_, n) => `${n + 1}`))
  })

  test('query_and_wait(), with more pages than one', async () => {
    const { body } = await python(`POST ${P}/queries?prettyPrint=false`, {
      useLegacySql: false,
      formatOptions: { useInt64Timestamp: true },
      location: 'US',
      query: 'SELECT n, s FROM lab.numbers ORDER BY n',
      maxResults: 100,
      requestId: 'bc8cd642-700a-410c-8375-19c63c1fec82',
    })
    expect(body).toMatchObject({ jobComplete: true, totalRows: '250' })
    const { jobId } = body.jobReference
    const job = await python(`GET ${P}/jobs/${jobId}?projection=full&location=US&prettyPrint=false`)
    expect(job.body).toMatchObject({ status: { state: 'DONE' } })
    const path = `GET ${P}/queries/${jobId}?pageToken=${body.pageToken}&maxResults=100&${ROWS}`
    expect((await python(path)).body.rows[0].f[0].v).toBe('101')
  })

  test('query().result() of a job that takes longer than one request', async () => {
    const job = await insert(python, 'SELECT n FROM lab.slow')
    const look = `GET ${P}/jobs/${jobIdOf(job)}?projection=full&location=US&prettyPrint=false`
    const wait = `GET ${P}/queries/${jobIdOf(job)}?maxResults=0&location=US&prettyPrint=false`
    expect((await python(look)).body.status.state).toMatch(/^(PENDING|RUNNING)$/)
    const start = performance.now()
    expect((await python(wait)).body).toMatchObject({ jobComplete: false })
    expect(performance.now() - start).toBeGreaterThan(450)
    const [{ body }] = await Promise.all([python(wait), lab.release()])
    expect(body).toMatchObject({ jobComplete: true, totalRows: '1' })
    expect((await python(look)).body.status).toEqual({ state: 'DONE' })
    const { body: page } = await python(`GET ${P}/queries/${jobIdOf(job)}?${ROWS}`)
    expect(page.rows).toEqual([{ f: [{ v: '1' }] }])
  })

  test('job.cancel()', async () => {
    const id = jobIdOf(await insert(python, 'SELECT n FROM lab.slow'))
    const cancelled = await python(`POST ${P}/jobs/${id}/cancel?location=US&prettyPrint=false`)
    expect(cancelled.body.job.jobReference).toMatchObject({ jobId: id })
    const { body } = await python(`GET ${P}/jobs/${id}?projection=full&location=US`)
    expect(body.status).toMatchObject({ state: 'DONE', errorResult: { reason: 'stopped' } })
    const rows = await python(`GET ${P}/queries/${id}?maxResults=0&location=US`)
    expect(rows).toMatchObject({
      status: 400,
      body: { error: { errors: [{ reason: 'stopped' }] } },
    })
  })

  test('a dry run, either way', async () => {
    const query = 'SELECT id, name FROM lab.people'
    const job = await insert(python, query, { dryRun: true })
    expect(job.body).toMatchObject({
      configuration: { dryRun: true },
      status: { state: 'DONE' },
      statistics: { totalBytesProcessed: expect.stringMatching(/^\d+$/) },
    })
    expect(job.body.statistics.query.schema.fields).toHaveLength(2)
    const { body } = await python(`POST ${P}/queries?prettyPrint=false`, {
      dryRun: true,
      useLegacySql: false,
      formatOptions: { useInt64Timestamp: true },
      location: 'US',
      query,
      requestId: '6b89b8ff-d8b9-4abb-85ec-268e728c1f2b',
    })
    expect(body).toMatchObject({ jobComplete: true, schema: { fields: [{}, {}] } })
  })

  test('a job id that exists: 409, and the client attaches to the job', async () => {
    const query = 'SELECT id, name FROM lab.people'
    const id = jobIdOf(await insert(python, query))
    const again = await insert(python, query, {}, id)
    expect(again).toMatchObject({
      status: 409,
      body: { error: { errors: [{ reason: 'duplicate' }] } },
    })
    const { body } = await python(`GET ${P}/jobs/${id}?projection=full&location=US`)
    expect(body.jobReference).toMatchObject({ jobId: id })
  })

  test('list_rows()', async () => {
    const table = `GET ${P}/datasets/lab/tables/people`
    expect((await python(`${table}?prettyPrint=false`)).body.schema.fields).toHaveLength(15)
    const options =
      'selectedFields=id%2Cname&formatOptions.useInt64Timestamp=True&prettyPrint=false'
    const { body } = await python(`${table}/data?maxResults=1&${options}`)
    expect(body).toMatchObject({ totalRows: '3', rows: [{ f: [{ v: '1' }, { v: 'Ann' }] }] })
  })

  test('to_dataframe() stays on REST: jobs name no anonymous table', async () => {
    const job = await insert(python, 'SELECT id FROM lab.people')
    const look = await python(`GET ${P}/jobs/${jobIdOf(job)}?projection=full&location=US`)
    for (const { body } of [job, look])
      expect(body.configuration.query).not.toHaveProperty('destinationTable')
    // One that somebody named is no secret.
    const write = await insert(python, 'INSERT INTO lab.orders (order_id) VALUES (9)')
    await python(`GET ${P}/queries/${jobIdOf(write)}?maxResults=0&location=US`)
    const written = await python(`GET ${P}/jobs/${jobIdOf(write)}?projection=full&location=US`)
    expect(written.body).toMatchObject({
      configuration: { query: { destinationTable: { tableId: 'orders' } } },
      statistics: { query: { numDmlAffectedRows: '1' } },
    })
  })
})

describe('dbt', () => {
  test('a model: the job, its rows, and the table they are in', async () => {
    const more = {
      labels: { dbt_invocation_id: 'x' },
      dryRun: false,
      jobTimeoutMs: '86400000',
    }
    const sql = '/* {"app": "dbt"} */\nSELECT id, name FROM lab.people'
    const job = await insert(dbt, sql, more)
    expect(job.status).toBe(200)
    const id = jobIdOf(job)
    const wait = await dbt(`GET ${P}/queries/${id}?maxResults=0&location=US&prettyPrint=false`)
    expect(wait.body).toMatchObject({ jobComplete: true })
    expect((await dbt(`GET ${P}/queries/${id}?${ROWS}`)).body.rows).toHaveLength(3)

    const look = await dbt(`GET ${P}/jobs/${id}?projection=full&location=US&prettyPrint=false`)
    expect(look.body.configuration).toMatchObject({
      labels: { dbt_invocation_id: 'x' },
      // Policy's own, not the day it asked for.
      jobTimeoutMs: '600000',
    })
    const { datasetId, tableId } = look.body.configuration.query.destinationTable
    expect(datasetId).toMatch(/^_/)
    const anonymous = `${P}/datasets/${datasetId}/tables/${tableId}?prettyPrint=false`
    const table = await dbt(`GET ${anonymous}`)
    expect(table.body).toMatchObject({ numRows: '3', schema: { fields: [{}, {}] } })

    // To anybody else there is no such table.
    const bob = clientLike(lab.url, await lab.gateway.token('bob'), recordedHeaders.dbt)
    expect(await bob(`GET ${anonymous}`)).toMatchObject({ status: 404 })
  })

  test('what there is', async () => {
    const datasets = await dbt(`GET ${P}/datasets?maxResults=10000&prettyPrint=false`)
    expect(datasets.body.datasets).toMatchObject([{ datasetReference: { datasetId: 'lab' } }])
    const tables = await dbt(`GET ${P}/datasets/lab/tables?maxResults=1&prettyPrint=false`)
    expect(tables.body.tables).toHaveLength(1)
  })
})

test('LucasHild’s MCP server describes a table by INFORMATION_SCHEMA', async () => {
  const job = await python(`POST ${P}/jobs?prettyPrint=false`, {
    jobReference: {
      jobId: 'f04a5d27-78a3-4b9e-abdc-6e9a794662cc',
      projectId: 'acme',
      location: 'US',
    },
    configuration: {
      query: {
        queryParameters: [
          {
            parameterType: { type: 'STRING' },
            parameterValue: { value: 'people' },
            name: 'table_name',
          },
        ],
        useLegacySql: false,
        query:
          '\n            SELECT table_name\n            FROM lab.INFORMATION_SCHEMA.TABLES\n            WHERE table_name = @table_name;\n        ',
        parameterMode: 'NAMED',
      },
    },
  })
  await python(`GET ${P}/queries/${jobIdOf(job)}?maxResults=0&location=US&prettyPrint=false`)
  const { body } = await python(`GET ${P}/queries/${jobIdOf(job)}?${ROWS}`)
  expect(body.rows).toEqual([{ f: [{ v: 'people' }] }])
})
