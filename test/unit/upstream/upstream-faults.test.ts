import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { setTimeout } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { noCredential } from '../../../shared/adapters/bigquery/credential.ts'
import {
  undiciUpstream,
  type UndiciUpstreamOptions,
} from '../../../shared/adapters/bigquery/undici-upstream.ts'
import { recordedPermit } from '../../support/recorded-permit.ts'
import {
  closeMidBody,
  endless,
  gzipBomb,
  hang,
  htmlReply,
  notHttp,
  redirect,
  resetAfterHeaders,
  resetBeforeHeaders,
  resetMidBody,
  slowLoris,
  truncatedGzip,
} from '../../support/stub-faults.ts'
import { bytesReply, jsonReply } from '../../support/stub-replies.ts'
import { type Respond, type StubUpstream, startStubUpstream } from '../../support/stub-upstream.ts'

const MAX = 1_000_000
let stub: StubUpstream
const closing: (() => Promise<void>)[] = []

function upstreamAt(baseUrl: URL, options: Partial<UndiciUpstreamOptions> = {}) {
  const upstream = undiciUpstream({
    baseUrl,
    credentials: () => noCredential,
    clock: Date.now,
    maxReplyBytes: MAX,
    ...options,
  })
  closing.push(upstream.close)
  return upstream
}

const limits = (timeoutMs = 5000, signal = new AbortController().signal) => ({ signal, timeoutMs })
const problem = (name: string, mayHaveRun: boolean, detail?: string) => ({
  ok: false,
  error: { problem: name, mayHaveRun, ...(detail === undefined ? {} : { detail }) },
})

beforeEach(async () => {
  stub = await startStubUpstream()
})

afterEach(async () => {
  await stub.close()
  await Promise.all(closing.splice(0).map((close) => close()))
})

const headers = { 'content-encoding': 'br' }
const answers: readonly (readonly [string, Respond, string, string])[] = [
  ['a reset before headers', resetBeforeHeaders, 'upstream-unreachable', 'connection lost'],
  ['a reset after headers', resetAfterHeaders, 'upstream-unreachable', 'connection lost'],
  ['a reset in the body', resetMidBody, 'upstream-unreachable', 'connection lost'],
  ['an end in the body', closeMidBody, 'upstream-unreachable', 'connection lost'],
  ['what is not HTTP', notHttp, 'upstream-garbled', 'not HTTP'],
  ['a truncated gzip body', truncatedGzip, 'upstream-garbled', 'body does not decode'],
  ['a gzip bomb', gzipBomb(50 * MAX), 'upstream-garbled', 'body does not decode'],
  ['a body for ever', endless, 'upstream-garbled', 'larger than the cap'],
  [
    'an announced size over the cap',
    bytesReply(200, Buffer.alloc(MAX + 1)),
    'upstream-garbled',
    'larger than the cap',
  ],
  [
    'an encoding never asked for',
    jsonReply(200, {}, { headers }),
    'upstream-garbled',
    'body does not decode',
  ],
  [
    'two lengths',
    (_request, response) =>
      void response.socket?.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n' +
          'transfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n',
      ),
    'upstream-garbled',
    'not HTTP',
  ],
  [
    'an encoding that came twice',
    (_request, response) => {
      response.setHeader('content-type', 'application/json')
      response.setHeader('content-encoding', ['gzip', 'gzip'])
      response.end('{}')
    },
    'upstream-garbled',
    'body does not decode',
  ],
  ['a web page with 200', htmlReply(200), 'upstream-garbled', 'not JSON'],
  [
    'a 204',
    jsonReply(204, {}, { headers: { 'content-type': '' } }),
    'upstream-garbled',
    'not JSON',
  ],
  ['a 304', jsonReply(304, {}), 'upstream-garbled', 'redirect'],
]

test.each(answers)('%s', async (_name, respond, name, detail) => {
  stub.respond(respond)
  const reply = await upstreamAt(stub.url)(recordedPermit(), limits())
  expect(reply).toEqual(problem(name, true, detail))
  await setTimeout(20)
  expect(stub.requests, 'sent once').toHaveLength(1)
})

test.each([301, 302, 303, 307, 308])('a %i is not followed', async (status) => {
  const elsewhere = await startStubUpstream()
  stub.respond(redirect(elsewhere.url.href, status))
  const reply = await upstreamAt(stub.url)(recordedPermit(), limits())
  await elsewhere.close()
  expect(reply).toEqual(problem('upstream-garbled', true, 'redirect'))
  expect(stub.requests).toHaveLength(1)
  expect(elsewhere.requests).toEqual([])
})

test('a bomb in disguise stops at the cap', async () => {
  stub.respond(gzipBomb(50 * MAX, true))
  const before = process.memoryUsage().arrayBuffers
  const reply = await upstreamAt(stub.url)(recordedPermit(), limits())
  expect(reply).toEqual(problem('upstream-garbled', true, 'body does not decode'))
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * MAX)
})

test.each([
  ['no answer', hang],
  ['one byte at a time', slowLoris(10)],
])('%s ends in time', async (_name, respond) => {
  stub.respond(respond)
  const start = performance.now()
  const reply = await upstreamAt(stub.url)(recordedPermit(), limits(200))
  expect(reply).toEqual(problem('upstream-timeout', true))
  expect(performance.now() - start).toBeLessThan(10_000)
})

test('nobody listens', async () => {
  const { url } = stub
  await stub.close()
  const reply = await upstreamAt(url)(recordedPermit(), limits())
  expect(reply).toEqual(problem('upstream-unreachable', false, 'no connection'))
})

