import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { googleOwnIdentity } from '../../../shared/adapters/bigquery/google-own-identity.ts'
import { impersonatedCredential } from '../../../shared/adapters/bigquery/impersonated-credential.ts'
import { type GoogleWorld, googleWorld, READER } from '../../support/google-world.ts'
import { recordedPermit } from '../../support/recorded-permit.ts'
import { hang } from '../../support/stub-faults.ts'
import { OWN_TOKEN } from '../../support/stub-google-oauth.ts'
import { jsonReply } from '../../support/stub-replies.ts'
import { startStubUpstream } from '../../support/stub-upstream.ts'

const MINUTE = 60_000
let world: GoogleWorld

const call = () =>
  world.upstream(recordedPermit({}, 'keyless'), {
    signal: new AbortController().signal,
    timeoutMs: 9000,
  })

beforeEach(async () => {
  world = await googleWorld()
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await world.close()
})

test('a hundred calls at once share one token, for BigQuery only', async () => {
  const replies = await Promise.all(Array.from({ length: 100 }, call))
  expect(new Set(replies.map((reply) => reply.ok && reply.value.credentialVersion))).toEqual(
    new Set([`impersonated:${READER}`]),
  )
  expect(world.oauth.requests).toHaveLength(1)
  const [request] = world.oauth.requests
  expect(request?.path).toBe(
    `/v1/projects/-/serviceAccounts/${encodeURIComponent(READER)}:generateAccessToken`,
  )
  expect(request?.json()).toEqual({
    scope: ['https://www.googleapis.com/auth/bigquery'],
    lifetime: '3600s',
  })
  const [bearer] = world.bigQuery.requests.map(({ headers }) => headers.authorization)
  expect(bearer).toBe(`Bearer ${world.oauth.issued[0]}`)
  expect(bearer).not.toContain(OWN_TOKEN)
  expect(world.secretManager.requests).toEqual([])
})

test('a token is replaced five minutes before it expires', async () => {
  await call()
  world.time.now += 55 * MINUTE - 1
  await call()
  expect(world.oauth.issued).toHaveLength(1)
  world.time.now += 1
  await call()
  expect(world.oauth.issued).toHaveLength(2)
})

test('a token is not trusted for longer than was asked', async () => {
  world.oauth.lifetimeSeconds = 100 * 3600
  await call()
  world.time.now += 60 * MINUTE
  await call()
  expect(world.oauth.issued).toHaveLength(2)
})

test.each([
  [403, 'token-refused'],
  [404, 'token-refused'],
  [429, 'token-endpoint-unavailable'],
  [503, 'token-endpoint-unavailable'],
])('%i from IAM Credentials', async (status, detail) => {
  world.oauth.fail(jsonReply(status, { error: { code: status, message: 'words' } }))
  expect(await call()).toEqual({
    ok: false,
    error: { problem: 'credential-unavailable', mayHaveRun: false, detail },
  })
  expect(world.bigQuery.requests).toEqual([])
})

test('a reply without an expiry is no token', async () => {
  world.oauth.fail(jsonReply(200, { accessToken: 'ya29.x', expireTime: 'tomorrow' }))
  expect(await call()).toMatchObject({ error: { detail: 'token-endpoint-unavailable' } })
})

/** The metadata server of Google Cloud, which knows who the function is. */
async function metadataServer() {
  const stub = await startStubUpstream((request, response) => {
    response.setHeader('metadata-flavor', 'Google')
    if (request.headers['metadata-flavor'] !== 'Google') return void response.destroy()
    return jsonReply(
      200,
      request.path.endsWith('/token')
        ? { access_token: OWN_TOKEN, expires_in: 3600, token_type: 'Bearer' }
        : {},
    )(request, response)
  })
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', undefined)
  vi.stubEnv('HOME', '/nonexistent')
  vi.stubEnv('GCE_METADATA_HOST', stub.url.host)
  vi.stubEnv('METADATA_SERVER_DETECTION', 'assume-present')
  return stub
}

test('on Google Cloud the own identity comes from the metadata server', async () => {
  const metadata = await metadataServer()
  const keyless = impersonatedCredential({
    serviceAccount: READER,
    ownIdentity: googleOwnIdentity(),
    clock: () => world.time.now,
    iamCredentials: world.oauth.iamCredentials,
  })
  const { accessToken } = await keyless.token()
  expect(accessToken?.reveal()).toBe(world.oauth.issued[0])
  await metadata.close()
})

test('an own identity that cannot be had in time', async () => {
  const metadata = await metadataServer()
  metadata.respond(hang)
  await expect(googleOwnIdentity({ timeoutMs: 200 })()).rejects.toThrow(
    'no credential: own-identity-unavailable',
  )
  await metadata.close()
})

test('no own identity at all', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/nonexistent/adc.json')
  await expect(googleOwnIdentity()()).rejects.toThrow('no credential: own-identity-unavailable')
})
