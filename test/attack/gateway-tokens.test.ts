import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { discoveredIssuers } from '../../shared/adapters/oidc/discovered-issuers.ts'
import { errorOf } from '../support/error-of.ts'
import { guarantee } from '../support/guarantee.ts'
import { makeCall, methodCalls, startJob } from '../support/method-calls.ts'
import { jsonReply } from '../support/stub-replies.ts'
import { startStubUpstream } from '../support/stub-upstream.ts'
import { GATEWAY, ISSUER, POLICY, QUERIES, SELECT, type World, world } from '../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world({ perMinute: 600 })
})
afterEach(() => gateway.close())

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = () => Math.floor(Date.now() / 1000)
const good = (claims: object = {}) => ({
  iss: ISSUER,
  aud: GATEWAY,
  sub: 'ana',
  groups: ['analysts'],
  client_id: 'bq',
  iat: seconds(),
  exp: seconds() + 600,
  ...claims,
})

/** A token with a signature of our making over `header` and good claims. */
function signed(header: object, signature: (text: string) => Buffer | string, claims = {}): string {
  const text = `${part({ kid: 'world', typ: 'at+jwt', ...header })}.${part(good(claims))}`
  const made = signature(text)
  return `${text}.${typeof made === 'string' ? made : made.toString('base64url')}`
}

const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const byStranger = (text: string) =>
  sign('sha256', Buffer.from(text), { key: stranger.privateKey, dsaEncoding: 'ieee-p1363' })
const publicPem = () =>
  createPublicKey({ key: { ...gateway.publicJwk }, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString()
const hmac = (key: string) => (text: string) => createHmac('sha256', key).update(text).digest()

const tokens: readonly (readonly [string, string, () => Promise<string> | string])[] = [
  ['expired', 'token-expired', () => gateway.token('ana', { exp: seconds() - 60 })],
  ['not valid yet', 'token-invalid', () => gateway.token('ana', { nbf: seconds() + 600 })],
  [
    'for another audience',
    'token-invalid',
    () => gateway.token('ana', { aud: 'https://bigquery' }),
  ],
  ['for nobody', 'token-invalid', () => gateway.token('ana', { aud: undefined })],
  [
    'of another issuer',
    'issuer-unknown',
    () => gateway.token('ana', { iss: 'https://evil.example' }),
  ],
  [
    'of Google',
    'issuer-unknown',
    () => gateway.token('ana', { iss: 'https://accounts.google.com' }),
  ],
  ['of another client', 'token-invalid', () => gateway.token('ana', { client_id: 'a-game' })],
  ['of no client', 'token-invalid', () => gateway.token('ana', { client_id: undefined })],
  ['of nobody', 'token-invalid', () => gateway.token('ana', { sub: '' })],
  ['with alg none', 'token-invalid', () => signed({ alg: 'none' }, () => '')],
  ['with alg None', 'token-invalid', () => signed({ alg: 'None' }, () => '')],
  ['without alg', 'token-malformed', () => signed({}, byStranger)],
  ['HS256 with the public key', 'token-invalid', () => signed({ alg: 'HS256' }, hmac(publicPem()))],
  [
    'HS256 with the published JWK',
    'token-invalid',
    () => signed({ alg: 'HS256' }, hmac(JSON.stringify(gateway.publicJwk))),
  ],
  ['signed by a stranger', 'token-invalid', () => signed({ alg: 'ES256' }, byStranger)],
  [
    'with the stranger’s key in it',
    'token-invalid',
    () => signed({ alg: 'ES256', jwk: stranger.publicKey.export({ format: 'jwk' }) }, byStranger),
  ],
  [
    'that says where the key is',
    'token-invalid',
    () =>
      signed({ alg: 'ES256', jku: 'http://127.0.0.1:9/', x5u: 'http://127.0.0.1:9/' }, byStranger),
  ],
  [
    'with a path as kid',
    'token-invalid',
    () => signed({ alg: 'ES256', kid: '../../key' }, byStranger),
  ],
  ['that claims to be Sluice’s', 'token-invalid', () => gateway.token('ana', { iss: GATEWAY })],
  ['encrypted', 'token-malformed', () => 'a.b.c.d.e'],
  ['of Google’s own kind', 'token-malformed', () => 'ya29.a0AfH6SMBx'],
  ['cut short', 'token-invalid', async () => (await gateway.token('ana')).slice(0, -10)],
  [
    'with other claims',
    'token-invalid',
    async () => {
      const [header, , signature] = (await gateway.token('ana')).split('.')
      return `${header}.${part(good({ sub: 'bob' }))}.${signature}`
    },
  ],
]

test.each(tokens)('a token %s is %s, and nothing happens', async (_what, problem, make) => {
  await startJob(gateway)
  const calls = { ...gateway.store.calls }
  const token = await make()
  const response = await gateway.query(SELECT, { token })
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/)
  const { code, reason, message } = await errorOf(response)
  expect({ code, reason }).toEqual({ code: 401, reason: 'authError' })
  expect(message).not.toContain(token)
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.calls).toEqual({ ...calls, create: calls.create + 1 })
  const [refusal] = gateway.store.ofType('refusal')
  expect(refusal).toMatchObject({ problem, method: 'jobs.query' })
  // Whoever it claims to be: nobody vouched for it.
  expect(refusal?.principal).toBeUndefined()
  expect(refusal?.sql).toBeUndefined()
  expect(JSON.stringify(refusal)).not.toContain(token)
})

