import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { signInRoutes } from '../../shared/gateway/sign-in/sign-in-routes.ts'
import { GCLOUD_CLIENT_ID } from '../../shared/identity/sign-in/authorization-request.ts'
import type { SignInPorts } from '../../shared/identity/sign-in/sign-in.ts'
import { gcloud, redeem, redirected, signInAs } from '../support/gcloud.ts'
import { type IdentityWorld, identityWorld, post } from '../support/identity-world.ts'

let world: IdentityWorld
beforeAll(async () => {
  world = await identityWorld()
})
afterAll(() => world.close())

const answering = async (
  claims: Readonly<Record<string, unknown>>,
  change: (ports: SignInPorts) => Partial<SignInPorts> = () => ({}),
): Promise<Response> => {
  let nonce = ''
  const app = signInRoutes({
    ...world.ports,
    issuerClient: {
      ...world.ports.issuerClient,
      redeem: async () => ({
        ok: true,
        value: {
          idToken: await world.forge({ aud: 'sluice-gateway', nonce, ...claims }, { typ: 'JWT' }),
          refreshToken: undefined,
        },
      }),
    },
    ...change(world.ports),
    clock: () => world.time,
  })
  const client = gcloud()
  const toIssuer = await redirected(app, client.authorizeUrl())
  nonce = toIssuer.searchParams.get('nonce') ?? ''
  const query = new URLSearchParams({
    code: 'c',
    state: toIssuer.searchParams.get('state') ?? '',
    iss: world.issuer.url,
  })
  const back = await redirected(app, `/v1/callback?${query.toString()}`)
  return redeem({ ...world, app }, back.searchParams.get('code') ?? '', client.verifier)
}

describe('no open redirector: the code goes to a program on this machine or nowhere', () => {
  test.each([
    'https://evil.example/',
    'http://evil.example:8085/',
    'http://localhost.evil.example:8085/',
    'http://localhost:8085@evil.example/',
    'http://evil.example\\@localhost:8085/',
    'http://user@localhost:8085/',
    'http://localhost:8085/../x',
    'http://localhost:8085/?x=http://evil.example',
    'http://localhost:8085/#x',
    'http://localhost:8085//evil.example',
    'http://localhost:8085',
    'http://localhost/',
    'http://localhost:0/',
    'http://localhost:65536/',
    'http://localhost:8085/\r\nset-cookie: a=b',
    'http://127.0.0.2:8085/',
    'http://[::1]:8085/',
    'HTTP://localhost:8085/',
    'https://localhost:8085/',
    'https://sdk.cloud.google.com/applicationdefaultauthcode.html',
    'javascript:alert(1)',
    'urn:ietf:wg:oauth:2.0:oob',
    '',
  ])('%s', async (redirectUri) => {
    const response = await world.app.request(gcloud().authorizeUrl({ redirect_uri: redirectUri }))
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test.each([undefined, 'other-client', `${GCLOUD_CLIENT_ID}.evil.example`])(
    'nor for the client %s',
    async (clientId) => {
      const response = await world.app.request(gcloud().authorizeUrl({ client_id: clientId }))
      expect(response.status).toBe(400)
      expect(response.headers.get('location')).toBeNull()
    },
  )

  test('nor when a parameter says two things', async () => {
    const response = await world.app.request(
      `${gcloud().authorizeUrl()}&redirect_uri=https://evil.example/`,
    )
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })
})

describe('a code that was stolen on its way to gcloud', () => {
  test('is worth nothing without the verifier, and stays good for who has it', async () => {
    const { back, client } = await signInAs(world, 'ana')
    const code = back.searchParams.get('code') ?? ''
    for (const verifier of ['', 'wrong', gcloud().verifier]) {
      const refused = await redeem(world, code, verifier)
      expect(refused.status).toBe(400)
      expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })
    }
    const elsewhere = await redeem(world, code, client.verifier, {
      redirect_uri: 'http://localhost:9999/',
    })
    expect(elsewhere.status).toBe(400)
    expect((await redeem(world, code, client.verifier)).status).toBe(200)
  })

  test('works once, and using it again takes back the refresh token', async () => {
    const { back, client } = await signInAs(world, 'ana')
    const code = back.searchParams.get('code') ?? ''
    const first = (await (await redeem(world, code, client.verifier)).json()) as {
      refresh_token: string
    }
    const replayed = await redeem(world, code, client.verifier)
    expect(replayed.status).toBe(400)
    expect(await replayed.json()).toMatchObject({ error: 'invalid_grant' })
    // RFC 6749 §4.1.2, at the issuer.
    const refused = await post(world.app, '/v1/oauthtoken', {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token,
    })
    expect(refused.status).toBe(400)
  })

  test('is too old after a minute', async () => {
    const { back, client } = await signInAs(world, 'ana')
    world.time += 61_000
    const late = await redeem(world, back.searchParams.get('code') ?? '', client.verifier)
    expect(late.status).toBe(400)
  })
})

