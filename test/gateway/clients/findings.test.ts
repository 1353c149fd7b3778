/** What broke a real client when it was tried against a gateway that did otherwise, one test each. */
import { afterEach, beforeEach, expect, test } from 'vitest'

import { clientLike, recordedHeaders, type Send } from '../../support/client-like.ts'
import { jsonReply } from '../../support/stub-replies.ts'
import { CANARY, SELECT, type World, world } from '../../support/world.ts'

const P = '/bigquery/v2/projects/acme'
const USUAL_MS = 1_000

let gateway: World
let token: string
let url: string
beforeEach(async () => {
  gateway = await world({ hold: { usualMs: USUAL_MS, javaMs: 150, longestMs: 10_000 } })
  token = await gateway.token('ana')
  url = await gateway.listen()
})
afterEach(() => gateway.close())

const as = (client: keyof typeof recordedHeaders, options = {}): Send =>
  clientLike(url, token, recordedHeaders[client], options)
const query = (send: Send, more: object = {}) =>
  send(`POST ${P}/queries`, { query: SELECT, useLegacySql: false, ...more })
const insert = (send: Send, jobId: string, more: object = {}) =>
  send(`POST ${P}/jobs`, {
    configuration: { query: { query: SELECT, useLegacySql: false }, ...more },
    jobReference: { projectId: 'acme', jobId, location: 'US' },
  })
const took = async (work: Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work
  return performance.now() - start
}

test('1: a wait is kept open, unless the client says how long', async () => {
  const bq = as('bq')
  gateway.bigQuery.pendingAnswers = Number.MAX_SAFE_INTEGER
  await insert(bq, 'endless')
  const results = `GET ${P}/queries/endless?maxResults=0`
  expect(await took(bq(results))).toBeGreaterThan(USUAL_MS - 50)
  expect(await took(query(bq))).toBeGreaterThan(USUAL_MS - 50)
  expect(await took(bq(`${results}&timeoutMs=0`))).toBeLessThan(USUAL_MS)
  expect(await took(query(bq, { timeoutMs: 0 }))).toBeLessThan(USUAL_MS)
  expect(await took(as('java')(results))).toBeLessThan(USUAL_MS)
  // BigQuery is not hammered in the client's place.
  expect(gateway.upstream.requests.length).toBeLessThan(20)
})

test('2: Node’s one request for rows is never answered early', async () => {
  const node = as('node')
  // Each answer of the stub is 250 ms after the one before.
  gateway.bigQuery.pendingAnswers = 6
  await insert(node, 'longer')
  const { body } = await node(`GET ${P}/queries/longer?location=US&maxResults=100`)
  expect(body).toMatchObject({ jobComplete: true, rows: [{}, {}, {}] })
})

/** What is refused for good. */
const refused: readonly (readonly [string, (send: Send) => ReturnType<Send>])[] = [
  ['a table out of reach', (send) => query(send, { query: 'SELECT * FROM acme.vault.keys' })],
  ['the same as a job', (send) => insert(send, 'x', { query: { query: 'SELECT * FROM a.b.c' } })],
  [
    'the same, dry',
    (send) => query(send, { query: 'SELECT * FROM acme.vault.keys', dryRun: true }),
  ],
  [
    'a project of nobody',
    (send) => send('POST /bigquery/v2/projects/other/queries', { query: SELECT }),
  ],
  ['a statement nobody understands', (send) => query(send, { query: 'CALL something()' })],
  ['a syntax error', (send) => query(send, { query: 'BROKEN' })],
  ['an unknown member', (send) => query(send, { destinationEncryption: {} })],
  ['legacy SQL', (send) => query(send, { useLegacySql: true })],
  ['a session', (send) => query(send, { createSession: true })],
  ['a load job', (send) => send(`POST ${P}/jobs`, { configuration: { load: {} } })],
  ['a job of nobody', (send) => send(`GET ${P}/queries/nobodys`)],
  ['a table out of sight', (send) => send(`GET ${P}/datasets/vault/tables/keys`)],
  ['a method nobody offers', (send) => send(`POST ${P}/datasets/hospital/tables/x/insertAll`, {})],
  ['a path nobody knows', (send) => send('GET /bigquery/v2/something')],
  ['no token', (send) => send(`GET ${P}/datasets`, undefined, { authorization: '' })],
  [
    'a token of nobody',
    (send) => send(`GET ${P}/datasets`, undefined, { authorization: 'Bearer x' }),
  ],
]

