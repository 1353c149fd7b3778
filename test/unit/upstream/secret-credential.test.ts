import { generateKeyPairSync } from 'node:crypto'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { type GoogleWorld, googleWorld } from '../../support/google-world.ts'
import { recordedPermit } from '../../support/recorded-permit.ts'
import { rsaKeys, testServiceAccount } from '../../support/service-account.ts'
import {
  hang,
  htmlReply,
  notHttp,
  redirect,
  resetBeforeHeaders,
} from '../../support/stub-faults.ts'
import { bytesReply, errorReply, jsonReply, queryReply } from '../../support/stub-replies.ts'
import { inTurn, type Respond } from '../../support/stub-upstream.ts'

const MINUTE = 60_000
let world: GoogleWorld

const call = (timeoutMs = 9000) =>
  world.upstream(recordedPermit(), { signal: new AbortController().signal, timeoutMs })
const version = async () => {
  const reply = await call()
  return reply.ok ? reply.value.credentialVersion : reply.error
}
const bearers = () => world.bigQuery.requests.map(({ headers }) => headers.authorization)
const v = (number: number) => `projects/acme/secrets/bigquery/versions/${number}`
const unavailable = (detail: string) => ({
  problem: 'credential-unavailable',
  mayHaveRun: false,
  detail,
})
const unauthorized = errorReply(401, 'authError', 'Invalid Credentials', 'UNAUTHENTICATED')

beforeEach(async () => {
  world = await googleWorld()
})

afterEach(() => world.close())

test('a hundred calls at once: one secret read, one token fetched, one bearer', async () => {
  const replies = await Promise.all(Array.from({ length: 100 }, () => call()))
  expect(replies.every((reply) => reply.ok)).toBe(true)
  expect(world.bigQuery.requests).toHaveLength(100)
  expect(world.secretManager.requests).toHaveLength(1)
  expect(world.oauth.requests).toHaveLength(1)
  expect(new Set(bearers())).toEqual(new Set([`Bearer ${world.oauth.issued[0]}`]))
})

test('the record learns the number of the version', async () => {
  expect(await version()).toBe(v(1))
})

test('a rotated key takes over without a restart', async () => {
  expect(await version()).toBe(v(1))
  world.rotate()
  world.time.now += 5 * MINUTE - 1
  expect(await version(), 'pinned').toBe(v(1))
  world.time.now += 1
  expect(await version()).toBe(v(2))
  expect(world.oauth.issued).toHaveLength(2)
  expect(bearers().at(-1)).toBe(`Bearer ${world.oauth.issued[1]}`)
})

test('the same version is confirmed without another token', async () => {
  await call()
  world.time.now += 5 * MINUTE
  await call()
  expect(world.secretManager.requests).toHaveLength(2)
  expect(world.oauth.issued).toHaveLength(1)
})

test('a token is replaced five minutes before it expires', async () => {
  for (let minute = 0; minute <= 55; minute += 5) {
    expect(await version()).toBe(v(1))
    world.time.now += 5 * MINUTE
  }
  expect(new Set(bearers().slice(0, 11)).size).toBe(1)
  expect(world.oauth.issued).toHaveLength(2)
  expect(bearers().at(-1)).toBe(`Bearer ${world.oauth.issued[1]}`)
})

test('a disabled version stops Sluice at the next look', async () => {
  await call()
  world.secretManager.disable(1)
  world.time.now += 5 * MINUTE
  expect(await version()).toEqual(unavailable('secret-refused'))
  expect(world.bigQuery.requests).toHaveLength(1)
})

test('Secret Manager down: the token serves until it expires, and not longer', async () => {
  await call()
  world.secretManager.fail(errorReply(500, 'backendError', 'down'))
  for (let minute = 5; minute < 60; minute += 5) {
    world.time.now += 5 * MINUTE
    expect(await version()).toBe(v(1))
  }
  world.time.now += 5 * MINUTE
  expect(await version()).toEqual(unavailable('secret-manager-unavailable'))
  expect(world.oauth.issued, 'no token from a key that was not confirmed').toHaveLength(1)
  expect(world.bigQuery.requests).toHaveLength(12)
  world.secretManager.fail()
  world.time.now += 1000
  expect(await version()).toBe(v(1))
})