describe('an Authorization header that is no bearer token', () => {
  test.each([
    'Basic YW5hOnNlY3JldA==',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'bearer: x',
    'Negotiate x',
    'Bearer x, Bearer y',
  ])('%s', async (authorization) => {
    const response = await gateway.request(QUERIES, { method: 'POST', headers: { authorization } })
    expect(response.status).toBe(401)
    expect(gateway.upstream.requests).toEqual([])
  })
})

test.each([
  ['X-Serverless-Authorization', (token: string) => `Bearer ${token}`],
  ['X-Goog-Authenticated-User-Email', () => 'accounts.google.com:ana@acme.example'],
  ['X-Goog-Authenticated-User-Id', () => 'accounts.google.com:ana'],
  ['X-Goog-Iap-Jwt-Assertion', (token: string) => token],
  ['X-Forwarded-Access-Token', (token: string) => token],
  ['X-Forwarded-User', () => 'ana'],
  ['Proxy-Authorization', (token: string) => `Bearer ${token}`],
  ['X-Api-Key', (token: string) => token],
  ['Cookie', (token: string) => `access_token=${token}`],
])('%s lets nobody in', async (name, value) => {
  const headers = { [name]: value(await gateway.token('ana')) }
  const response = await gateway.query(SELECT, { as: undefined, headers })
  expect(response.status).toBe(401)
  expect(gateway.upstream.requests).toEqual([])
})

test('a token in the URL or in the body lets nobody in', async () => {
  const token = await gateway.token('ana')
  for (const path of [
    `${QUERIES}?access_token=${token}`,
    `${QUERIES}?oauth_token=${token}`,
    `${QUERIES}?key=${token}`,
    `${QUERIES}?authorization=Bearer%20${token}`,
  ])
    expect((await gateway.post(path, { query: SELECT, access_token: token })).status).toBe(401)
  expect(gateway.upstream.requests).toEqual([])
  expect(JSON.stringify(gateway.store.stored())).not.toContain(token)
})

test('a flood of unknown key ids costs the issuer nothing', async () => {
  const issuer = await startStubUpstream()
  const { origin } = issuer.url
  issuer.respond((request, response) =>
    jsonReply(
      200,
      request.path === '/jwks'
        ? { keys: [gateway.publicJwk] }
        : { issuer: origin, jwks_uri: `${origin}/jwks` },
    )(request, response),
  )
  const { keySets } = discoveredIssuers({ timeoutMs: 1_000, now: Date.now })
  const flooded = await world({ keySets, policy: POLICY.replace(ISSUER, origin), perMinute: 10 })
  const token = (kid: string) => flooded.token('ana', { iss: origin }, { kid })
  expect((await flooded.query(SELECT, { token: await token('world') })).status).toBe(200)
  const asked = issuer.requests.length
  const flood = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const response = await flooded.query(SELECT, { token: await token(randomUUID()) })
      return response.status
    }),
  )
  expect(new Set(flood)).toEqual(new Set([401]))
  expect(issuer.requests).toHaveLength(asked)
  // Nor can it fill the record, nor lock out who belongs here.
  expect(flooded.store.ofType('refusal')).toHaveLength(10)
  expect((await flooded.query(SELECT, { token: await token('world') })).status).toBe(200)
  expect(flooded.upstream.requests).toHaveLength(2)
  await flooded.close()
  await issuer.close()
})

guarantee('token-unseen', async () => {
  await startJob(gateway)
  const token = await gateway.token('ana')
  const bad = await gateway.token('ana', { aud: 'elsewhere' })
  const replies: string[] = []
  for (const call of methodCalls)
    for (const bearer of [token, bad]) {
      const response = await makeCall(gateway, call, { token: bearer })
      replies.push(JSON.stringify([...response.headers]), await response.text())
    }
  const upstream = gateway.upstream.requests.flatMap(({ rawHeaders, path, query, body }) => [
    ...rawHeaders,
    path,
    String(query),
    body.toString(),
  ])
  const everything = [...replies, ...upstream, JSON.stringify(gateway.store.stored())].join('\n')
  for (const bearer of [token, bad])
    for (const piece of [bearer, ...bearer.split('.').slice(1)])
      expect(everything.includes(piece)).toBe(false)
})
