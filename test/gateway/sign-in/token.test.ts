import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  type Claims,
  GATEWAY,
  type IdentityWorld,
  identityWorld,
  post,
} from '../../support/identity-world.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const TYPE = 'urn:ietf:params:oauth:token-type:'

let world: IdentityWorld
beforeAll(async () => {
  world = await identityWorld({ requiredClaims: { groups: ['*'] } })
})
afterAll(() => world.close())

const seconds = (): number => Math.floor(world.time / 1000)

const exchange = (
  subjectToken: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  post(world.app, '/v1/token', {
    grant_type: GRANT,
    subject_token: subjectToken,
    subject_token_type: `${TYPE}jwt`,
    ...more,
  })

interface Reply {
  readonly access_token: string
  readonly expires_in: number
}

const act = async (subject: object, actor: object): Promise<Response> =>
  exchange(await world.forge({ ...subject }), {
    actor_token: await world.forge({ sub: 'mcp-agent', client_id: 'mcp-agent', ...actor }),
    actor_token_type: `${TYPE}access_token`,
  })

const iso = (): string => new Date((seconds() - 60) * 1000).toISOString()

const introspect = (token: string): Promise<Response> =>
  post(world.app, '/v1/introspect', { token, token_type_hint: `${TYPE}access_token` })

test('the reply is what every client needs, and nobody may keep it', async () => {
  const response = await exchange(await world.issuer.token('ana'))
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('pragma')).toBe('no-cache')
  const reply = await response.json()
  expect(reply).toEqual({
    access_token: expect.any(String),
    issued_token_type: `${TYPE}access_token`,
    token_type: 'Bearer',
    expires_in: expect.any(Number),
  })
})

test('the token is for this gateway only, and anybody can verify it with the published keys', async () => {
  const reply = (await (await exchange(await world.issuer.token('ana'))).json()) as Reply
  const jwks = await (await world.app.request('/.well-known/jwks.json')).json()
  const { payload, protectedHeader } = await jwtVerify(
    reply.access_token,
    createLocalJWKSet(jwks as never),
    { issuer: GATEWAY, audience: GATEWAY, typ: 'at+jwt' },
  )
  expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
  expect(payload).toMatchObject({
    sub: 'ana',
    client_id: 'sluice-cli',
    'urn:sluice:vouched': { issuer: world.issuer.url, subject: 'ana', groups: ['analysts'] },
  })
  expect(payload.jti).toMatch(/^[\w-]{43}$/)
  expect(JSON.stringify(jwks)).not.toContain('"d"')
})

describe('the lifetime', () => {
  test.each([
    ['an hour at most', 86_400, 3600],
    ['as long as the OIDC token', 1800, 1800],
    ['even when that is less than ten minutes', 60, 60],
  ])('%s', async (_what, subject, own) => {
    const token = await world.forge({ exp: seconds() + subject })
    const reply = (await (await exchange(token)).json()) as Reply
    expect(reply.expires_in).toBe(own)
    expect(decodeJwt(reply.access_token).exp).toBe(seconds() + own)
  })
})

describe('what clients really send', () => {
  const transcripts = [
    // Node, Go, Python (their order and values, as captured), with a token of ours.
    'grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&audience=%2F%2Fiam.googleapis.com%2Fprojects%2F1%2Flocations%2Fglobal%2FworkloadIdentityPools%2Fbqgw%2Fproviders%2Fcorp&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fbigquery&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&subject_token=TOKEN&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt',
    'audience=urn%3Acorp%3Abqgw&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform&subject_token=TOKEN&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid_token&options=%7B%22userProject%22%3A%221%22%7D',
  ]
  test.each(transcripts)('%s', async (body) => {
    const response = await world.app.request('/v1/token', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
        // gcloud adds its public client; it proves nothing and is not looked at.
        authorization: 'Basic MzI1NTU5NDA1NTkuYXBwczpub3Rzb3NlY3JldA==',
      },
      body: body.replace('TOKEN', await world.forge()),
    })
    expect(response.status).toBe(200)
  })

  test('a token read from a file with a new line at its end', async () => {
    expect((await exchange(`${await world.forge()}\n`)).status).toBe(200)
  })
})

