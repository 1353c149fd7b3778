import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { errorOf } from '../support/error-of.ts'
import { guarantee } from '../support/guarantee.ts'
import { JOBS, QUERIES, SELECT, type World, world } from '../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

const send = (body: Buffer | string, headers: Record<string, string> = {}, path = QUERIES) =>
  gateway.request(path, {
    as: 'ana',
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })

/** Refused before anything was looked at, and on the record without its content. */
async function refused(response: Response) {
  const error = await errorOf(response)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.stored()).toHaveLength(1)
  expect(gateway.store.ofType('refusal')).toMatchObject([
    { principal: { subject: 'ana' }, problem: 'malformed' },
  ])
  return error
}

const SECRET = 'SELECT * FROM acme.hospital.secret_notes'
const query = JSON.stringify({ query: SELECT })

const malicious: readonly (readonly [string, Buffer | string, string])[] = [
  ['two queries', `{"query":"${SELECT}","query":"${SECRET}"}`, 'duplicate key `query`'],
  ['two spellings', `{"query":"${SELECT}","\\u0071uery":"${SECRET}"}`, 'duplicate key `query`'],
  [
    'two options',
    '{"query":"SELECT 1","useLegacySql":false,"useLegacySql":true}',
    'duplicate key `useLegacySql`',
  ],
  ['a prototype', `{"__proto__":{"query":"${SECRET}"},"query":"SELECT 1"}`, '`__proto__`'],
  ['a prototype inside', '{"query":"SELECT 1","labels":{"__proto__":"x"}}', '`__proto__`'],
  ['a constructor', '{"query":"SELECT 1","constructor":{"prototype":{}}}', 'field `constructor`'],
  ['a field in capitals', `{"Query":"${SECRET}","query":"SELECT 1"}`, 'field `Query`'],
  ['a byte order mark', Buffer.from(`\u{FEFF}${query}`), 'byte order mark'],
  ['UTF-16', Buffer.from(`\u{FEFF}${query}`, 'utf16le'), 'not valid UTF-8'],
  ['UTF-16 without a mark', Buffer.from(query, 'utf16le'), 'not valid JSON'],
  ['Latin-1', Buffer.from('{"query":"SELECT \'ä\'"}', 'latin1'), 'not valid UTF-8'],
  ['half a surrogate pair', `{"query":"SELECT '\\ud800'"}`, 'surrogate pair'],
  ['half a pair in a parameter', '{"query":"SELECT @p","x":"\\udfff"}', 'surrogate pair'],
  ['two documents', `${query}${query}`, 'not valid JSON'],
  ['something after it', `${query};`, 'not valid JSON'],
  ['a comment', `{/* */${query.slice(1)}`, 'not valid JSON'],
  ['a NUL', `${query}\0`, 'not valid JSON'],
  ['a hundred thousand brackets', '['.repeat(100_000), 'deeper than 64 levels'],
  [
    'a deep parameter',
    `{"query":"SELECT 1","queryParameters":[${'{"parameterType":'.repeat(70)}{}${'}'.repeat(70)}]}`,
    'deeper than 64 levels',
  ],
  ['a rounded number', '{"query":"SELECT 1","maximumBytesBilled":9007199254740993}', 'too large'],
  [
    'a megabyte of key',
    `{"query":"SELECT 1","${'k'.repeat(2 ** 20)}":1}`,
    'unknown or unsupported',
  ],
  ['a megabyte of SQL too much', `{"query":"${'x'.repeat(2 ** 20 + 1)}"}`, 'larger than 1 MiB'],
  ['a query in an array', `[${query}]`, 'expected object'],
]

test.each(malicious)('%s', async (_what, body, words) => {
  const { code, reason, message } = await refused(await send(body))
  expect({ code, reason }).toEqual({ code: 400, reason: 'invalid' })
  expect(message).toContain(words)
  expect(message.length).toBeLessThan(500)
})

test.each(malicious)('%s, gzipped', async (_what, body) => {
  const response = await send(gzipSync(body), { 'content-encoding': 'gzip' })
  expect(await refused(response)).toMatchObject({ code: 400, reason: 'invalid' })
})

describe('a body that calls itself something else', () => {
  test.each([
    'text/plain',
    'text/html',
    'application/x-www-form-urlencoded',
    'multipart/mixed; boundary=batch',
    'multipart/related; boundary=x',
    'application/octet-stream',
    'application/json-patch+json',
    'application/json, text/plain',
  ])('%s', async (type) => {
    const { code, message } = await refused(await send(query, { 'content-type': type }))
    expect(code).toBe(400)
    expect(message).toContain('the body must be `application/json`')
  })

  test.each(['application/json; charset=UTF-8', 'APPLICATION/JSON', ' application/json ;x=y'])(
    '%s is JSON',
    async (type) => {
      expect((await send(query, { 'content-type': type })).status).toBe(200)
    },
  )
})

test('a long query is bounded by what analysis takes, not by what memory holds', async () => {
  const sql = `SELECT ${'1,'.repeat(400_000)}1`
  const response = await send(JSON.stringify({ query: sql }))
  expect(response.status).toBeLessThan(500)
})

guarantee('strict-requests', async () => {
  const elsewhere: readonly (readonly [string, object])[] = [
    [QUERIES, { query: SELECT, jobCreationModes: 'X' }],
    [QUERIES, { query: SELECT, formatOptions: { x: 1 } }],
    [JOBS, { configuration: { query: { query: SELECT, x: 1 } } }],
    [JOBS, { configuration: { query: { query: SELECT } }, jobReference: { x: 1 } }],
  ]
  for (const [path, body] of elsewhere) {
    const { code, message } = await errorOf(await send(JSON.stringify(body), {}, path))
    expect(code).toBe(400)
    expect(message).toMatch(/unknown or unsupported field `[\w.]+`/)
  }
  for (const [, body] of malicious) expect((await send(body)).status).toBe(400)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('request')).toEqual([])
})