test('an unusable new version: the old token serves until it expires', async () => {
  await call()
  world.secretManager.add(Buffer.from('{}'))
  world.time.now += 55 * MINUTE
  expect(await version()).toBe(v(1))
  world.time.now += 5 * MINUTE
  expect(await version()).toEqual(unavailable('key-malformed'))
})

test('401 once: a fresh token from the version of now, and the call is made again', async () => {
  await call()
  world.rotate()
  world.bigQuery.respond(inTurn(unauthorized, queryReply({ bytes: 1024 })))
  expect(await version()).toBe(v(2))
  expect(bearers()).toEqual([0, 0, 1].map((i) => `Bearer ${world.oauth.issued[i]}`))
})

test('401 to the fresh token too: refused, after two tries', async () => {
  world.bigQuery.respond(unauthorized)
  expect(await version()).toEqual({ problem: 'credential-refused', mayHaveRun: false })
  expect(new Set(bearers()).size).toBe(2)
  expect(world.bigQuery.requests).toHaveLength(2)
})

test('401 to everybody: no flood of tokens', async () => {
  world.bigQuery.respond(unauthorized)
  for (let i = 0; i < 20; i += 1) expect((await call()).ok).toBe(false)
  expect(world.oauth.issued.length).toBeLessThanOrEqual(2)
})

test('401 to a hundred at once: one fresh token for all', async () => {
  await call()
  const old = bearers()[0]
  world.bigQuery.respond((request, response) =>
    (request.headers.authorization === old ? unauthorized : jsonReply(200, {}))(request, response),
  )
  const replies = await Promise.all(Array.from({ length: 100 }, () => call()))
  expect(replies.every((reply) => reply.ok)).toBe(true)
  expect(world.oauth.issued).toHaveLength(2)
})

test('401, and no other token to be had: nothing ran', async () => {
  await call()
  world.bigQuery.respond(unauthorized)
  world.oauth.fail(resetBeforeHeaders)
  expect(await version()).toEqual(unavailable('token-endpoint-unavailable'))
})

test('401, then a reset: it may have run', async () => {
  world.bigQuery.respond(inTurn(unauthorized, resetBeforeHeaders))
  expect(await version()).toMatchObject({ problem: 'upstream-unreachable', mayHaveRun: true })
})

test('401 without a credential is final', async () => {
  world.bigQuery.respond(unauthorized)
  const limits = { signal: new AbortController().signal, timeoutMs: 5000 }
  const reply = await world.upstream(recordedPermit({}, 'local'), limits)
  expect(reply).toEqual({ ok: false, error: { problem: 'credential-refused', mayHaveRun: false } })
  expect(world.bigQuery.requests).toHaveLength(1)
})

const token = (changes: object) =>
  jsonReply(200, { access_token: 'ya29.x', expires_in: 3600, token_type: 'Bearer', ...changes })
