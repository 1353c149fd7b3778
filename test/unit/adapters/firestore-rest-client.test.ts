import { once } from 'node:events'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { FirestoreClient } from '../../../shared/adapters/firestore/client.ts'
import { firestoreRestClient } from '../../../shared/adapters/firestore/rest-client.ts'
import { Redacted } from '../../../shared/adapters/secret-manager/redacted.ts'

const DATABASE = 'projects/acme/databases/(default)'
const NAME = `${DATABASE}/documents/entries/a`
const PARENT = `${DATABASE}/documents`
const QUERY = {
  from: [{ collectionId: 'entries' }],
  where: {
    fieldFilter: { field: { fieldPath: 'call' }, op: 'EQUAL', value: { stringValue: 'x' } },
  },
  orderBy: [{ field: { fieldPath: 'at' }, direction: 'DESCENDING' }],
} as const

interface Heard {
  readonly line: string
  readonly authorization: string | undefined
  readonly body: string
}

let server: Server
let heard: Heard[]
/** What the next calls are answered with; undefined: nothing. */
let answer: { readonly status: number; readonly body: string } | undefined
let ownIdentity: () => Promise<Redacted<string>>
let client: FirestoreClient

beforeEach(async () => {
  heard = []
  answer = { status: 200, body: '{}' }
  ownIdentity = async () => new Redacted('secret-token')
  server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  client = firestoreRestClient({ origin, ownIdentity: () => ownIdentity(), clock: Date.now })
})

afterEach(async () => {
  vi.useRealTimers()
  server.closeAllConnections()
  await client.close()
  server.close()
})

test('a call is one request, with the token of whoever calls', async () => {
  const writes = [{ delete: NAME }]
  await client.commit(DATABASE, writes)
  answer = { status: 200, body: JSON.stringify({ name: NAME, fields: {}, createTime: 'x' }) }
  await expect(client.getDocument(NAME)).resolves.toEqual({ name: NAME, fields: {} })
  answer = { status: 200, body: '[{"readTime":"x"},{"document":{"name":"a/b"}}]' }
  await expect(client.runQuery(PARENT, QUERY)).resolves.toEqual([{ name: 'a/b' }])
  answer = {
    status: 200,
    body: '[{"readTime":"x"},{"result":{"aggregateFields":{"found":{"integerValue":"3"}}}}]',
  }
  await expect(client.count(PARENT, QUERY, 5)).resolves.toBe(3)
  const structuredAggregationQuery = {
    structuredQuery: QUERY,
    aggregations: [{ alias: 'found', count: { upTo: '5' } }],
  }
  const at = '/v1/projects/acme/databases/(default)/documents'
  const authorization = 'Bearer secret-token'
  expect(heard).toEqual([
    { line: `POST ${at}:commit`, authorization, body: JSON.stringify({ writes }) },
    { line: `GET ${at}/entries/a`, authorization, body: '' },
    {
      line: `POST ${at}:runQuery`,
      authorization,
      body: JSON.stringify({ structuredQuery: QUERY }),
    },
    {
      line: `POST ${at}:runAggregationQuery`,
      authorization,
      body: JSON.stringify({ structuredAggregationQuery }),
    },
  ])
})

test('an id is a part of the path and nothing else', async () => {
  await client.getDocument(`${PARENT}/entries/a?b#c:commit%2F`).catch(String)
  expect(heard[0]?.line).toMatch(/\/entries\/a%3Fb%23c%3Acommit%252F$/)
})

const refused = (status: string) =>
  JSON.stringify({ error: { code: 409, status, message: 'secret-token' } })

test.each([
  [409, refused('ALREADY_EXISTS'), 'ALREADY_EXISTS'],
  [409, refused('ABORTED'), 'ABORTED'],
  [400, refused('FAILED_PRECONDITION'), 'FAILED_PRECONDITION'],
  [404, refused('NOT_FOUND'), 'NOT_FOUND'],
  [503, refused('UNAVAILABLE'), 'UNAVAILABLE'],
  // Queries are streams, whose errors are lists.
  [400, `[${refused('FAILED_PRECONDITION')}]`, 'FAILED_PRECONDITION'],
  [502, '<html>secret-token</html>', 'UNKNOWN'],
  [302, '', 'UNKNOWN'],
])('what is refused with %d `%s` is refused with %s', async (status, body, name) => {
  answer = { status, body }
  const message = `firestore: \`${name}\``
  await expect(client.commit(DATABASE, [])).rejects.toMatchObject({ status: name, message })
  await expect(client.runQuery(PARENT, QUERY)).rejects.toMatchObject({ status: name, message })
  expect(heard).toHaveLength(2)
})

test('a query that fails on its way has found nothing', async () => {
  answer = { status: 200, body: `[{"document":{"name":"a/b"}},${refused('UNAVAILABLE')}]` }
  await expect(client.runQuery(PARENT, QUERY)).rejects.toMatchObject({ status: 'UNAVAILABLE' })
  answer = { status: 200, body: `[${refused('UNAVAILABLE')}]` }
  await expect(client.count(PARENT, QUERY, 5)).rejects.toMatchObject({ status: 'UNAVAILABLE' })
})

test.each(['', '{}', '<html>', 'null'])(
  'a reply that is none, `%s`, is no answer',
  async (body) => {
    answer = { status: 200, body }
    await expect(client.getDocument(NAME)).rejects.toThrow(/./)
    await expect(client.runQuery(PARENT, QUERY)).rejects.toThrow(/./)
    await expect(client.count(PARENT, QUERY, 5)).rejects.toThrow(/./)
  },
)

test('no answer within five seconds is given up on, and not asked for again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  answer = undefined
  const late = client.commit(DATABASE, []).catch((cause: unknown) => cause)
  await vi.waitUntil(() => heard.length === 1)
  await vi.advanceTimersByTimeAsync(5_000)
  await expect(late).resolves.toMatchObject({ status: 'DEADLINE_EXCEEDED' })
  expect(heard).toHaveLength(1)
})

test('a connection that is lost, and one that nobody takes, is a store that is down', async () => {
  answer = undefined
  const lost = client.commit(DATABASE, []).catch((cause: unknown) => cause)
  await vi.waitUntil(() => heard.length === 1)
  server.closeAllConnections()
  await expect(lost).resolves.toMatchObject({ status: 'UNAVAILABLE' })
  server.close()
  await expect(client.getDocument(NAME)).rejects.toMatchObject({ status: 'UNAVAILABLE' })
  expect(heard).toHaveLength(1)
})

test('without a token nothing is sent, and the next call asks for one again', async () => {
  ownIdentity = () => Promise.reject(new Error('no credentials'))
  await expect(client.commit(DATABASE, [])).rejects.toThrow('no credentials')
  expect(heard).toEqual([])
  ownIdentity = async () => new Redacted('another')
  await client.commit(DATABASE, [])
  expect(heard).toMatchObject([{ authorization: 'Bearer another' }])
})

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request
  const body = await text(request)
  heard.push({ line: `${method} ${url}`, authorization: headers.authorization, body })
  if (answer !== undefined) response.writeHead(answer.status).end(answer.body)
}