describe('an actor', () => {
  test('is recorded in front of those who acted before', async () => {
    const reply = (await (await act({ act: { sub: 'first' } }, {})).json()) as Reply
    const identified = await world.identify(`Bearer ${reply.access_token}`, world.time)
    expect(identified).toMatchObject({
      value: {
        subject: 'ana',
        actors: [{ issuer: world.issuer.url, subject: 'mcp-agent' }, { subject: 'first' }],
      },
    })
  })

  test('ends the token when its own ends', async () => {
    const reply = (await (await act({}, { exp: seconds() + 77 })).json()) as Reply
    expect(reply.expires_in).toBe(77)
  })

  test('must be the one that may_act names', async () => {
    expect((await act({ may_act: { sub: 'mcp-agent' } }, {})).status).toBe(200)
    for (const mayAct of [{ sub: 'ci-etl' }, {}, 'mcp-agent', { sub: 'mcp-agent', iss: 'x' }]) {
      const refused = await act({ may_act: mayAct }, {})
      expect(refused.status).toBe(400)
      expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })
    }
  })

  test('is verified like a subject', async () => {
    const refused = await act({}, { exp: seconds() - 60 })
    expect(await refused.json()).toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringMatching(/^the actor_token expired at /),
    })
  })
})

describe('errors are said in words that help', () => {
  test.each<[string, { exp?: number } & Claims, string, () => string]>([
    [
      'expired',
      { exp: -60 },
      'invalid_grant',
      () =>
        `the subject_token expired at ${iso()}; sign in again, or renew the file or command it comes from`,
    ],
    [
      'for another audience',
      { aud: 'x' },
      'invalid_grant',
      () =>
        `the subject_token is not accepted: it is meant for somebody else; request one whose aud is \`${GATEWAY}\``,
    ],
    [
      'of an unknown issuer',
      { iss: 'https://evil.example' },
      'invalid_grant',
      () =>
        `the iss of the subject_token is none of the issuers this gateway trusts, letter for letter: \`${world.issuer.url}\``,
    ],
    [
      'without a required claim',
      { groups: undefined },
      'invalid_grant',
      () =>
        'the subject_token is not accepted: it lacks a claim that policy requires of this issuer, or has another value there',
    ],
  ])('%s', async (_what, claims, error, description) => {
    const { exp = 600, ...rest } = claims
    const response = await exchange(await world.forge({ exp: seconds() + exp, ...rest }))
    expect(response.status).toBe(400)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ error, error_description: description() })
  })

  test('no token at all', async () => {
    const response = await exchange('this is not a token')
    expect(await response.json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('no signed JWT'),
    })
  })

  test('never a word of the token, of the secret kind or not', async () => {
    const canary = 'canary-claim'
    for (const claims of [{ aud: canary }, { iss: `https://${canary}` }, { sub: canary, exp: 1 }]) {
      const token = await world.forge(claims)
      const text = await (await exchange(token)).text()
      expect(text).not.toContain(canary)
      expect(text).not.toContain(token.split('.')[2])
    }
  })

  test('the issuer is down: 503, and nothing is issued', async () => {
    const down = await identityWorld()
    const token = await down.forge()
    await down.close()
    const response = await post(down.app, '/v1/token', {
      grant_type: GRANT,
      subject_token: token,
      subject_token_type: `${TYPE}jwt`,
    })
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' })
  })
})

