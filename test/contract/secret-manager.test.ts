import { OAuth2Client } from 'google-auth-library'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { crc32c } from '../../shared/adapters/secret-manager/crc32c.ts'
import {
  type ReadSecret,
  secretManagerReader,
} from '../../shared/adapters/secret-manager/secret-manager-reader.ts'
import {
  hang,
  htmlReply,
  notHttp,
  resetBeforeHeaders,
  resetMidBody,
  slowLoris,
  truncatedGzip,
} from '../support/stub-faults.ts'
import { bytesReply, jsonReply } from '../support/stub-replies.ts'
import {
  secretReply,
  startStubSecretManager,
  type StubSecretManager,
} from '../support/stub-secret-manager.ts'
import { inTurn, type Respond } from '../support/stub-upstream.ts'

const LATEST = 'projects/acme/secrets/bigquery/versions/latest'
const payload = Buffer.from('a secret with ümlauts and \0')
const checksum = String(crc32c(payload))
let stub: StubSecretManager
let read: ReadSecret
/** Gives up early: what is tested is that it gives up. */
let impatient: ReadSecret

beforeEach(async () => {
  stub = await startStubSecretManager()
  const authClient = new OAuth2Client()
  authClient.setCredentials({ access_token: 'own', expiry_date: Date.now() + 3_600_000 })
  read = secretManagerReader({ endpoint: stub.url, authClient })
  impatient = secretManagerReader({ endpoint: stub.url, authClient, timeoutMs: 700 })
})

afterEach(() => stub.close())

test.each([
  ['', 0],
  ['123456789', 0xe3069283],
  ['\0'.repeat(32), 0x8a9136aa],
])('CRC-32C of `%j` (RFC 3720 §B.4)', (text, sum) => {
  expect(crc32c(Buffer.from(text))).toBe(sum)
})

test('`latest` is resolved to a number, spelled with the project that was asked for', async () => {
  stub.add(Buffer.from('old'))
  stub.add(payload)
  const secret = await read(LATEST)
  expect(secret.version).toBe('projects/acme/secrets/bigquery/versions/2')
  expect(secret.payload.reveal().equals(payload)).toBe(true)
  expect(stub.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `GET /v1/${LATEST}:access`,
  ])
  expect(stub.requests[0]?.headers.authorization).toBe('Bearer own')
})

test('a number stays that number', async () => {
  stub.add(payload)
  stub.add(Buffer.from('new'))
  const secret = await read('projects/acme/secrets/bigquery/versions/1')
  expect(secret.version).toBe('projects/acme/secrets/bigquery/versions/1')
  expect(secret.payload.reveal().equals(payload)).toBe(true)
})

test('a secret does not print', async () => {
  stub.add(payload)
  const secret = await read(LATEST)
  expect(JSON.stringify(secret)).toBe(
    '{"version":"projects/acme/secrets/bigquery/versions/1","payload":"[redacted]"}',
  )
})

const name = 'projects/471100000001/secrets/bigquery/versions/1'
const corrupt: readonly (readonly [string, Respond])[] = [
  ['another checksum', secretReply(name, payload, '1')],
  ['the checksum of nothing', secretReply(name, payload, '0')],
  ['another secret', secretReply(name.replace('bigquery', 'other'), payload, checksum)],
  ['no number', secretReply(name.replace(/1$/, 'latest'), payload, checksum)],
  ['no name', secretReply('', payload, checksum)],
]

test.each(corrupt)('%s: not used', async (_name, respond) => {
  stub.fail(respond)
  await expect(read(LATEST)).rejects.toThrow('no credential: secret-corrupt')
})

test('another version than the one pinned: not used', async () => {
  stub.fail(secretReply(name, payload, checksum))
  await expect(read('projects/acme/secrets/bigquery/versions/2')).rejects.toThrow(
    'no credential: secret-corrupt',
  )
})

const error = (code: number, status: string): Respond =>
  jsonReply(code, { error: { code, message: 'words', status } })

test.each([
  ['403', error(403, 'PERMISSION_DENIED')],
  ['404', error(404, 'NOT_FOUND')],
  ['a disabled version', error(400, 'FAILED_PRECONDITION')],
])('%s is a refusal', async (_name, respond) => {
  stub.fail(respond)
  await expect(read(LATEST)).rejects.toThrow('no credential: secret-refused')
  expect(stub.requests).toHaveLength(1)
})

const outages: readonly (readonly [string, Respond])[] = [
  ['401', error(401, 'UNAUTHENTICATED')],
  ['429', error(429, 'RESOURCE_EXHAUSTED')],
  ['500', error(500, 'INTERNAL')],
  ['503', error(503, 'UNAVAILABLE')],
  ['no answer', hang],
  ['one byte at a time', slowLoris(20)],
  ['a reset', resetBeforeHeaders],
  ['a reset in the body', resetMidBody],
  ['what is not HTTP', notHttp],
  ['truncated gzip', truncatedGzip],
  ['a web page', htmlReply(200)],
  ['bad JSON', bytesReply(200, Buffer.from('{"name":'))],
  ['an empty object', jsonReply(200, {})],
  ['no checksum', secretReply(name, payload, undefined)],
  ['no payload', jsonReply(200, { name })],
]

test.each(outages)('%s is an outage, and over in time', async (_name, respond) => {
  stub.fail(respond)
  const start = performance.now()
  await expect(impatient(LATEST)).rejects.toThrow('no credential: secret-manager-unavailable')
  expect(performance.now() - start).toBeLessThan(2000)
})

test('nobody listens', async () => {
  await stub.close()
  await expect(impatient(LATEST)).rejects.toThrow('no credential: secret-manager-unavailable')
})

test('it is well again: so is the reader', async () => {
  stub.add(payload)
  stub.fail(inTurn(error(500, 'INTERNAL'), secretReply(name, payload, checksum)))
  await expect(read(LATEST)).rejects.toThrow('secret-manager-unavailable')
  expect((await read(LATEST)).version).toBe('projects/acme/secrets/bigquery/versions/1')
})

test.each(['', 'bigquery', 'projects/acme/secrets/bigquery', `${LATEST}/..`, `../${LATEST}`])(
  '`%s` is not asked for',
  async (secret) => {
    await expect(read(secret)).rejects.toThrow(TypeError)
    expect(stub.requests).toEqual([])
  },
)