test('a name that does not resolve', async () => {
  const base = new URL('https://bigquery.invalid/')
  const reply = await upstreamAt(base)(recordedPermit(), limits())
  expect(reply).toEqual(problem('upstream-unreachable', false, 'no connection'))
})

test('a peer that does not speak TLS', async () => {
  const base = new URL(`https://127.0.0.1:${stub.url.port}/`)
  const reply = await upstreamAt(base)(recordedPermit(), limits())
  expect(reply).toEqual(problem('upstream-unreachable', false, 'no connection'))
  expect(stub.requests).toEqual([])
})

/** Accepts connections and never reads: with TLS, the handshake does not end. */
async function deaf(): Promise<{ readonly server: Server; readonly base: URL }> {
  const server = createServer((socket) => socket.on('error', () => {}).pause())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const base = new URL(`https://127.0.0.1:${address.port}/`)
  return { server, base }
}

test('a connection that takes too long cannot have carried a query', async () => {
  const { server, base } = await deaf()
  const upstream = upstreamAt(base, { connectTimeoutMs: 100 })
  expect(await upstream(recordedPermit(), limits())).toEqual(
    problem('upstream-unreachable', false, 'no connection'),
  )
  expect(await upstream(recordedPermit(), limits(50))).toEqual(problem('upstream-timeout', false))
  server.close()
})

test('a caller who leaves before a connection is there', async () => {
  const { server, base } = await deaf()
  const upstream = upstreamAt(base, { connectTimeoutMs: 300 })
  const caller = new AbortController()
  const reply = upstream(recordedPermit(), limits(5000, caller.signal))
  await setTimeout(30)
  caller.abort()
  expect(await reply).toEqual(problem('caller-gone', false))
  server.close()
})

test('a caller who was never there', async () => {
  const upstream = upstreamAt(stub.url)
  const reply = await upstream(recordedPermit(), limits(5000, AbortSignal.abort()))
  expect(reply).toEqual(problem('caller-gone', false))
  expect(stub.requests).toEqual([])
})

test('a caller who leaves while BigQuery works, and the connection with him', async () => {
  const closed = Promise.withResolvers<void>()
  stub.respond((_request, response) => void response.on('close', closed.resolve))
  const caller = new AbortController()
  const reply = upstreamAt(stub.url)(recordedPermit(), limits(5000, caller.signal))
  while (stub.requests.length === 0) await setTimeout(5)
  caller.abort()
  expect(await reply).toEqual(problem('caller-gone', true))
  await closed.promise
})

test('a caller who leaves in the middle of the body', async () => {
  stub.respond(slowLoris(10))
  const caller = new AbortController()
  const reply = upstreamAt(stub.url)(recordedPermit(), limits(5000, caller.signal))
  while (stub.requests.length === 0) await setTimeout(5)
  await setTimeout(50)
  caller.abort()
  expect(await reply).toEqual(problem('caller-gone', true))
})

test('who leaves while waiting in line is not sent when his turn comes', async () => {
  const upstream = upstreamAt(stub.url, { connections: 1 })
  const held = Promise.withResolvers<void>()
  stub.respond(async (request, response) => {
    await held.promise
    return jsonReply(200, {})(request, response)
  })
  const first = upstream(recordedPermit(), limits())
  while (stub.requests.length === 0) await setTimeout(5)
  const caller = new AbortController()
  const second = upstream(recordedPermit(), limits(5000, caller.signal))
  const third = upstream(recordedPermit(), limits(100))
  await setTimeout(20)
  caller.abort()
  expect(await second).toEqual(problem('caller-gone', false))
  expect(await third).toEqual(problem('upstream-timeout', false))
  held.resolve()
  expect((await first).ok).toBe(true)
  // The line moves on: the next one is served.
  expect((await upstream(recordedPermit(), limits())).ok).toBe(true)
  expect(stub.requests).toHaveLength(2)
})

test('a connection the peer closed while idle costs no query and sends none twice', async () => {
  const upstream = upstreamAt(stub.url)
  stub.respond((request, response) => {
    response.on('finish', () => response.socket?.end())
    return jsonReply(200, { n: stub.requests.length })(request, response)
  })
  for (let i = 1; i <= 10; i += 1) {
    const reply = await upstream(recordedPermit(), limits())
    expect(reply.ok && JSON.parse(reply.value.body.toString())).toEqual({ n: i })
    await setTimeout(5)
  }
  expect(stub.requests).toHaveLength(10)
})

test('a connection that dies under fire never sends a query twice', async () => {
  const upstream = upstreamAt(stub.url, { connections: 4 })
  const sent = 60
  // Every third answer ends with a reset, at the moment when the next query may use the connection.
  stub.respond((request, response) => {
    if (stub.requests.length % 3 === 0)
      response.on('finish', () => response.socket?.resetAndDestroy())
    return jsonReply(200, {})(request, response)
  })
  const replies = await Promise.all(
    Array.from({ length: sent }, (_, n) =>
      upstream(recordedPermit({ body: { query: `SELECT ${n}` } }), limits()),
    ),
  )
  const heard = stub.requests.map((request) => request.body.toString())
  expect(new Set(heard).size, 'no query was heard twice').toBe(heard.length)
  const impossible = replies.filter((reply) => !reply.ok && !reply.error.mayHaveRun)
  expect(heard.length).toBeLessThanOrEqual(sent - impossible.length)
  expect(heard.length).toBeGreaterThanOrEqual(replies.filter((reply) => reply.ok).length)
})

test('after close nothing is sent', async () => {
  const upstream = upstreamAt(stub.url)
  await upstream.close()
  const reply = await upstream(recordedPermit(), limits())
  expect(reply).toEqual(problem('upstream-unreachable', false, 'no connection'))
  expect(stub.requests).toEqual([])
})
