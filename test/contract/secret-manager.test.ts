import { SecretManagerServiceClient } from '@google-cloud/secret-manager'
import { OAuth2Client } from 'google-auth-library'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { crc32c } from '../../shared/adapters/secret-manager/crc32c.ts'
import { CredentialUnavailable } from '../../shared/adapters/secret-manager/credential-unavailable.ts'
import { Redacted } from '../../shared/adapters/secret-manager/redacted.ts'
import {
  type ReadSecret,
  secretManagerReader,
} from '../../shared/adapters/secret-manager/secret-manager-reader.ts'
import {
  closeMidBody,
  endless,
  gzipBomb,
  hang,
  htmlReply,
  notHttp,
  redirect,
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
const readerAt = (baseUrl: URL, timeoutMs = 1900) =>
  secretManagerReader({
    baseUrl,
    ownIdentity: () => Promise.resolve(new Redacted('own')),
    timeoutMs,
  })

let stub: StubSecretManager
let read: ReadSecret

beforeEach(async () => {
  stub = await startStubSecretManager()
  read = readerAt(stub.url)
})

afterEach(() => stub.close())

test.each([
  ['', 0],
  ['123456789', 0xe3069283],
  ['\0'.repeat(32), 0x8a9136aa],
])('CRC-32C of `%j` (RFC 3720 §B.4)', (text, sum) => {
  expect(crc32c(Buffer.from(text))).toBe(sum)
})

test("Google's own client reads the same: the stand-in speaks as Secret Manager does", async () => {
  stub.add(payload)
  const authClient = new OAuth2Client()
  authClient.setCredentials({ access_token: 'own' })
  const client = new SecretManagerServiceClient({
    fallback: true,
    apiEndpoint: stub.url.hostname,
    port: Number(stub.url.port),
    protocol: 'http',
    authClient,
  })
  const [{ name, payload: its }] = await client.accessSecretVersion({ name: LATEST })
  const { version, payload: ours } = await read(LATEST)
  // Google says the number of the project.
  expect(name?.split('/').slice(2)).toEqual(version.split('/').slice(2))
  expect(its?.data).toEqual(ours.reveal())
  await client.close()
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

const outages: readonly (readonly [string, Respond, asked: number])[] = [
  ['another 400', error(400, 'INVALID_ARGUMENT'), 1],
  ['401', error(401, 'UNAUTHENTICATED'), 1],
  ['408', error(408, 'DEADLINE_EXCEEDED'), 2],
  ['409', error(409, 'ABORTED'), 1],
  ['412', error(412, 'FAILED_PRECONDITION'), 1],
  ['429', error(429, 'RESOURCE_EXHAUSTED'), 2],
  ['500', error(500, 'INTERNAL'), 2],
  ['503', error(503, 'UNAVAILABLE'), 2],
  ['no answer', hang, 2],
  ['one byte at a time', slowLoris(20), 2],
  ['bytes without end', endless, 2],
  ['what inflates to more than a secret', gzipBomb(1_000_000), 2],
  ['a reset', resetBeforeHeaders, 2],
  ['a reset in the body', resetMidBody, 2],
  ['half an answer', closeMidBody, 2],
  ['what is not HTTP', notHttp, 2],
  ['truncated gzip', truncatedGzip, 1],
  ['a web page', htmlReply(200), 1],
  ['a page that says no', htmlReply(502), 2],
  ['bad JSON', bytesReply(200, Buffer.from('{"name":')), 1],
  ['an empty object', jsonReply(200, {}), 1],
  ['no checksum', secretReply(name, payload, undefined), 1],
  ['no payload', jsonReply(200, { name }), 1],
  ['no base64', jsonReply(200, { name, payload: { data: '!', dataCrc32c: '0' } }), 1],
]

test.concurrent.each(outages)(
  '%s is an outage, and over in time',
  async (_name, respond, asked) => {
    const here = await startStubSecretManager()
    here.add(payload)
    here.fail(respond)
    const start = performance.now()
    // Gives up early: what is tested is that it gives up.
    await expect(readerAt(here.url, 300)(LATEST)).rejects.toThrow(
      'no credential: secret-manager-unavailable',
    )
    expect(performance.now() - start).toBeLessThan(3500)
    expect(here.requests).toHaveLength(asked)
    await here.close()
  },
)

test.each([301, 302, 303, 307, 308])(
  'a secret is not looked for where a %i leads, and its token is not taken there',
  async (status) => {
    const elsewhere = await startStubSecretManager()
    elsewhere.add(Buffer.from('a key of theirs'))
    stub.fail(redirect(new URL(`/v1/${LATEST}:access`, elsewhere.url).href, status))
    await expect(read(LATEST)).rejects.toThrow('no credential: secret-manager-unavailable')
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  },
)

test('nobody listens', async () => {
  await stub.close()
  await expect(read(LATEST)).rejects.toThrow('no credential: secret-manager-unavailable')
})

test('without an identity nothing is asked, and that is what is said', async () => {
  const nobody = secretManagerReader({
    baseUrl: stub.url,
    ownIdentity: () => Promise.reject(new CredentialUnavailable('own-identity-unavailable')),
  })
  await expect(nobody(LATEST)).rejects.toThrow('no credential: own-identity-unavailable')
  expect(stub.requests).toEqual([])
})

test('a busy moment is waited for', async () => {
  stub.fail(inTurn(error(503, 'UNAVAILABLE'), secretReply(name, payload, checksum)))
  expect((await read(LATEST)).payload.reveal().equals(payload)).toBe(true)
})

test('a secret may be as long as secrets get, and empty', async () => {
  for (const long of [Buffer.alloc(65_536, 'x'), Buffer.alloc(0)]) {
    stub.add(long)
    // oxlint-disable-next-line no-await-in-loop -- each is the latest for a while
    expect((await read(LATEST)).payload.reveal().equals(long)).toBe(true)
  }
})

test('it is well again: so is the reader', async () => {
  stub.add(payload)
  const failure = error(500, 'INTERNAL')
  stub.fail(inTurn(failure, failure, secretReply(name, payload, checksum)))
  await expect(read(LATEST)).rejects.toThrow('secret-manager-unavailable')
  expect((await read(LATEST)).version).toBe('projects/acme/secrets/bigquery/versions/1')
})

test.each([
  '',
  'bigquery',
  'projects/acme/secrets/bigquery',
  `${LATEST}/..`,
  `../${LATEST}`,
  LATEST.replace('acme', '..'),
  LATEST.replace('acme', 'a?b'),
])('`%s` is not asked for', async (secret) => {
  await expect(read(secret)).rejects.toThrow(TypeError)
  expect(stub.requests).toEqual([])
})
