import { setImmediate, setTimeout } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { noCredential } from '../../../shared/adapters/bigquery/credential.ts'
import { undiciUpstream } from '../../../shared/adapters/bigquery/undici-upstream.ts'
import { Redacted } from '../../../shared/adapters/secret-manager/redacted.ts'
import { recordedPermit } from '../../support/recorded-permit.ts'
import { errorReply, jsonReply, queryReply, queryResponse } from '../../support/stub-replies.ts'
import { type StubUpstream, startStubUpstream } from '../../support/stub-upstream.ts'

let stub: StubUpstream
let upstream: ReturnType<typeof undiciUpstream>
let now = 1_000_000

const credential = {
  token: () =>
    Promise.resolve({ accessToken: new Redacted('ya29.ours'), version: 'impersonated:a' }),
  invalidate: () => {},
}
const limits = () => ({ signal: new AbortController().signal, timeoutMs: 5000 })
const headerNames = () =>
  stub.requests.at(-1)?.rawHeaders.flatMap((name, i) => (i % 2 ? [] : [name.toLowerCase()]))

beforeEach(async () => {
  stub = await startStubUpstream()
  upstream = undiciUpstream({
    baseUrl: stub.url,
    credentials: (id) => (id === 'keyless' ? credential : noCredential),
    clock: () => now,
    keepAliveMs: 10_000,
  })
})

afterEach(async () => {
  await upstream.close()
  await stub.close()
})

test('a POST carries the call and nothing else', async () => {
  await upstream(recordedPermit({ query: { fields: 'rows' } }, 'keyless'), limits())
  const [request] = stub.requests
  expect(request?.method).toBe('POST')
  expect(request?.path).toBe('/bigquery/v2/projects/acme/queries')
  expect([...(request?.query ?? [])]).toEqual([
    ['fields', 'rows'],
    ['prettyPrint', 'false'],
  ])
  expect(request?.json()).toEqual({ query: 'SELECT 1', useLegacySql: false })
  expect(request?.headers.authorization).toBe('Bearer ya29.ours')
  expect(request?.headers['user-agent']).toBe('sluice')
  expect(headerNames()?.toSorted()).toEqual([
    'accept',
    'accept-encoding',
    'authorization',
    'connection',
    'content-length',
    'content-type',
    'host',
    'user-agent',
    'x-goog-api-client',
  ])
})

test('a GET has no body, and no authorization without a credential', async () => {
  const path = '/projects/acme/queries/job_1'
  const query = { pageToken: 'a b&c', 'formatOptions.useInt64Timestamp': 'true' }
  await upstream(recordedPermit({ verb: 'GET', path, query }), limits())
  const [request] = stub.requests
  expect(request?.method).toBe('GET')
  expect(request?.body.length).toBe(0)
  expect(request?.query.get('pageToken')).toBe('a b&c')
  expect(request?.query.get('formatOptions.useInt64Timestamp')).toBe('true')
  expect(headerNames()).not.toContain('authorization')
  expect(headerNames()).not.toContain('content-type')
})

test('a POST without a body says so', async () => {
  const { body, ...call } = recordedPermit({ path: '/projects/acme/jobs/j/cancel' }).call
  expect(body).toBeDefined()
  await upstream({ ...recordedPermit(), call }, limits())
  expect(stub.requests[0]?.headers['content-length']).toBe('0')
})

test('prettyPrint is ours', async () => {
  await upstream(recordedPermit({ query: { prettyPrint: 'true' } }), limits())
  expect(stub.requests[0]?.query.getAll('prettyPrint')).toEqual(['false'])
})

test.each([
  'projects/acme/queries',
  '/projects//queries',
  '/projects/acme/queries/',
  '/projects/acme/../other/queries',
  '/projects/acme/./queries',
  '/projects/acme/%2e%2E/other',
  '/projects/acme/.%2e/other',
  '/projects/acme/queries?alt=media',
  '/projects/acme/queries#x',
  '/projects/acme/a b',
  '/projects/acme/a\r\nx-injected: 1',
  '/projects/acme/%zz',
  '/projects/acme/\\other',
  '/projects/acme/é',
  '',
])('the path `%s` is never sent', async (path) => {
  await expect(upstream(recordedPermit({ path }), limits())).rejects.toThrow(TypeError)
  expect(stub.requests).toEqual([])
})