test.each(refused)('3 and 4: %s is refused for good, in BigQuery’s own form', async (_, ask) => {
  const { status, headers, body } = await ask(as('go'))
  expect(status).toBeGreaterThanOrEqual(400)
  expect(status).toBeLessThan(500)
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  const { code, message, errors, status: name } = body.error
  expect(body).toEqual({
    error: {
      code,
      message,
      errors: [{ message, domain: 'global', reason: errors[0].reason }],
      status: name,
    },
  })
  expect(code).toBe(status)
  expect(name).toMatch(/^[A-Z_]+$/)
  expect(['backendError', 'internalError', 'rateLimitExceeded', 'badGateway']).not.toContain(
    errors[0].reason,
  )
  // Java repeats whatever says so.
  expect(message).not.toMatch(/exceed.*rate.*limit/i)
  expect(gateway.upstream.requests).toEqual([])
})

const denied = (message: string) => ({ message, domain: 'global', reason: 'accessDenied' })

test('4: of several errors of BigQuery’s own, the first is shown, word for word', async () => {
  const message = 'Access Denied: not today\nask at https://go.acme.example/?a=1&b=<2>'
  const error = {
    code: 403,
    message,
    errors: [denied(message), denied('another')],
    status: 'PERMISSION_DENIED',
  }
  gateway.upstream.respond(jsonReply(403, { error }))
  const { status, body } = await query(as('node'))
  expect(status).toBe(403)
  expect(body).toEqual({ error: { ...error, errors: [denied(message)] } })
})

test('5: the discovery document is there, for whoever has a token', async () => {
  const bq = as('bq')
  const path = 'GET /$discovery/rest?version=v2'
  const { status, body } = await bq(path)
  expect(status).toBe(200)
  expect(body).toMatchObject({ kind: 'discovery#restDescription', servicePath: 'bigquery/v2/' })
  expect(Object.keys(body.resources).toSorted()).toEqual([
    'datasets',
    'jobs',
    'projects',
    'routines',
    'tabledata',
    'tables',
  ])
  expect((await bq(path, undefined, { authorization: '' })).status).toBe(401)
})

test('6: both forms of every path', async () => {
  const node = as('node')
  const ask = { query: SELECT, useLegacySql: false, requestId: 'r' }
  const { body } = await node('POST /projects/acme/queries', ask)
  const { jobId } = body.jobReference
  for (const base of [P, '/projects/acme'])
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect((await node(`GET ${base}/queries/${jobId}`)).body.rows).toHaveLength(3)
  expect((await node('GET /projects/acme/datasets')).body.datasets).toHaveLength(1)
})

test('7: rows without their schema, on every path of rows', async () => {
  const send = as('python')
  const { body } = await query(as('node'))
  const { jobId } = body.jobReference
  const python = await send(
    `GET ${P}/queries/${jobId}?fields=jobReference%2CtotalRows%2CpageToken%2Crows`,
  )
  expect(python.body).toEqual({
    jobReference: body.jobReference,
    totalRows: '3',
    rows: body.rows,
  })
  const go = await send(`GET ${P}/queries/${jobId}?fields=rows%2CpageToken%2CtotalRows`)
  expect(go.body).toEqual({ totalRows: '3', rows: body.rows })
  const table = await send(`GET ${P}/datasets/hospital/tables/patients/data?fields=rows`)
  expect(table.body).toEqual({ rows: body.rows })
})

test('8: a request that comes again is the same request, and runs once', async () => {
  const [node, python] = [as('node'), as('python')]
  const replies = await Promise.all([1, 2, 3].map(() => query(node, { requestId: 'again' })))
  expect(new Set(replies.map(({ body }) => body.jobReference.jobId)).size).toBe(1)
  expect(gateway.store.ofType('request')).toHaveLength(1)

  expect((await insert(python, 'twice')).status).toBe(200)
  const second = await insert(python, 'twice')
  expect(second).toMatchObject({
    status: 409,
    body: { error: { errors: [{ reason: 'duplicate' }] } },
  })
  // So the client attaches to the job.
  expect((await python(`GET ${P}/jobs/twice?projection=full&location=US`)).status).toBe(200)
  expect(gateway.store.ofType('request')).toHaveLength(2)
  expect(gateway.bigQuery.jobs.size).toBe(2)
})