describe('a request that is not one', () => {
  const ok = async (): Promise<Record<string, string>> => ({
    grant_type: GRANT,
    subject_token: await world.forge(),
    subject_token_type: `${TYPE}jwt`,
  })
  test.each([
    ['no grant type', { grant_type: '' }, 'unsupported_grant_type'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no subject token', { subject_token: '' }, 'invalid_request'],
    ['no subject token type', { subject_token_type: '' }, 'invalid_request'],
    ['a SAML assertion', { subject_token_type: `${TYPE}saml2` }, 'invalid_request'],
    ['an actor type without actor', { actor_token_type: `${TYPE}jwt` }, 'invalid_request'],
    ['an actor without type', { actor_token: 'x' }, 'invalid_request'],
    ['a refresh token wanted', { requested_token_type: `${TYPE}refresh_token` }, 'invalid_request'],
    ['another resource', { resource: 'https://bigquery.googleapis.com' }, 'invalid_target'],
  ])('%s', async (_what, fields, error) => {
    const response = await post(world.app, '/v1/token', { ...(await ok()), ...fields })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error })
  })

  test('our own resource is one, and a JWT may be asked for', async () => {
    const fields = { resource: GATEWAY, requested_token_type: `${TYPE}jwt` }
    const response = await post(world.app, '/v1/token', { ...(await ok()), ...fields })
    expect(await response.json()).toMatchObject({ issued_token_type: `${TYPE}jwt` })
  })

  test('a parameter twice, even with the same value', async () => {
    const body = `${new URLSearchParams(await ok()).toString()}&grant_type=${GRANT}`
    const response = await post(world.app, '/v1/token', body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  test.each([
    ['another content type', 415, { 'content-type': 'application/json' }, '{}'],
    ['no content type', 415, {}, 'a=b'],
    [
      'a compressed body',
      415,
      { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
      'a=b',
    ],
    [
      'too large a body',
      413,
      { 'content-type': 'application/x-www-form-urlencoded' },
      'a'.repeat(64 * 1024 + 1),
    ],
  ])('%s', async (_what, status, headers, body) => {
    const response = await world.app.request('/v1/token', {
      method: 'POST',
      headers: new Headers(headers),
      body: new TextEncoder().encode(body),
    })
    expect(response.status).toBe(status)
  })
})

describe('introspection', () => {
  test('names the account as gcloud shows it', async () => {
    const subjectToken = await world.issuer.token('ana')
    const { access_token: own } = (await (await exchange(subjectToken)).json()) as Reply
    for (const token of [subjectToken, own]) {
      const response = await introspect(token)
      expect(response.headers.get('cache-control')).toBe('no-store')
      const { iat, exp } = decodeJwt(token)
      expect(await response.json()).toEqual({
        active: true,
        username: 'ana@acme.example',
        sub: 'ana',
        iss: world.issuer.url,
        client_id: 'sluice-cli',
        token_type: 'Bearer',
        iat,
        exp,
      })
    }
  })

  test('a machine has no address, so its subject is its name', async () => {
    const response = await introspect(await world.issuer.token('mcp-agent'))
    expect(await response.json()).toMatchObject({ active: true, username: 'mcp-agent' })
  })

  test('of a token that does not hold says only that', async () => {
    for (const token of ['x', await world.forge({ exp: 1 }), await world.forge({ aud: 'x' })])
      expect(await (await introspect(token)).json()).toEqual({ active: false })
  })

  test('of no token is an error', async () => {
    expect((await introspect('')).status).toBe(400)
  })
})

describe('documents', () => {
  test('protected resource metadata says who vouches for callers', async () => {
    const response = await world.app.request('/.well-known/oauth-protected-resource')
    expect(await response.json()).toEqual({
      resource: GATEWAY,
      resource_name: 'Sluice',
      authorization_servers: [world.issuer.url],
      bearer_methods_supported: ['header'],
      jwks_uri: `${GATEWAY}/.well-known/jwks.json`,
    })
  })

  test('authorization server metadata is about gcloud’s sign-in and the exchange', async () => {
    const response = await world.app.request('/.well-known/oauth-authorization-server')
    expect(await response.json()).toMatchObject({
      issuer: GATEWAY,
      authorization_endpoint: `${GATEWAY}/v1/authorize`,
      token_endpoint: `${GATEWAY}/v1/token`,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    })
  })

  test('published keys carry their use and a thumbprint as id', async () => {
    const { keys } = (await (await world.app.request('/.well-known/jwks.json')).json()) as {
      keys: object[]
    }
    expect(keys).toEqual([
      expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' }),
    ])
    const token = await (await exchange(await world.forge())).json()
    const { kid } = decodeProtectedHeader((token as Reply).access_token)
    expect(keys).toEqual([expect.objectContaining({ kid })])
  })
})
