import { afterAll, beforeAll, expect, test } from 'vitest'

import { BOT_TOKEN, type SlackStandIn, startSlackStandIn } from '../support/slack-stand-in.ts'
import {
  KEY_RING,
  KMS_TOKEN,
  type StubCloudKms,
  startStubCloudKms,
} from '../support/stub-cloud-kms.ts'
import {
  BUCKET_TOKEN,
  type StubCloudStorage,
  startStubCloudStorage,
} from '../support/stub-cloud-storage.ts'
import { type StubSecretManager, startStubSecretManager } from '../support/stub-secret-manager.ts'

// What the stand-ins refuse, as the real ones do: else a wrong request of ours would pass its tests.

let kms: StubCloudKms
let storage: StubCloudStorage
let secrets: StubSecretManager
let slack: SlackStandIn
beforeAll(async () => {
  ;[kms, storage, secrets, slack] = await Promise.all([
    startStubCloudKms(),
    startStubCloudStorage(),
    startStubSecretManager(),
    startSlackStandIn(),
  ])
  secrets.add(Buffer.from('secret'))
})
afterAll(() => Promise.all([kms.close(), storage.close(), secrets.close(), slack.close()]))

interface Ask {
  readonly method?: string
  readonly token?: string
  readonly type?: string
  readonly body?: string
}

async function statusOf(url: URL, path: string, ask: Ask): Promise<number> {
  const { method = 'GET', token, type, body } = ask
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(type === undefined ? {} : { 'content-type': type }),
  }
  const reply = await fetch(new URL(path, url), {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  })
  await reply.arrayBuffer()
  return reply.status
}

const KEY = `/v1/${KEY_RING}/cryptoKeys`
const SIGN = `${KEY}/writer-authority/cryptoKeyVersions/1:asymmetricSign`
const sha256 = Buffer.alloc(32).toString('base64')
const signing = (body: object): Ask => ({
  method: 'POST',
  token: KMS_TOKEN,
  type: 'application/json',
  body: JSON.stringify(body),
})

test.each<readonly [string, string, Ask, number]>([
  ['a signature', SIGN, signing({ digest: { sha256 } }), 200],
  ['no token', SIGN, { ...signing({ digest: { sha256 } }), token: 'ya29.other' }, 401],
  ['another verb', SIGN, { token: KMS_TOKEN }, 404],
  ['another version of the API', SIGN.replace('v1', 'v2'), signing({}), 404],
  ['a member nobody knows', SIGN, signing({ digest: { sha256 }, keyVersion: '1' }), 400],
  ['a member in a member', SIGN, signing({ digest: { sha1: sha256 } }), 400],
  ['what is no base64', SIGN, signing({ digest: { sha256: 'AA' } }), 400],
  ['half a digest', SIGN, signing({ digest: { sha256: 'AAAA' } }), 400],
  ['data in place of a digest', SIGN, signing({ data: 'AAAA' }), 400],
  ['another checksum', SIGN, signing({ digest: { sha256 }, digestCrc32c: '1' }), 400],
  ['a number for a checksum', SIGN, signing({ digest: { sha256 }, digestCrc32c: 1 }), 400],
  ['no JSON', SIGN, { ...signing({}), body: '{' }, 400],
  ['another type', SIGN, { ...signing({ digest: { sha256 } }), type: 'text/plain' }, 400],
  ['a question', `${SIGN}?alt=json`, signing({ digest: { sha256 } }), 400],
  [
    'a key that is not there',
    `${KEY}/other/cryptoKeyVersions/1/publicKey`,
    { token: KMS_TOKEN },
    404,
  ],
])('cloud kms: %s', async (_what, path, ask, status) => {
  expect(await statusOf(kms.url, path, ask)).toBe(status)
})

const UPLOAD = '/upload/storage/v1/b/acme-log/o?uploadType=multipart&ifGenerationMatch=0'
const object = (metadata: object, boundary = 'b'): Ask => ({
  method: 'POST',
  token: BUCKET_TOKEN,
  type: `multipart/related; boundary=${boundary}`,
  body:
    `--b\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(metadata)}\r\n` +
    '--b\r\ncontent-type: text/plain\r\n\r\nbytes\r\n--b--\r\n',
})
const later = '2126-01-01T00:00:00Z'

