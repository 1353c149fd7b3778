import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Send, clientLike, recordedHeaders } from '../../support/client-like.ts'
import { type LabWorld, labWorld } from '../../support/lab-world.ts'

const P = '/bigquery/v2/projects/acme'

let lab: LabWorld
let java: Send
beforeAll(async () => {
  lab = await labWorld({ javaMs: 500 })
  java = clientLike(lab.url, await lab.gateway.token('ana'), recordedHeaders.java, { gzip: true })
})
afterAll(() => lab?.close())

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' }
let made = 0
const query = (sql: string, more: object = {}) =>
  java(
    `POST ${P}/queries`,
    {
      query: sql,
      useLegacySql: false,
      requestId: `request-of-java-${made++}`,
      jobCreationMode: 'JOB_CREATION_MODE_UNSPECIFIED',
      formatOptions: { useInt64Timestamp: false },
      location: 'US',
      ...more,
    },
    JSON_TYPE,
  )
const insert = (sql: string, more: object = {}) =>
  java(
    `POST ${P}/jobs?prettyPrint=false`,
    {
      configuration: { query: { query: sql, useLegacySql: false }, ...more },
      jobReference: { jobId: `job-of-java-${made++}`, projectId: 'acme', location: 'US' },
    },
    JSON_TYPE,
  )
const look = (jobId: string) => java(`GET ${P}/jobs/${jobId}?location=US&prettyPrint=false`)
/** Where Java reads the rows of a job: the path of its anonymous table. */
const resultOf = (job: {
  readonly configuration: { readonly query: { readonly destinationTable: Record<string, string> } }
}): string => {
  const { datasetId, tableId } = job.configuration.query.destinationTable
  expect(datasetId).toMatch(/^_/)
  return `${P}/datasets/${datasetId}/tables/${tableId}/data`
}

test('a query that is over at once, its body compressed and in chunks', async () => {
  const { status, body } = await query('SELECT id, created FROM lab.people ORDER BY id')
  expect(status).toBe(200)
  expect(body).toMatchObject({ jobComplete: true, totalRows: '3' })
  // Seconds, as it asked for.
  expect(body.rows[0].f[1].v).toBe('1.704164645678123E9')
})

test('more pages: the token of the query is good for the anonymous table', async () => {
  const { body } = await query('SELECT n FROM lab.numbers ORDER BY n', { maxResults: 100 })
  const data = resultOf((await look(body.jobReference.jobId)).body)
  const rows = [...body.rows]
  for (let { pageToken } = body; pageToken !== undefined;) {
    const path = `GET ${data}?maxResults=100&pageToken=${pageToken}&prettyPrint=false`
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const page = await java(path)
    expect(page.body).toMatchObject({ totalRows: '250' })
    rows.push(...page.body.rows)
    pageToken = page.body.pageToken
  }
  expect(rows.map(({ f }) => f[0].v)).toEqual(Array.from({ length: 250 }, (_, n) => `${n + 1}`))

  // Every page is on the record under the one query.
  const call = lab.gateway.store.ofType('request').at(-1)?.call
  const pages = lab.gateway.store.ofType('page').filter((page) => page.call === call)
  expect(pages.map(({ delivery }) => delivery.rows)).toEqual([100, 50])

  // Nobody else gets at it with the same words.
  const bob = clientLike(lab.url, await lab.gateway.token('bob'), recordedHeaders.java)
  expect(await bob(`GET ${data}?maxResults=100&pageToken=${body.pageToken}`)).toMatchObject({
    status: 404,
  })
})

test('a job: wait without rows, then read the anonymous table', async () => {
  const job = await insert('SELECT n, s FROM lab.numbers')
  const { jobId } = job.body.jobReference
  const wait = await java(`GET ${P}/queries/${jobId}?location=US&maxResults=0&prettyPrint=false`)
  expect(wait.body).toMatchObject({ jobComplete: true, totalRows: '250' })
  const { body } = await java(`GET ${resultOf(job.body)}?prettyPrint=false`)
  expect(body.rows).toHaveLength(250)
})

test('a job that takes longer: the reply is early enough for its read timeout', async () => {
  const job = await insert('SELECT n FROM lab.slow')
  const { jobId } = job.body.jobReference
  const wait = `GET ${P}/queries/${jobId}?location=US&maxResults=0&prettyPrint=false`
  const start = performance.now()
  expect((await java(wait)).body).toMatchObject({ jobComplete: false })
  expect(performance.now() - start).toBeGreaterThan(450)
  const [{ body }] = await Promise.all([java(wait), lab.release()])
  expect(body).toMatchObject({ jobComplete: true })
  const done = await look(jobId)
  expect(done.body.status).toEqual({ state: 'DONE' })
  const rows = await java(`GET ${resultOf(done.body)}?prettyPrint=false`)
  expect(rows.body.rows).toEqual([{ f: [{ v: '1' }] }])
})

test('DML', async () => {
  const { body } = await query('INSERT INTO lab.orders (order_id) VALUES (11), (12)')
  expect(body).toMatchObject({ jobComplete: true, numDmlAffectedRows: '2' })
  const { jobId } = body.jobReference
  expect((await look(jobId)).body.statistics.query).toMatchObject({ statementType: 'INSERT' })
  const wait = await java(`GET ${P}/queries/${jobId}?location=US&maxResults=0&prettyPrint=false`)
  expect(wait.body).toMatchObject({ jobComplete: true, numDmlAffectedRows: '2' })
})

test('a dry run, with a job id', async () => {
  const { body } = await insert('SELECT id, name FROM lab.people', { dryRun: true })
  expect(body).toMatchObject({
    configuration: { dryRun: true },
    statistics: { query: { statementType: 'SELECT', schema: { fields: [{}, {}] } } },
  })
})

test('a table: schema, and rows in pages', async () => {
  const table = `${P}/datasets/lab/tables/numbers`
  const { body } = await java(`GET ${table}?prettyPrint=false`)
  expect(body.schema.fields).toMatchObject([{ name: 'n' }, { name: 's' }])
  const first = await java(`GET ${table}/data?maxResults=10&prettyPrint=false`)
  const second = await java(
    `GET ${table}/data?maxResults=10&pageToken=${first.body.pageToken}&prettyPrint=false`,
  )
  expect(second.body.rows[0].f[0].v).toBe('11')
})

test('a GET as a form', async () => {
  const form = {
    'x-http-method-override': 'GET',
    'content-type': 'application/x-www-form-urlencoded',
  }
  const path = `POST ${P}/datasets/lab/tables/people/data`
  const { status, body } = await java(path, 'maxResults=1&prettyPrint=false', form)
  expect(status).toBe(200)
  expect(body).toMatchObject({ totalRows: '3', rows: [{}] })
})

test('errors', async () => {
  expect(await query('SELECT * FROM vault.secrets')).toMatchObject({
    status: 403,
    body: { error: { errors: [{ reason: 'accessDenied' }] } },
  })
  const { status, body } = await query('SELEC 1')
  expect(status).toBe(400)
  expect(body.error).toMatchObject({ errors: [{ reason: 'invalidQuery' }] })
  // Java repeats whatever says this, so no refusal may.
  expect(body.error.message).not.toMatch(/exceed.*rate.*limit/i)
})
