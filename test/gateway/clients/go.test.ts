import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Send, clientLike, recordedHeaders } from '../../support/client-like.ts'
import { type LabWorld, labWorld } from '../../support/lab-world.ts'

const P = '/bigquery/v2/projects/acme'
/** What Go adds to every request. */
const GO = 'alt=json&prettyPrint=false'
const RESULTS = `${GO}&formatOptions.useInt64Timestamp=true&location=US`

let lab: LabWorld
let go: Send
beforeAll(async () => {
  lab = await labWorld()
  go = clientLike(lab.url, await lab.gateway.token('ana'), recordedHeaders.go)
})
afterAll(() => lab?.close())

const SQL = 'SELECT id, created FROM lab.people ORDER BY id'

test('execute_sql of the MCP Toolbox: a dry run without a job id, the job, its rows', async () => {
  const dry = await go(`POST ${P}/jobs?${GO}`, {
    configuration: { dryRun: true, query: { query: SQL, useLegacySql: false } },
    jobReference: { location: 'US', projectId: 'acme' },
  })
  expect(dry.body).toMatchObject({
    configuration: {
      dryRun: true,
      // Go reads int64 from strings only.
      jobTimeoutMs: '600000',
      query: { maximumBytesBilled: '10737418240' },
    },
    statistics: { query: { statementType: 'SELECT' } },
  })
  const jobId = 'Z4joTsM1v68TTNpkPyIo1mJOeez'
  const job = await go(`POST ${P}/jobs?${GO}`, {
    configuration: {
      labels: { 'mcp-toolbox-tool': 'bigquery-execute-sql' },
      query: { query: SQL, useLegacySql: false },
    },
    jobReference: { jobId, location: 'US', projectId: 'acme' },
  })
  expect(job.body.jobReference).toEqual({ jobId, location: 'US', projectId: 'acme' })
  const wait = await go(`GET ${P}/queries/${jobId}?${RESULTS}&maxResults=0`)
  expect(wait.body).toMatchObject({ jobComplete: true, schema: { fields: [{}, {}] } })
  const rows = await go(
    `GET ${P}/queries/${jobId}?${RESULTS}&fields=rows%2CpageToken%2CtotalRows&startIndex=0`,
  )
  expect(Object.keys(rows.body).toSorted()).toEqual(['rows', 'totalRows'])
  expect(rows.body.rows[0]).toEqual({ f: [{ v: '1' }, { v: '1704164645678123' }] })
  const state = await go(`GET ${P}/jobs/${jobId}?${GO}&fields=status%2Cstatistics&location=US`)
  expect(Object.keys(state.body).toSorted()).toEqual(['statistics', 'status'])
  expect(state.body.status).toEqual({ state: 'DONE' })

  const [ended] = lab.gateway.store.ofType('request').filter(({ dryRun }) => !dryRun)
  expect(ended?.session.claimed).toMatchObject({
    server: expect.stringMatching(/^genai-toolbox\/\d/),
    tool: 'bigquery-execute-sql',
    userAgent: expect.stringMatching(/^genai-toolbox\//),
  })
})

test('Query.Read: one request, and pages without their schema', async () => {
  const { body } = await go(`POST ${P}/queries?${GO}`, {
    query: 'SELECT n FROM lab.numbers ORDER BY n',
    useLegacySql: false,
    maxResults: 100,
    formatOptions: { useInt64Timestamp: true },
    requestId: 'request-of-go',
  })
  expect(body).toMatchObject({ jobComplete: true, totalRows: '250', schema: { fields: [{}] } })
  const { jobId } = body.jobReference
  const rows = [...body.rows]
  for (let { pageToken } = body; pageToken !== undefined;) {
    const path = `GET ${P}/queries/${jobId}?${RESULTS}&fields=rows%2CpageToken%2CtotalRows&maxResults=100`
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const page = await go(`${path}&pageToken=${pageToken}`)
    rows.push(...page.body.rows)
    pageToken = page.body.pageToken
  }
  expect(rows.map(({ f }) => f[0].v)).toEqual(Array.from({ length: 250 }, (_, n) => `${n + 1}`))
})

test('DML: the last look asks for the schema too', async () => {
  const { body } = await go(`POST ${P}/jobs?${GO}`, {
    configuration: {
      query: { query: 'INSERT INTO lab.orders (order_id) VALUES (21)', useLegacySql: false },
    },
    jobReference: { jobId: 'dml-of-go', location: 'US', projectId: 'acme' },
  })
  expect(body.status).toBeDefined()
  await go(`GET ${P}/queries/dml-of-go?${RESULTS}&maxResults=0`)
  const fields = 'fields=rows%2CpageToken%2CtotalRows%2Cschema'
  const end = await go(`GET ${P}/queries/dml-of-go?${RESULTS}&${fields}&startIndex=0`)
  expect(end).toMatchObject({ status: 200 })
  expect(end.body).not.toHaveProperty('rows')
})

test('lists, with the empty page token that Go sends', async () => {
  const datasets = await go(`GET ${P}/datasets?all=false&pageToken=&${GO}`)
  expect(datasets.body.datasets).toMatchObject([{ id: 'acme:lab' }])
  const tables = await go(`GET ${P}/datasets/lab/tables?pageToken=&${GO}`)
  expect(tables.body.tables).toHaveLength(7)
  const schema = await go(`GET ${P}/datasets/lab/tables/orders?${GO}&fields=schema`)
  expect(Object.keys(schema.body)).toEqual(['schema'])
})
