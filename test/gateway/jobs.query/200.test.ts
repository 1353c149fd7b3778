import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { bodyDigest } from '../../support/record-parts.ts'
import { QUERIES, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world({ hold: { usualMs: 2_000 } })
})
afterEach(() => gateway.close())

const ROWS = [
  { f: [{ v: '1' }, { v: 'Ana' }] },
  { f: [{ v: '2' }, { v: 'Ben' }] },
  { f: [{ v: '3' }, { v: 'Cleo' }] },
]
const REPLY = {
  kind: 'bigquery#queryResponse',
  etag: 'e1',
  schema: {
    fields: [
      { name: 'id', type: 'INTEGER', mode: 'NULLABLE' },
      { name: 'name', type: 'STRING', mode: 'NULLABLE' },
    ],
  },
  jobReference: { projectId: 'acme', jobId: 'job_1', location: 'US' },
  totalRows: '3',
  rows: ROWS,
  totalBytesProcessed: '1024',
  jobComplete: true,
  cacheHit: false,
}

test('rows as BigQuery sends them, and nothing that Sluice does not know', async () => {
  const response = await gateway.query(SELECT)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.json()).toEqual(REPLY)
  expect(gateway.upstream.requests).toHaveLength(1)
})

test('the same without the prefix, as Node and Go ask with a bare endpoint', async () => {
  const body = { query: SELECT, useLegacySql: false }
  const response = await gateway.post('/projects/acme/queries', body, { as: 'ana' })
  expect(await response.json()).toEqual(REPLY)
})

test('a gzip body, a null member and numbers as strings', async () => {
  const body = { query: SELECT, useLegacySql: 'False', maxResults: '2', location: null }
  const response = await gateway.request(QUERIES, {
    as: 'ana',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify(body)),
  })
  expect(await response.json()).toMatchObject({ rows: ROWS.slice(0, 2), pageToken: 'row-2' })
})

test.each([
  ['rows', { rows: ROWS }],
  [
    'jobReference,totalRows,pageToken,rows',
    { jobReference: REPLY.jobReference, totalRows: '3', rows: ROWS },
  ],
  ['jobReference/jobId,rows(f/v)', { jobReference: { jobId: 'job_1' }, rows: ROWS }],
  ['schema(fields(name))', { schema: { fields: [{ name: 'id' }, { name: 'name' }] } }],
  ['*', REPLY],
  ['nothing', {}],
])('`fields=%s` selects', async (fields, expected) => {
  const path = `${QUERIES}?fields=${encodeURIComponent(fields)}&prettyPrint=false&alt=json`
  const response = await gateway.post(path, { query: SELECT }, { as: 'ana' })
  expect(await response.json()).toEqual(expected)
  // The job is the caller's all the same.
  expect(await gateway.store.jobs.find('acme', 'job_1')).toMatchObject({ jobId: 'job_1' })
})

test('`formatOptions` and paging reach BigQuery, on the first page and while it waits', async () => {
  gateway.bigQuery.pendingAnswers = 1
  const response = await gateway.query(SELECT, {
    with: { formatOptions: { useInt64Timestamp: true }, maxResults: 1 },
  })
  expect(await response.json()).toMatchObject({ rows: ROWS.slice(0, 1), pageToken: 'row-1' })
  const [first, second] = gateway.upstream.requests
  expect(first?.json()).toMatchObject({ formatOptions: { useInt64Timestamp: true }, maxResults: 1 })
  expect(second?.path).toBe('/bigquery/v2/projects/acme/queries/job_1')
  expect(Object.fromEntries(second?.query ?? [])).toMatchObject({
    'formatOptions.useInt64Timestamp': 'true',
    maxResults: '1',
    location: 'US',
  })
})

test.each([
  [undefined, undefined],
  [0, 0],
  ['2000', 2_000],
  [60_000, 25_000],
])('asked to wait %s ms, BigQuery is asked to wait %s', async (timeoutMs, sent) => {
  await gateway.query(SELECT, { with: { timeoutMs } })
  const body = new Map(Object.entries(gateway.upstream.requests[0]?.json() ?? {}))
  expect(body.get('query')).toBe(SELECT)
  expect(body.get('timeoutMs')).toBe(sent)
})