test.each<readonly [string, string, Ask, number]>([
  ['an upload', UPLOAD, object({ name: 'a' }), 200],
  [
    'retention',
    UPLOAD,
    object({ name: 'b', retention: { mode: 'Locked', retainUntilTime: later } }),
    200,
  ],
  ['the same again', UPLOAD, object({ name: 'a' }), 412],
  ['no token', UPLOAD, { ...object({ name: 'c' }), token: '' }, 401],
  ['another verb', UPLOAD, { ...object({ name: 'c' }), method: 'PUT' }, 404],
  ['another bucket', UPLOAD.replace('acme-log', 'other'), object({ name: 'c' }), 404],
  ['another condition', `${UPLOAD}&ifNoneMatch=x`, object({ name: 'c' }), 400],
  ['another upload', UPLOAD.replace('multipart', 'media'), object({ name: 'c' }), 400],
  ['another boundary', UPLOAD, object({ name: 'c' }, 'c'), 400],
  ['a member nobody knows', UPLOAD, object({ name: 'c', retainUntil: later }), 400],
  [
    'retention in the past',
    UPLOAD,
    object({ name: 'c', retention: { mode: 'Locked', retainUntilTime: '1999-01-01T00:00:00Z' } }),
    400,
  ],
  ['another checksum', UPLOAD, object({ name: 'c', crc32c: 'AAAAAA==' }), 400],
  ['a name of two lines', UPLOAD, object({ name: 'c\nd' }), 400],
  ['media', '/storage/v1/b/acme-log/o/a?alt=media', { token: BUCKET_TOKEN }, 200],
  [
    'a slash that is not escaped',
    '/storage/v1/b/acme-log/o/a/b?alt=media',
    { token: BUCKET_TOKEN },
    404,
  ],
  [
    'what is not there',
    '/storage/v1/b/acme-log/o/z',
    { token: BUCKET_TOKEN, method: 'DELETE' },
    404,
  ],
])('cloud storage: %s', async (_what, path, ask, status) => {
  expect(await statusOf(storage.url, path, ask)).toBe(status)
})

const ACCESS = '/v1/projects/acme/secrets/bigquery/versions/latest:access'

test.each<readonly [string, string, Ask, number]>([
  ['a secret', ACCESS, { token: 'own' }, 200],
  ['no token', ACCESS, {}, 401],
  ['a token in the address', `${ACCESS}?access_token=own`, { token: 'own' }, 400],
  ['another verb', ACCESS, { token: 'own', method: 'POST' }, 404],
  ['no method', ACCESS.replace(':access', ''), { token: 'own' }, 404],
  ['a version that is not there', ACCESS.replace('latest', '9'), { token: 'own' }, 404],
])('secret manager: %s', async (_what, path, ask, status) => {
  expect(await statusOf(secrets.url, path, ask)).toBe(status)
})

const FORM = 'application/x-www-form-urlencoded'
const user = (change: Ask = {}): Ask => ({
  method: 'POST',
  token: BOT_TOKEN,
  type: FORM,
  body: 'user=U1',
  ...change,
})

test.each<readonly [string, string, Ask, string]>([
  ['no token', 'users.info', { ...user(), token: 'xoxb-other' }, 'invalid_auth'],
  [
    'a token among the arguments',
    'users.info',
    user({ body: `user=U1&token=${BOT_TOKEN}` }),
    'invalid_arguments',
  ],
  ['an argument nobody knows', 'users.info', user({ body: 'user=U1&team=T' }), 'invalid_arguments'],
  ['arguments in the address', 'users.info?user=U1', user(), 'invalid_arguments'],
  ['another method', 'users.list', user(), 'unknown_method'],
  ['another verb', 'users.info', { token: BOT_TOKEN }, 'invalid_post_type'],
  ['another type', 'users.info', user({ type: 'text/plain' }), 'invalid_post_type'],
  ['nobody', 'users.info', user(), 'user_not_found'],
])('slack: %s', async (_what, path, ask, error) => {
  const { method = 'GET', token = '', type = FORM, body } = ask
  const reply = await fetch(new URL(path, slack.apiUrl), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    ...(body === undefined ? {} : { body }),
  })
  expect(await reply.json()).toEqual({ ok: false, error })
})