describe('sealed text', () => {
  test('of one kind does not open as another, and not when changed', async () => {
    const { back, callback, client } = await signInAs(world, 'ana')
    const code = back.searchParams.get('code') ?? ''
    const tokens = (await (await redeem(world, code, client.verifier)).json()) as {
      refresh_token: string
    }
    const state = new URLSearchParams(callback.split('?')[1]).get('state') ?? ''
    const changed = `${tokens.refresh_token.slice(0, -3)}AAA`
    for (const refreshToken of [code, state, changed, 'x', `${changed}.x`]) {
      const refused = await post(world.app, '/v1/oauthtoken', {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      })
      expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })
    }
    for (const wrong of [state, tokens.refresh_token, 'x'])
      expect((await redeem(world, wrong, client.verifier)).status).toBe(400)
    for (const wrong of [code, tokens.refresh_token, 'x', ''])
      expect((await world.app.request(`/v1/callback?code=c&state=${wrong}`)).status).toBe(400)
  })

  test('of another gateway does not open', async () => {
    const other = await identityWorld()
    try {
      const { back, client } = await signInAs(other, 'ana')
      expect(
        (await redeem(world, back.searchParams.get('code') ?? '', client.verifier)).status,
      ).toBe(400)
    } finally {
      await other.close()
    }
  })

  test('a login page left open for too long leads nowhere', async () => {
    const toIssuer = await redirected(world.app, gcloud().authorizeUrl())
    const state = toIssuer.searchParams.get('state') ?? ''
    world.time += 11 * 60_000
    const query = new URLSearchParams({ code: 'c', state, iss: world.issuer.url })
    expect((await world.app.request(`/v1/callback?${query.toString()}`)).status).toBe(400)
  })
})

describe('mix-up (RFC 9207): an answer that another issuer sent', () => {
  test.each([
    ['names the other', { iss: 'https://evil.example' }],
    ['names nobody, though our issuer always does', {}],
    ['names both', { iss: 'twice' }],
  ])('%s', async (_what, fields) => {
    const toIssuer = await redirected(world.app, gcloud().authorizeUrl())
    const state = toIssuer.searchParams.get('state') ?? ''
    const query = new URLSearchParams({ code: 'victim-code', state, ...fields })
    if (query.get('iss') === 'twice') query.append('iss', world.issuer.url)
    const before = world.requests.length
    const response = await world.app.request(`/v1/callback?${query.toString()}`)
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(world.requests.length).toBe(before)
  })
})

describe('the ID token of the sign-in', () => {
  test('is accepted when all of it fits', async () => {
    expect((await answering({})).status).toBe(200)
  })

  test.each([
    ['of another sign-in', { nonce: 'other' }],
    ['without a nonce', { nonce: undefined }],
    ['for another client', { aud: 'other-client' }],
    ['for the gateway as a resource', { aud: 'http://127.0.0.1:8080' }],
    ['made for another party', { azp: 'other-client' }],
    ['expired', { exp: 1 }],
    ['without a subject', { sub: '' }],
    ['of another issuer', { iss: 'https://evil.example' }],
  ])('is refused: %s', async (_what, claims) => {
    const response = await answering(claims)
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain('access_token')
  })

  test('of another person at renewal is refused', async () => {
    const { back, client } = await signInAs(world, 'ana')
    const code = back.searchParams.get('code') ?? ''
    const tokens = (await (await redeem(world, code, client.verifier)).json()) as {
      refresh_token: string
    }
    const app = signInRoutes({
      ...world.ports,
      issuerClient: {
        ...world.ports.issuerClient,
        redeem: async () => ({
          ok: true,
          value: {
            idToken: await world.forge({ aud: 'sluice-gateway', sub: 'ada' }),
            refreshToken: undefined,
          },
        }),
      },
      clock: () => world.time,
    })
    const response = await post(app, '/v1/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
  })
})

test('pages repeat nothing that came with the request', async () => {
  const script = '<script>alert(1)</script>'
  for (const path of [
    `/v1/authorize?client_id=${encodeURIComponent(script)}`,
    gcloud().authorizeUrl({ redirect_uri: script }),
    `/v1/callback?state=${encodeURIComponent(script)}&error=${encodeURIComponent(script)}`,
  ]) {
    const response = await world.app.request(path)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).not.toContain('alert')
  }
})
