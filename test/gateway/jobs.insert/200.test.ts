import { afterEach, beforeEach, expect, test } from 'vitest'

import { base32 } from '../../../shared/kernel/base32.ts'
import { guarantee } from '../../support/guarantee.ts'
import { JOBS, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

interface Heard {
  readonly configuration: {
    readonly labels: Readonly<Record<string, string>>
    readonly query: object
  }
  readonly jobReference: Readonly<Record<string, string>>
}
const heard = (index = -1): Heard => gateway.upstream.requests.at(index)?.json() as Heard

test('a job of the caller, as its owner may see it', async () => {
  const response = await gateway.insert(SELECT, { jobReference: { jobId: 'mine' } })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    kind: 'bigquery#job',
    etag: 'e2',
    id: 'acme:US.mine',
    user_email: 'ana',
    jobReference: { projectId: 'acme', jobId: 'mine', location: 'US' },
    configuration: expect.objectContaining({ jobType: 'QUERY' }),
    status: { state: 'DONE' },
    statistics: expect.objectContaining({ totalBytesProcessed: '1024' }),
  })
  expect(await gateway.store.jobs.find('acme', 'mine')).toMatchObject({
    owner: 'https://id.acme.example ana',
    call: gateway.store.ofType('request')[0]?.call,
    request: gateway.store.stored()[0]?.hash,
  })
})

guarantee('server-owned', async () => {
  await gateway.insert(SELECT, {
    jobReference: { jobId: 'mine', projectId: 'acme', location: 'EU' },
    configuration: {
      query: {
        query: SELECT,
        useLegacySql: false,
        maximumBytesBilled: '999999999999',
        priority: 'BATCH',
        writeDisposition: 'WRITE_EMPTY',
        createDisposition: 'CREATE_IF_NEEDED',
      },
      jobType: 'QUERY',
      jobTimeoutMs: '999999999',
      labels: { team: 'blue', sluice_session: 'nightly' },
    },
  })
  const [request] = gateway.store.ofType('request')
  expect(heard()).toEqual({
    configuration: {
      query: {
        query: SELECT,
        useLegacySql: false,
        maximumBytesBilled: '1073741824',
        priority: 'BATCH',
      },
      jobTimeoutMs: '600000',
      labels: {
        team: 'blue',
        sluice_session: request?.session.id,
        sluice_decision: 'analysts-read',
        sluice_entry: base32(Buffer.from(gateway.store.stored()[0]?.hash ?? '', 'hex')),
      },
    },
    jobReference: { projectId: 'acme', jobId: 'mine', location: 'EU' },
  })
})

test('a job nobody named is named after its call, so that BigQuery starts it once', async () => {
  await gateway.insert(SELECT)
  const [request] = gateway.store.ofType('request')
  expect(heard().jobReference).toEqual({
    projectId: 'acme',
    jobId: `sluice_${request?.call}`,
    location: 'US',
  })
})

test('the job is claimed, with its place, before BigQuery hears of it', async () => {
  let known: unknown
  const { respond } = gateway.bigQuery
  gateway.upstream.respond(async (request, response) => {
    known = await gateway.store.jobs.find('acme', 'mine')
    return respond(request, response)
  })
  await gateway.insert(SELECT, { jobReference: { jobId: 'mine' } })
  expect(known).toMatchObject({ owner: 'https://id.acme.example ana', location: 'US' })
})

test('a running job comes back at once, and its call stays open', async () => {
  gateway.bigQuery.pendingAnswers = 5
  const response = await gateway.insert(SELECT, { jobReference: { jobId: 'mine' } })
  expect(await response.json()).toMatchObject({ status: { state: 'RUNNING' } })
  expect(gateway.store.ofType('request')).toHaveLength(1)
  expect(gateway.store.ofType('outcome')).toEqual([])
})

test('a job that failed at once ends its call as failed', async () => {
  const errorResult = { reason: 'invalidQuery', message: 'Unrecognized name: x at [1:8]' }
  gateway.upstream.respond((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({
        jobReference: { projectId: 'acme', jobId: 'mine', location: 'US' },
        status: { state: 'DONE', errorResult, errors: [errorResult] },
      }),
    )
  })
  const response = await gateway.insert(SELECT, { jobReference: { jobId: 'mine' } })
  expect(await response.json()).toMatchObject({ status: { state: 'DONE', errorResult } })
  expect(gateway.store.ofType('outcome')).toMatchObject([
    {
      outcome: 'failed',
      error: errorResult.message,
      delivery: { status: 200, errorReason: errorResult.reason },
    },
  ])
})

test('a dry run says what it would cost, claims no job and names none', async () => {
  const response = await gateway.insert(SELECT, {
    jobReference: { jobId: 'mine' },
    configuration: { dryRun: true },
  })
  expect(await response.json()).toMatchObject({
    status: { state: 'DONE' },
    statistics: { totalBytesProcessed: '1024' },
  })
  expect(heard()).toMatchObject({ configuration: { dryRun: true } })
  expect(heard().jobReference).toEqual({ projectId: 'acme', location: 'US' })
  expect(gateway.bigQuery.jobs.size).toBe(0)
  expect(gateway.store.calls['jobs.claim']).toBe(0)
})

guarantee('at-most-once', async () => {
  const once = { jobReference: { jobId: 'mine' } }
  expect((await gateway.insert(SELECT, once)).status).toBe(200)
  gateway.time.offset += 9_000
  const again = await gateway.insert(SELECT, once)
  // BigQuery itself refuses the second start; Python and dbt then attach to the job.
  expect(again.status).toBe(409)
  expect(heard(1)).toEqual(heard(0))
  expect(gateway.bigQuery.jobs.size).toBe(1)
  expect(gateway.store.ofType('request')).toHaveLength(1)
  expect(gateway.store.ofType('outcome')).toHaveLength(1)
  const job = await gateway.request(`${JOBS}/mine`, { as: 'ana' })
  expect(job.status).toBe(200)
})

test.each([
  ['gl-python/3.11.7 grpc/1.6 gccl/3.40.0', false],
  ['dbt-bigquery-1.12.0 gl-python/3.11.7', true],
  ['gcloud-node-bigquery/9.3.0', true],
  ['google-cloud-sdk528.0.0 google-api-python-client (gzip)', true],
])('for `%s` the anonymous result table is in the job: %s', async (userAgent, shown) => {
  const response = await gateway.insert(SELECT, { headers: { 'user-agent': userAgent } })
  const job = (await response.json()) as Heard
  expect(job.configuration.query).toHaveProperty('query', SELECT)
  expect('destinationTable' in job.configuration.query).toBe(shown)
})
