import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { makeCall, methodCalls, startJob } from '../support/method-calls.ts'
import { rawHttp, rawRequest } from '../support/raw-http.ts'
import { CANARY, QUERIES, SELECT, type World, world } from '../support/world.ts'

let gateway: World
let url: string
beforeAll(async () => {
  gateway = await world({ perMinute: 600 })
  await startJob(gateway)
  url = await gateway.listen()
})
afterAll(() => gateway.close())
beforeEach(() => {
  gateway.upstream.requests.length = 0
})

/** What a client, or somebody in between, might say in the hope to be believed or passed on. */
const SAID = {
  'x-goog-user-project': 'somebody-elses-project',
  'x-goog-api-key': 'AIza-client',
  'x-goog-iam-authorization-token': 'ya29.client',
  'x-goog-request-params': 'project=lab',
  'x-goog-authenticated-user-email': 'accounts.google.com:otto@acme.example',
  'x-goog-iap-jwt-assertion': 'client-assertion',
  'x-serverless-authorization': 'Bearer ya29.client',
  'x-forwarded-for': '127.0.0.1, 10.0.0.1',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'http',
  'x-forwarded-authorization': 'Bearer ya29.client',
  'x-original-url': '/healthz',
  'x-rewrite-url': '/healthz',
  'x-server-timeout': '600',
  'x-cloud-trace-context': 'client-trace/1;o=1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  forwarded: 'for=127.0.0.1;host=evil.example',
  via: '1.1 client-proxy',
  cookie: 'client=1',
  'if-none-match': '"e1"',
  'accept-encoding': 'br',
  range: 'bytes=0-1',
  'sluice-decision': 'permit',
}

test('nothing a client says in headers reaches BigQuery', async () => {
  for (const call of methodCalls) await makeCall(gateway, call, { as: 'ana', headers: SAID })
  expect(gateway.upstream.requests.length).toBeGreaterThanOrEqual(methodCalls.length)
  for (const { headers } of gateway.upstream.requests) {
    const { host: _, connection: __, 'content-length': ___, ...sent } = headers
    expect(sent).toEqual({
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': 'sluice',
      'x-goog-api-client': expect.stringMatching(/^gl-node\/[\d.]+ sluice$/),
      authorization: `Bearer ${CANARY}`,
      ...(headers['content-type'] === undefined ? {} : { 'content-type': 'application/json' }),
    })
  }
})

test('nor is it believed: who, where from, and what is asked stay what they are', async () => {
  const response = await gateway.query(SELECT, { headers: SAID })
  expect(response.status).toBe(200)
  expect(gateway.store.ofType('request').at(-1)).toMatchObject({
    projectId: 'acme',
    connection: 'main',
    principal: { subject: 'ana', groups: ['analysts'] },
    session: { verified: { sourceAddress: '192.0.2.7' } },
  })
  const denied = await gateway.query(SELECT, { as: 'otto', headers: SAID })
  expect(denied.status).toBe(403)
})

test('what is kept of headers is cut, and nothing else of them is kept', async () => {
  const long = 'x'.repeat(4_000)
  const headers = {
    'user-agent': `agent/1 ${long}`,
    'x-goog-api-client': `gl-node/1 ${long}`,
    'sluice-session': long,
    'x-secret': 'never-kept',
  }
  expect((await gateway.query(SELECT, { headers })).status).toBe(200)
  await gateway.query('SELECT * FROM acme.vault.keys', { headers })
  const request = gateway.store.ofType('request').at(-1)
  for (const text of Object.values(request?.session.claimed ?? {}))
    expect(text?.length ?? 0).toBeLessThanOrEqual(512)
  expect(gateway.store.ofType('refusal').at(-1)?.source.userAgent?.length).toBeLessThanOrEqual(512)
  expect(JSON.stringify(gateway.store.stored())).not.toContain('never-kept')
})

test('headers that look like lines of a log stay text', async () => {
  // A header cannot hold a line break (RFC 9110 §5.5), but a label and a user agent can try.
  const headers = { 'user-agent': '{"severity":"INFO","message":"all is well"}\\n\u{85}<script>' }
  expect((await gateway.query(SELECT, { headers })).status).toBe(200)
  const bytes = gateway.store.stored().at(-2)?.bytes.toString() ?? ''
  expect(JSON.parse(bytes)).toMatchObject({
    session: { claimed: { userAgent: expect.stringContaining('<script>') } },
  })
  expect(bytes.split('\n')).toHaveLength(1)
})

const bearer = async () => ({ authorization: `Bearer ${await gateway.token('ana')}` })

describe('on the wire', () => {
  const body = JSON.stringify({ query: SELECT })
  const json = { 'content-type': 'application/json' }
  const post = async (headers: Record<string, string>, text = body) =>
    rawHttp(url, rawRequest('POST', QUERIES, { ...json, ...(await bearer()), ...headers }, text))

  test('a request that is as it should be', async () => {
    expect((await post({})).status).toBe(200)
    expect(gateway.upstream.requests).toHaveLength(1)
  })

  test.each([
    ['a header of 20 kB', { 'x-long': 'x'.repeat(20_000) }, 431],
    ['a token of 15 kB', { authorization: `Bearer ${'a'.repeat(15_000)}` }, 401],
    ['two lengths', { 'Content-Length': '5' }, 400],
    ['a length and chunks', { 'transfer-encoding': 'chunked' }, 400],
    ['chunks twice', { 'transfer-encoding': 'chunked, chunked', 'content-length': '' }, 400],
    ['a length that is none', { 'content-length': '0x10' }, 400],
    ['a negative length', { 'content-length': '-1' }, 400],
    ['no host', { host: '' }, 400],
    ['a host with a path', { host: 'evil.example/x' }, 400],
    ['a folded header', { 'x-fold': 'a\r\n b' }, 400],
    ['a header without a name', { '': 'x' }, 400],
    ['a space before the colon', { 'authorization ': 'Bearer x' }, 400],
  ])('%s is refused, and nothing is asked', async (_what, headers, status) => {
    const reply = await post(headers)
    expect(reply.status).toBe(status)
    expect(gateway.upstream.requests).toEqual([])
  })

  test('two requests in one body: the second is none', async () => {
    const smuggled = rawRequest('POST', QUERIES, json, JSON.stringify({ query: 'SELECT 2' }))
    const { status } = await post({}, `${body}${smuggled}`)
    expect(status).toBe(400)
    expect(gateway.upstream.requests).toEqual([])
  })

  test('two tokens: neither counts', async () => {
    const { authorization } = await bearer()
    const { status } = await post({ Authorization: `Bearer ${'b'.repeat(20)}`, authorization })
    expect([400, 401]).toContain(status)
    expect(gateway.upstream.requests).toEqual([])
  })
})
