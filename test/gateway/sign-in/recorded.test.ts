import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { type IdentityWorld, identityWorld } from '../../support/identity-world.ts'
import { type World, world } from '../../support/world.ts'

let identity: IdentityWorld
let gateway: World
beforeEach(async () => {
  identity = await identityWorld()
  gateway = await world({ signIn: identity.app, mayFail: true, perMinute: 5 })
})
afterEach(async () => {
  await gateway.close()
  await identity.close()
})

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'

const form = (path: string, values: Readonly<Record<string, string>>): Promise<Response> =>
  gateway.request(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'google-auth/2',
      'sluice-session': 'mine',
    },
    body: new URLSearchParams(values).toString(),
  })

const exchange = (token: string): Promise<Response> =>
  form('/v1/token', { grant_type: GRANT, subject_token: token, subject_token_type: JWT })

const refusals = () => gateway.store.ofType('refusal')

describe('a refused sign-in left no trace', () => {
  test('the exchange: who, from where and why, and nothing of the token', async () => {
    const token = await identity.forge({ aud: 'https://somebody.else' })
    expect((await exchange(token)).status).toBe(400)
    expect(refusals()).toMatchObject([
      {
        method: 'POST /v1/token',
        problem: 'sign-in-refused',
        detail: expect.stringMatching(/^invalid_grant: the subject_token is not accepted/),
        source: { address: '192.0.2.7', userAgent: 'google-auth/2' },
        unrecorded: 0,
      },
    ])
    expect(refusals()[0]?.principal).toBeUndefined()
    const kept = gateway.store.stored().map(({ bytes }) => bytes.toString('utf8'))
    for (const part of token.split('.')) expect(kept.join()).not.toContain(part)
  })

  test.each([
    ['/v1/token', { grant_type: 'hunter2' }, /^unsupported_grant_type: /],
    ['/v1/oauthtoken', { grant_type: 'refresh_token', refresh_token: 'hunter2' }, /^invalid_grant/],
    ['/v1/oauthtoken', { grant_type: 'authorization_code', code: 'hunter2' }, /^invalid_grant/],
    ['/v1/introspect', { hunter2: 'hunter2' }, /^invalid_request: /],
  ])('POST %s with %j', async (path, values, detail) => {
    expect((await form(path, { ...values })).status).toBe(400)
    expect(refusals()).toMatchObject([
      { method: `POST ${path}`, detail: expect.stringMatching(detail) },
    ])
    expect(gateway.store.stored()[0]?.bytes.toString('utf8')).not.toContain('hunter2')
  })

  test('a body that is no form', async () => {
    expect((await gateway.post('/v1/token', { token: 'hunter2' })).status).toBe(415)
    expect(refusals()).toMatchObject([{ detail: expect.stringMatching(/^invalid_request: /) }])
  })

  test('a page for a person', async () => {
    expect((await gateway.request('/v1/callback?state=hunter2')).status).toBe(400)
    expect(refusals()).toMatchObject([{ method: 'GET /v1/callback', detail: 'status 400' }])
    expect(gateway.store.stored()[0]?.bytes.toString('utf8')).not.toContain('hunter2')
  })

  test('an error that goes back to gcloud', async () => {
    const query = new URLSearchParams({
      client_id: '32555940559.apps.googleusercontent.com',
      redirect_uri: 'http://localhost:8085/',
      response_type: 'token',
      state: 'hunter2',
    })
    expect((await gateway.request(`/v1/authorize?${query.toString()}`)).status).toBe(302)
    expect(refusals()).toMatchObject([
      { detail: 'unsupported_response_type: response_type must be code' },
    ])
    expect(gateway.store.stored()[0]?.bytes.toString('utf8')).not.toContain('hunter2')
  })
})

test('what was not refused is not recorded as refused', async () => {
  expect((await exchange(await identity.forge())).status).toBe(200)
  expect((await form('/v1/introspect', { token: 'x' })).status).toBe(200)
  expect((await gateway.request('/.well-known/jwks.json')).status).toBe(200)
  expect(gateway.store.stored()).toEqual([])
})

test('refused sign-ins share the budget of all that come from nobody', async () => {
  for (let i = 0; i < 8; i++) expect((await exchange('x')).status).toBe(400)
  expect(refusals()).toHaveLength(5)
})

test('when it cannot be recorded, the no stays the same no', async () => {
  const before = await (await exchange('x')).text()
  gateway.store.failNext('before', { times: Infinity })
  const response = await exchange('x')
  expect(response.status).toBe(400)
  expect(await response.text()).toBe(before)
  expect(gateway.failures).toHaveLength(1)
  expect(refusals()).toHaveLength(1)
})
