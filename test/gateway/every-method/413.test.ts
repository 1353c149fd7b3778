import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { methodCalls, startJob } from '../../support/method-calls.ts'
import { type World, world } from '../../support/world.ts'

let gateway: World
beforeAll(async () => {
  gateway = await world()
  await startJob(gateway)
})
afterAll(() => gateway.close())

const LIMIT = 10 * 1024 * 1024
const posts = methodCalls.filter(({ verb }) => verb === 'POST')
const big = Buffer.alloc(LIMIT + 1, ' ')

test.each(
  posts.flatMap(({ method, path }) => [
    { method, path, what: 'as it is', body: big, encoding: 'identity' },
    { method, path, what: 'inflated', body: gzipSync(big), encoding: 'gzip' },
    {
      method,
      path,
      what: 'in two gzip members',
      body: Buffer.concat([gzipSync(big), gzipSync(' ')]),
      encoding: 'x-gzip',
    },
  ]),
)('$method: a body too large $what', async ({ path, body, encoding }) => {
  const before = { ...gateway.store.calls }
  const response = await gateway.request(`/bigquery/v2${path}`, {
    as: 'ana',
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'content-encoding': encoding },
  })
  const { code, reason, message } = await errorOf(response)
  expect({ code, reason }).toEqual({ code: 413, reason: 'invalid' })
  expect(message).toContain(`the request body is larger than ${LIMIT} bytes`)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.calls).toEqual({ ...before, create: before.create + 1 })
  expect(gateway.store.ofType('refusal').at(-1)).toMatchObject({
    problem: 'body-too-large',
    principal: { subject: 'ana' },
  })
})

test('a body that announces too much is not read', async () => {
  const response = await gateway.request('/bigquery/v2/projects/acme/queries', {
    as: 'ana',
    method: 'POST',
    body: '{}',
    headers: { 'content-length': String(LIMIT + 1) },
  })
  expect(response.status).toBe(413)
})

test('a body of exactly the limit is read', async () => {
  const body = `{"query":"SELECT 1"}`.padEnd(LIMIT, ' ')
  const response = await gateway.request('/bigquery/v2/projects/acme/queries', {
    as: 'ana',
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  })
  expect(response.status).toBe(200)
})

test.each([
  ['deflate', 400],
  ['br', 400],
  ['gzip, gzip', 400],
])('the encoding `%s` is not taken', async (encoding, status) => {
  const response = await gateway.request('/bigquery/v2/projects/acme/queries', {
    as: 'ana',
    method: 'POST',
    body: '{"query":"SELECT 1"}',
    headers: { 'content-type': 'application/json', 'content-encoding': encoding },
  })
  expect(await errorOf(response)).toMatchObject({ code: status, reason: 'invalid' })
})

test('damaged gzip is the client’s mistake', async () => {
  const response = await gateway.request('/bigquery/v2/projects/acme/queries', {
    as: 'ana',
    method: 'POST',
    body: gzipSync('{"query":"SELECT 1"}').subarray(0, 20),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  })
  expect(await errorOf(response)).toMatchObject({ code: 400, reason: 'invalid' })
})
