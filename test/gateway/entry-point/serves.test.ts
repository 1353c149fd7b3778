import { once } from 'node:events'
import { type IncomingMessage, request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { rawHttp, rawRequest } from '../../support/raw-http.ts'
import { type RunningFunction, runFunction } from '../../support/running-function.ts'
import * as faults from '../../support/stub-faults.ts'
import { QUERIES, SELECT } from '../../support/world.ts'

let gateway: RunningFunction
beforeAll(async () => {
  gateway = await runFunction()
  await gateway.ready()
})
afterAll(async () => {
  await gateway.stop()
})

const json = { 'content-type': 'application/json' }
const post = (body: string | Buffer, headers: Record<string, string> = {}, as?: 'ana' | 'otto') =>
  gateway.request(QUERIES, {
    method: 'POST',
    body,
    headers: { ...json, ...headers },
    ...(as === undefined ? {} : { as }),
  })

test('it lives, and it is ready', async () => {
  const health = await gateway.request('/healthz')
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }])
  const ready = await gateway.request('/readyz')
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
})

test('a query: analysed by GoogleSQL, decided on, recorded in SQLite, run and released', async () => {
  gateway.upstream.requests.length = 0
  const response = await post(JSON.stringify({ query: SELECT, useLegacySql: false }), {}, 'ana')
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ jobComplete: true, totalRows: '3' })
  expect(gateway.upstream.requests).toHaveLength(1)
  expect(gateway.upstream.requests[0]?.json()).toMatchObject({
    query: 'SELECT\n  name\nFROM\n  acme.hospital.patients',
    maximumBytesBilled: '1073741824',
  })
  const database = new DatabaseSync(join(gateway.folder, 'record.sqlite'), { readOnly: true })
  const rows = database.prepare('SELECT id FROM entries ORDER BY committed').all()
  database.close()
  const ids = rows.map(({ id }) => String(id).replaceAll(/[a-z2-7]{26}/g, '*'))
  // What is done once comes first, and before what is done under it.
  expect(ids).toEqual([
    'writer~*~opened',
    'configuration~policy~1',
    'session~*~opened',
    '*~request',
    '*~end',
  ])
})

test('a gzip body in chunks, as Java sends it', async () => {
  const body = gzipSync(JSON.stringify({ query: SELECT, useLegacySql: false }))
  const authorization = `Bearer ${await gateway.token('ana')}`
  const sent = httpRequest(`${gateway.url}${QUERIES}`, {
    method: 'POST',
    headers: { ...json, 'content-encoding': 'gzip', authorization },
  })
  sent.write(body.subarray(0, 10))
  await wait(20)
  sent.end(body.subarray(10))
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  expect(response.resume().statusCode).toBe(200)
})

test.each([
  ['a denied query', JSON.stringify({ query: SELECT }), 'otto', 403, 'accessDenied'],
  ['bad SQL', JSON.stringify({ query: 'SELEC 1' }), 'ana', 400, 'invalidQuery'],
  ['malformed JSON', '{"query":', 'ana', 400, 'invalid'],
  ['malformed JSON of nobody', '{"query":', undefined, 401, 'authError'],
  ['a duplicate key', '{"query":"SELECT 1","query":"SELECT 2"}', 'ana', 400, 'invalid'],
  ['more than 10 MB', ' '.repeat(10 * 1024 * 1024 + 1), 'ana', 413, 'invalid'],
  ['more than 10 MB, inflated', gzipSync(Buffer.alloc(11_000_000)), 'ana', 413, 'invalid'],
] as const)('%s is an error of BigQuery’s form', async (_what, body, as, code, reason) => {
  gateway.upstream.requests.length = 0
  const zipped = typeof body !== 'string'
  const response = await post(body, zipped ? { 'content-encoding': 'gzip' } : {}, as)
  expect(await errorOf(response)).toMatchObject({ code, reason })
  expect(gateway.upstream.requests).toEqual([])
})

test.each([
  ['GET', '/nowhere'],
  ['GET', '/%E0%A4'],
  ['POST', '/bigquery/v2/projects/acme/datasets/hospital/tables'],
  ['DELETE', '/bigquery/v2/projects/acme/datasets/hospital'],
  ['PUT', '/upload/bigquery/v2/projects/acme/jobs'],
])('%s %s gets JSON, and no page of the framework', async (method, target) => {
  const { head, body, status } = await rawHttp(
    gateway.url,
    rawRequest(method, target, { authorization: `Bearer ${await gateway.token('ana')}` }, '{'),
  )
  expect(status).toBeGreaterThanOrEqual(400)
  expect(head).toMatch(/content-type: application\/json/i)
  expect(JSON.parse(body.slice(body.indexOf('{')))).toMatchObject({ error: { errors: [{}] } })
  expect(head).not.toMatch(/x-powered-by/i)
})

test('discovery, and the metadata that a challenge names', async () => {
  const discovery = await gateway.request('/$discovery/rest?version=v2', { as: 'ana' })
  expect(await discovery.json()).toMatchObject({ rootUrl: `${gateway.url}/` })
  const refused = await post('{}')
  const [, metadata = ''] =
    /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '') ?? []
  expect((await fetch(metadata)).status).toBe(200)
})

test('whoever hangs up is noticed through the framework, too', async () => {
  gateway.upstream.requests.length = 0
  const aborted = Promise.withResolvers<string>()
  gateway.upstream.respond((request, response) => {
    response.on('close', () => aborted.resolve('aborted'))
    return faults.hang(request, response)
  })
  const caller = new AbortController()
  const sent = gateway
    .request(QUERIES, {
      as: 'ana',
      method: 'POST',
      headers: json,
      body: JSON.stringify({ query: SELECT }),
      signal: caller.signal,
    })
    .catch(() => 'gone')
  while (gateway.upstream.requests.length === 0) await wait(10)
  caller.abort()
  expect(await sent).toBe('gone')
  expect(await aborted.promise).toBe('aborted')
  gateway.upstream.respond(gateway.bigQuery.respond)
})

test('the log is lines of JSON, without a token or a row in them', async () => {
  const lines = gateway
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('severity')
  expect(gateway.output()).not.toMatch(/eyJ|Cleo|hospital\.patients/)
})