test('dots and escapes inside a segment are fine', async () => {
  const path = '/projects/example.com:acme/datasets/d/tables/%C3%A9..x'
  await upstream(recordedPermit({ verb: 'GET', path }), limits())
  expect(stub.requests[0]?.path).toBe(`/bigquery/v2${path}`)
})

test.each([1024, 65_537, 5_000_000])(
  'a reply of %i bytes arrives as it was sent',
  async (bytes) => {
    for (const gzip of [false, true]) {
      stub.respond(queryReply({ bytes, gzip }))
      const reply = await upstream(recordedPermit(), limits())
      expect(reply.ok && reply.value.body.equals(queryResponse({ bytes }))).toBe(true)
      expect(reply.ok && reply.value.status).toBe(200)
      expect(reply.ok && reply.value.credentialVersion).toBe('none')
    }
  },
)

test('a chunked reply arrives whole', async () => {
  stub.respond((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    for (let i = 0; i < 100; i += 1) response.write(Buffer.alloc(10_000, 'x'))
    response.end()
  })
  const reply = await upstream(recordedPermit(), limits())
  expect(reply.ok && reply.value.body.length).toBe(1_000_000)
})

test.each([400, 403, 404, 409, 429, 500, 502, 503])('status %i is an answer', async (status) => {
  stub.respond(errorReply(status, 'reason', 'words'))
  const reply = await upstream(recordedPermit(), limits())
  expect(reply.ok && reply.value.status).toBe(status)
  expect(stub.requests).toHaveLength(1)
})

test('what a proxy answers is passed on with its status', async () => {
  stub.respond((_request, response) => {
    response.writeHead(502, { 'content-type': 'text/html' })
    response.end('<html>')
  })
  const reply = await upstream(recordedPermit(), limits())
  expect(reply).toMatchObject({ ok: true, value: { status: 502, contentType: 'text/html' } })
})

test('connections are kept', async () => {
  for (let i = 0; i < 20; i += 1) await upstream(recordedPermit(), limits())
  expect(stub.requests).toHaveLength(20)
  // undici does not use a connection again before the next turn of the event loop.
  expect(stub.connections()).toBeLessThanOrEqual(2)
})

test('a connection that idled while the instance was frozen is not used again', async () => {
  await upstream(recordedPermit(), limits())
  await setImmediate()
  await upstream(recordedPermit(), limits())
  expect(stub.connections()).toBe(1)
  await setImmediate()
  now += 10_001
  await upstream(recordedPermit(), limits())
  expect(stub.connections()).toBe(2)
})

test('calls under way survive a change of connections', async () => {
  stub.respond(async (request, response) => {
    await setTimeout(100)
    return jsonReply(200, {})(request, response)
  })
  const slow = upstream(recordedPermit(), limits())
  now += 10_001
  const [a, b] = await Promise.all([slow, upstream(recordedPermit(), limits())])
  expect([a.ok, b.ok]).toEqual([true, true])
})

test.each([
  'http://bigquery.googleapis.com/',
  'http://10.0.0.1/',
  'http://localhost.example/',
  'ftp://127.0.0.1/',
  'https://user:password@bigquery.googleapis.com/',
  'https://bigquery.googleapis.com/?key=x',
])('the base `%s` is refused', (base) => {
  const options = { credentials: () => noCredential, clock: () => now }
  expect(() => undiciUpstream({ ...options, baseUrl: new URL(base) })).toThrow(TypeError)
})

test('a base may have a path', async () => {
  const below = undiciUpstream({
    baseUrl: new URL('/proxy/', stub.url),
    credentials: () => noCredential,
    clock: () => now,
  })
  await below(recordedPermit(), limits())
  await below.close()
  expect(stub.requests[0]?.path).toBe('/proxy/bigquery/v2/projects/acme/queries')
})