test('a job that takes longer is waited for, and its rows come in the first reply', async () => {
  gateway.bigQuery.pendingAnswers = 2
  const response = await gateway.query(SELECT)
  expect(await response.json()).toEqual(REPLY)
  expect(gateway.upstream.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET'])
  expect(gateway.store.ofType('request')).toHaveLength(1)
  expect(gateway.store.ofType('outcome')).toHaveLength(1)
})

test('a job that takes too long is handed over unfinished, and its call stays open', async () => {
  gateway.bigQuery.pendingAnswers = 9
  const response = await gateway.query(SELECT, { with: { timeoutMs: 100 } })
  expect(await response.json()).toEqual({
    kind: 'bigquery#queryResponse',
    jobReference: REPLY.jobReference,
    jobComplete: false,
  })
  expect(await gateway.store.jobs.find('acme', 'job_1')).toMatchObject({
    owner: 'https://id.acme.example ana',
  })
  expect(gateway.store.ofType('request')).toHaveLength(1)
  expect(gateway.store.ofType('outcome')).toEqual([])
})

test('a dry run starts no job, and claims none', async () => {
  const response = await gateway.query(SELECT, { with: { dryRun: true, requestId: 'r-1' } })
  expect(await response.json()).toMatchObject({ totalBytesProcessed: '1024', jobComplete: true })
  expect(gateway.upstream.requests.at(-1)?.json()).not.toHaveProperty('requestId')
  expect(gateway.bigQuery.jobs.size).toBe(0)
  expect(gateway.store.calls['jobs.claim']).toBe(0)
  expect(gateway.store.ofType('request')).toMatchObject([{ dryRun: true }])
})

test('what is recorded: who asked for what, why it was let, and what exactly left', async () => {
  const response = await gateway.query(`${SELECT} WHERE id = 7`, {
    headers: { 'user-agent': 'genai-toolbox/1.12.0', 'x-goog-api-client': 'gl-go/1.27.1' },
    with: {
      queryParameters: [
        { name: 'id', parameterType: { type: 'INT64' }, parameterValue: { value: 7 } },
      ],
    },
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  const [request, ...others] = gateway.store.ofType('request')
  expect(others).toEqual([])
  expect(request).toMatchObject({
    method: 'jobs.query',
    projectId: 'acme',
    dryRun: false,
    statementType: 'SELECT',
    sql: `${SELECT} WHERE id = 7`,
    strippedSql: `${SELECT} WHERE id = ?`,
    parameters: [{ name: 'id', parameterType: { type: 'INT64' }, parameterValue: { value: '7' } }],
    tables: ['acme.hospital.patients'],
    targets: [],
    principal: {
      issuer: 'https://id.acme.example',
      subject: 'ana',
      groups: ['analysts'],
      clientId: 'bq',
    },
    session: {
      verified: { sourceAddress: '192.0.2.7' },
      claimed: { userAgent: 'genai-toolbox/1.12.0', apiClient: 'gl-go/1.27.1' },
    },
    decision: {
      effect: 'permit',
      rules: ['analysts-read'],
      policyDigest: gateway.policy.digest,
    },
    connection: 'main',
  })
  const outcome = gateway.store.ofType('outcome')[0]
  expect(gateway.store.ofType('outcome')).toMatchObject([
    {
      id: `${request?.call}~end`,
      request: gateway.store.stored()[0]?.hash,
      session: request?.session.id,
      outcome: 'released',
      credentialVersion: 'projects/1/secrets/s/versions/7',
      delivery: {
        status: 200,
        rows: 3,
        totalRows: '3',
        totalBytesProcessed: '1024',
        cacheHit: false,
        schema: JSON.stringify(REPLY.schema),
        job: REPLY.jobReference,
        morePages: false,
        bytes: bytes.length,
        digest: bodyDigest(outcome, bytes),
      },
    },
  ])
  expect(gateway.store.ofType('refusal')).toEqual([])
})