const tokenFaults: readonly (readonly [string, Respond, string])[] = [
  ['400', jsonReply(400, { error: 'invalid_grant' }), 'token-refused'],
  ['403', errorReply(403, 'forbidden', 'no'), 'token-refused'],
  ['429', errorReply(429, 'rateLimitExceeded', 'later'), 'token-endpoint-unavailable'],
  ['500', errorReply(500, 'backendError', 'later'), 'token-endpoint-unavailable'],
  ['503', errorReply(503, 'backendError', 'later'), 'token-endpoint-unavailable'],
  ['a reset', resetBeforeHeaders, 'token-endpoint-unavailable'],
  ['what is not HTTP', notHttp, 'token-endpoint-unavailable'],
  ['a web page', htmlReply(200), 'token-endpoint-unavailable'],
  [
    'bad JSON',
    bytesReply(200, Buffer.from('{"access_token":"ya29.x')),
    'token-endpoint-unavailable',
  ],
  ['a redirect', redirect('https://evil.example/'), 'token-endpoint-unavailable'],
  ['no token', token({ access_token: undefined }), 'token-endpoint-unavailable'],
  ['a token with a line break', token({ access_token: 'a\r\nx: y' }), 'token-endpoint-unavailable'],
  ['another type of token', token({ token_type: 'mac' }), 'token-endpoint-unavailable'],
  ['no lifetime', token({ expires_in: undefined }), 'token-endpoint-unavailable'],
  ['a lifetime of a year', token({ expires_in: 31_536_000 }), 'token-endpoint-unavailable'],
  ['100 kB', token({ padding: 'x'.repeat(100_000) }), 'token-endpoint-unavailable'],
]

test.each(tokenFaults)('token endpoint: %s', async (_name, respond, detail) => {
  world.oauth.fail(respond)
  expect(await version()).toEqual(unavailable(detail))
  expect(world.bigQuery.requests).toEqual([])
  expect(world.oauth.requests).toHaveLength(1)
})

test('a token endpoint that hangs costs four seconds, once for all', async () => {
  world.oauth.fail(hang)
  const start = performance.now()
  const replies = await Promise.all([call(), call(), call()])
  expect(performance.now() - start).toBeLessThan(6000)
  expect(replies.map((reply) => !reply.ok && reply.error)).toEqual(
    Array.from({ length: 3 }, () => unavailable('token-endpoint-unavailable')),
  )
  expect(world.oauth.requests).toHaveLength(1)
})

test('a call that may not take as long ends before', async () => {
  world.oauth.fail(hang)
  expect(await call(100)).toEqual({ ok: false, error: unavailable('no token in time') })
  expect(world.bigQuery.requests).toEqual([])
})

test('a caller who leaves while a token is fetched', async () => {
  world.oauth.fail(hang)
  const caller = new AbortController()
  const reply = world.upstream(recordedPermit(), { signal: caller.signal, timeoutMs: 9000 })
  setTimeout(() => caller.abort(), 100)
  expect(await reply).toEqual({ ok: false, error: { problem: 'caller-gone', mayHaveRun: false } })
  expect(world.bigQuery.requests).toEqual([])
})

const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

test.each([
  ['no JSON', () => Buffer.from('-----BEGIN PRIVATE KEY-----')],
  ['a list', () => Buffer.from('[]')],
  ['another kind', () => key({ type: 'authorized_user' })],
  ['another token endpoint', () => key({ token_uri: 'https://evil.example/token' })],
  ['no token endpoint', () => key({ token_uri: undefined })],
  ['another universe', () => key({ universe_domain: 'evil.example' })],
  ['no service account', () => key({ client_email: 'ana@acme.example' })],
  ['no key', () => key({ private_key: 'canary' })],
  ['an elliptic key', () => key({ private_key: elliptic })],
  ['a short key', () => testServiceAccount(world.oauth.tokenUri, rsaKeys(1024)).keyFile],
])('a key file with %s is not used', async (_name, file) => {
  world.secretManager.add(file())
  expect(await version()).toEqual(unavailable('key-malformed'))
  expect(world.oauth.requests).toEqual([])
  expect(world.bigQuery.requests).toEqual([])
})

function key(changes: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(
    JSON.stringify({ ...JSON.parse(world.account.keyFile.toString()), ...changes }),
  )
}

test('a connection that is not in policy has no credential', async () => {
  const limits = { signal: new AbortController().signal, timeoutMs: 5000 }
  await expect(world.upstream(recordedPermit({}, 'other'), limits)).rejects.toThrow(
    'unknown connection `other`',
  )
  expect(world.bigQuery.requests).toEqual([])
})
