import { once } from 'node:events'
import type { Server } from 'node:http'
import { type Socket, connect } from 'node:net'
import { gzipSync } from 'node:zlib'

import { http } from '@google-cloud/functions-framework'
import { getTestServer } from '@google-cloud/functions-framework/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { httpListener } from '../../../functions/http-listener.ts'
import { asSent, guardIngress } from '../../../functions/ingress-guard.ts'
import { QUERIES, type World, world } from '../../support/world.ts'

let gateway: World
let server: Server
let unguard: () => void
/** What the framework left for the gateway, of each request. */
let received: object[]
beforeEach(async () => {
  gateway = await world()
  received = []
  unguard = guardIngress()
  const listener = asSent(httpListener(gateway.app.fetch))
  http('ingress', (request, response) => {
    received.push({ rawBody: request.rawBody, url: request.url })
    return listener(request, response)
  })
  server = getTestServer('ingress')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  unguard()
  server.closeAllConnections()
  server.close()
  await gateway.close()
})

/** What the server says to these bytes, up to `enough` of it. */
async function say(bytes: string | Buffer, enough = /\r\n\r\n/): Promise<string> {
  const socket = open()
  socket.write(bytes)
  let heard = ''
  for await (const chunk of socket) {
    heard += String(chunk)
    if (enough.test(heard)) break
  }
  socket.destroy()
  return heard
}

function open(): Socket {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return connect(address.port, '127.0.0.1')
}

const head = (line: string, ...headers: readonly string[]): string =>
  [`${line} HTTP/1.1`, ...headers, '', ''].join('\r\n')

// Denied, so that it ends here: the guard would hide requests to the stub of BigQuery, too, which
// is in this process.
const DENIED = 'SELECT * FROM acme.vault.keys'

const JSON_END = /\n\r\n[^]*\}$/

describe('the guard still fires', () => {
  test('the framework sees neither target nor body, the gateway sees both', async () => {
    const body = gzipSync(JSON.stringify({ query: DENIED, useLegacySql: false }))
    const request = head(
      `POST ${QUERIES}?prettyPrint=false`,
      'host: sluice',
      `authorization: Bearer ${await gateway.token('ana')}`,
      'content-type: application/json; charset=utf-7',
      'content-encoding: gzip',
      `content-length: ${body.length}`,
    )
    expect(await say(Buffer.concat([Buffer.from(request), body]))).toMatch(/^HTTP\/1.1 403 /)
    expect(received).toEqual([{ rawBody: undefined, url: '/' }])
    expect(gateway.store.ofType('refusal')).toMatchObject([{ problem: 'denied', sql: DENIED }])
  })

  test('a chunked body arrives whole', async () => {
    const body = JSON.stringify({ query: DENIED, useLegacySql: false })
    const request = head(
      `POST ${QUERIES}`,
      'host: sluice',
      `authorization: Bearer ${await gateway.token('ana')}`,
      'content-type: application/json',
      'transfer-encoding: chunked',
    )
    const chunks = body
      .split('')
      .map((character) => `1\r\n${character}\r\n`)
      .join('')
    expect(await say(`${request}${chunks}0\r\n\r\n`)).toMatch(/^HTTP\/1.1 403 /)
    expect(received).toEqual([{ rawBody: undefined, url: '/' }])
    expect(gateway.store.ofType('refusal')).toMatchObject([{ problem: 'denied', sql: DENIED }])
  })
})

describe('a body was read before anybody was authenticated', () => {
  test.each([
    ['no token', []],
    ['a token of nobody', ['authorization: Bearer x']],
  ])('with %s, 401 comes before a byte of it', async (_what, headers) => {
    const heard = await say(
      head(
        `POST ${QUERIES}`,
        'host: sluice',
        'content-type: application/json',
        'content-length: 10000000',
        ...headers,
      ),
      JSON_END,
    )
    expect(heard).toMatch(/^HTTP\/1.1 401 /)
    expect(heard).toMatch(/www-authenticate: Bearer .*resource_metadata="https:/i)
    expect(heard).toContain('"reason":"authError"')
    expect(gateway.store.ofType('refusal')).toHaveLength(1)
  })

  test('and the connection is not kept for the rest', async () => {
    const socket = open()
    socket.write(head(`POST ${QUERIES}`, 'host: sluice', 'content-length: 10000000'))
    socket.resume()
    await once(socket, 'close')
    expect(gateway.store.ofType('refusal')).toHaveLength(1)
  })
})

describe('the framework answered with HTML and a stack', () => {
  const get = (target: string, ...headers: readonly string[]): string =>
    head(`GET ${target}`, ...(headers.length === 0 ? ['host: sluice'] : headers))

  test.each([
    ['a target that cannot be decoded', get('/bigquery/v2/projects/%E0%A4%A/queries/x'), 401],
    ['half an escape', get('/%'), 404],
    ['a query that cannot be decoded', get('/bigquery/v2/projects?x=%E0%A4%A'), 401],
    ['the icon browsers want', get('/favicon.ico'), 404],
    ['what crawlers ask first', get('/robots.txt'), 404],
    ['a host that is none', get('/', 'host: a b'), 400],
    ['an empty host', get('/', 'host:'), 400],
    ['a path with a backslash', get('/a\\b'), 400],
    ['no path at all', head('OPTIONS *', 'host: sluice'), 400],
    ['an unsupported verb', head('TRACE /', 'host: sluice'), 404],
    ['an unsupported character set', get('/', 'host: sluice', 'content-type: a/b; charset=x'), 404],
  ])('to %s', async (_what, request, status) => {
    const heard = await say(request, JSON_END)
    expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(heard).toMatch(/content-type: application\/json/i)
    expect(JSON.parse(heard.slice(heard.indexOf('\r\n\r\n')))).toMatchObject({
      error: { code: status },
    })
    expect(gateway.upstream.requests).toEqual([])
  })

  test.each([
    ['a target of another server', get('http://elsewhere/bigquery/v2/projects')],
    ['a tunnel', head('CONNECT elsewhere:443', 'host: elsewhere')],
    ['no HTTP', 'hello\r\n\r\n'],
    ['a request without host', head('GET /')],
    ['two hosts', head('GET /', 'host: a', 'host: b')],
    ['an expectation', get('/', 'host: sluice', 'expect: more')],
  ])('not to %s', async (_what, request) => {
    const heard = await say(request)
    expect(heard).not.toContain('<')
  })

  test('a target that cannot be decoded is the known caller’s mistake', async () => {
    const heard = await say(
      head(
        'GET /bigquery/v2/projects/%E0%A4%A/queries/x',
        'host: sluice',
        `authorization: Bearer ${await gateway.token('ana')}`,
      ),
      JSON_END,
    )
    expect(heard).toMatch(/^HTTP\/1.1 404 /)
    expect(gateway.store.ofType('refusal')).toMatchObject([{ principal: { subject: 'ana' } }])
    expect(gateway.upstream.requests).toEqual([])
  })
})