test('9: neither a dry run nor the start of a job is kept open', async () => {
  gateway.bigQuery.pendingAnswers = Number.MAX_SAFE_INTEGER
  const go = as('go')
  const started = await insert(go, 'long')
  expect(started.body.status.state).toMatch(/^(PENDING|RUNNING)$/)
  expect(await took(insert(go, 'longer'))).toBeLessThan(USUAL_MS)
  expect(await took(insert(go, 'dry', { dryRun: true }))).toBeLessThan(USUAL_MS)
  expect(await took(query(as('node'), { dryRun: true }))).toBeLessThan(USUAL_MS)
})

/** Whether a job names its table, in the replies of `jobs.insert` and `jobs.get`. */
async function shown(client: keyof typeof recordedHeaders): Promise<readonly boolean[]> {
  const send = as(client)
  const started = await insert(send, `job-of-${client}`)
  const look = await send(`GET ${P}/jobs/job-of-${client}`)
  return [started, look].map(({ body }) => 'destinationTable' in body.configuration.query)
}

test('10: only Python’s own client is not told of anonymous tables', async () => {
  expect(await shown('python')).toEqual([false, false])
  // bq names Python in another header only, and dbt is built on Python's client.
  for (const client of ['bq', 'dbt', 'java', 'go', 'node'] as const)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await shown(client), client).toEqual([true, true])
})

test('11: bodies and parameters as clients write them', async () => {
  const java = as('java', { gzip: true })
  const loose = { maxResults: '2', timeoutMs: '0', useQueryCache: 'true', defaultDataset: null }
  const { status, body } = await query(java, { ...loose, maximumBytesBilled: 1_000_000 })
  expect(status).toBe(200)
  expect(body.rows).toHaveLength(2)
  const results = `${P}/queries/${body.jobReference.jobId}`
  const parameters = 'formatOptions.useInt64Timestamp=True&pageToken=&prettyPrint=false&alt=json'
  expect((await java(`GET ${results}?${parameters}`)).status).toBe(200)

  // bq and Java send a GET of more than 2048 characters as a form.
  const form = {
    'x-http-method-override': 'GET',
    'content-type': 'application/x-www-form-urlencoded',
  }
  const long = await java(
    `POST ${results}`,
    `maxResults=1&pageToken=row-1&key=${'x'.repeat(2100)}`,
    form,
  )
  expect(long.body).toMatchObject({ rows: [{ f: [{ v: '2' }, { v: 'Ben' }] }] })
})

test('12: the page token of a query is good for its anonymous table', async () => {
  const java = as('java')
  const { body } = await query(java, { maxResults: 1 })
  const job = await java(`GET ${P}/jobs/${body.jobReference.jobId}`)
  const { datasetId, tableId } = job.body.configuration.query.destinationTable
  const data = `${P}/datasets/${datasetId}/tables/${tableId}/data`
  expect((await java(`GET ${data}?maxResults=1&pageToken=${body.pageToken}`)).status).toBe(200)
  const asked = gateway.upstream.requests.at(-1)
  expect(asked?.path).toBe(data)
  expect(asked?.query.get('pageToken')).toBe(body.pageToken)
})

test.each([
  '/upload/bigquery/v2/projects/acme/jobs?uploadType=resumable',
  '/upload/bigquery/v2/projects/acme/jobs?uploadType=multipart',
  '/bigquery/v2/upload/bigquery/v2/projects/acme/jobs?uploadType=multipart',
  '/resumable/upload/bigquery/v2/projects/acme/jobs?uploadType=resumable',
])('6 and 13: no upload begins or goes on at %s', async (path) => {
  const python = as('python')
  for (const line of [`POST ${path}`, `PUT ${path}&upload_id=e0bde6e3ef5a5f58`]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { status, headers, body } = await python(line, { configuration: { load: {} } })
    expect(status).toBe(403)
    expect(headers.get('location')).toBeNull()
    expect(body.error.errors).toMatchObject([{ reason: 'accessDenied' }])
    expect(body.error.message).toContain('Sluice does not offer uploads')
  }
  expect(gateway.upstream.requests).toEqual([])
})

test('14: nothing of a client’s headers reaches BigQuery', async () => {
  await query(as('bq'), { requestId: 'r' })
  await insert(as('dbt'), 'job-of-dbt')
  expect(gateway.upstream.requests).toHaveLength(2)
  for (const { headers, rawHeaders } of gateway.upstream.requests) {
    expect(headers.authorization).toBe(`Bearer ${CANARY}`)
    expect(headers).not.toHaveProperty('x-goog-user-project')
    expect(rawHeaders.join('\n')).not.toMatch(/google-cloud-sdk|dbt-bigquery/)
    expect(rawHeaders.join('\n')).not.toContain(token)
  }
})
