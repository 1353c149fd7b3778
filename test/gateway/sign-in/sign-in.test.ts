import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { REDIRECT, gcloud, redeem, redirected, signInAs } from '../../support/gcloud.ts'
import { GATEWAY, type IdentityWorld, identityWorld, post } from '../../support/identity-world.ts'

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly expires_in: number
  readonly token_type: string
}

let world: IdentityWorld
beforeAll(async () => {
  world = await identityWorld({ clients: ['mcp-agent'] })
})
afterAll(() => world.close())

const refresh = (refreshToken: string): Promise<Response> =>
  post(world.app, '/v1/oauthtoken', { grant_type: 'refresh_token', refresh_token: refreshToken })

const principalOf = async (token: string): Promise<unknown> => {
  const result = await world.identify(`Bearer ${token}`, world.time)
  return result.ok ? result.value : result.error
}

test('a person signs in with the browser, gets tokens, and they are renewed', async () => {
  const { back, client } = await signInAs(world, 'petra')
  expect(`${back.origin}${back.pathname}`).toBe(REDIRECT)
  expect(back.searchParams.get('state')).toBe(client.state)
  expect(back.searchParams.get('iss')).toBe(GATEWAY)

  const response = await redeem(world, back.searchParams.get('code') ?? '', client.verifier)
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const tokens = (await response.json()) as Tokens
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) })
  expect(tokens.expires_in).toBeGreaterThan(3500)
  const petra = await principalOf(tokens.access_token)
  expect(petra).toMatchObject({
    issuer: world.issuer.url,
    subject: 'petra',
    groups: ['privacy-office'],
    email: 'petra@acme.example',
    // Sluice's own client, though policy lists only another one.
    clientId: 'sluice-gateway',
    credential: { kind: 'exchanged' },
  })

  const renewed = (await (await refresh(tokens.refresh_token)).json()) as Tokens
  expect(renewed.access_token).not.toBe(tokens.access_token)
  const again = (await principalOf(renewed.access_token)) as { credential: { lifetime: string } }
  const before = petra as { credential: { lifetime: string } }
  expect(again.credential.lifetime).toBe(before.credential.lifetime)
})

test('what the issuer said stays between it and the gateway', async () => {
  const { back, client } = await signInAs(world, 'ana')
  const code = back.searchParams.get('code') ?? ''
  const tokens = (await (await redeem(world, code, client.verifier)).json()) as Tokens
  // Sealed: five parts of a JWE, and nothing of it readable.
  for (const sealed of [code, tokens.refresh_token]) expect(sealed.split('.')).toHaveLength(5)
  expect(Object.keys(tokens).toSorted()).toEqual([
    'access_token',
    'expires_in',
    'refresh_token',
    'token_type',
  ])
  expect(decodeJwt(tokens.access_token).iss).toBe(GATEWAY)
})

test('the request to the issuer is a new one, with PKCE, state and nonce of its own', async () => {
  const client = gcloud()
  const [first, second] = [
    await redirected(world.app, client.authorizeUrl()),
    await redirected(world.app, client.authorizeUrl()),
  ]
  const query = Object.fromEntries(first?.searchParams ?? [])
  expect(query).toMatchObject({
    response_type: 'code',
    client_id: 'sluice-gateway',
    redirect_uri: `${GATEWAY}/v1/callback`,
    scope: 'openid email groups offline_access',
    code_challenge_method: 'S256',
  })
  expect(JSON.stringify(query)).not.toContain(client.state)
  for (const name of ['state', 'nonce', 'code_challenge'])
    expect(first?.searchParams.get(name)).not.toBe(second?.searchParams.get(name))
  expect(first?.searchParams.get('code_challenge')).not.toBe(
    new URL(client.authorizeUrl(), GATEWAY).searchParams.get('code_challenge'),
  )
})

test('somebody the issuer no longer knows is out at the next renewal', async () => {
  const leaving = await identityWorld()
  try {
    const { back, client } = await signInAs(leaving, 'paul')
    const code = back.searchParams.get('code') ?? ''
    const tokens = (await (await redeem(leaving, code, client.verifier)).json()) as Tokens
    leaving.issuer.deactivate('paul')
    const refused = await post(leaving.app, '/v1/oauthtoken', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining('sign in again'),
    })
  } finally {
    await leaving.close()
  }
})

describe('what goes wrong is said where gcloud shows it', () => {
  test.each([
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['no PKCE', { code_challenge: undefined }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a malformed challenge', { code_challenge: 'short' }, 'invalid_request'],
    ['no state', { state: undefined }, 'invalid_request'],
    ['an endless state', { state: 's'.repeat(1025) }, 'invalid_request'],
    ['an issuer without sign-in', { issuer: 'https://other.example' }, 'unauthorized_client'],
  ])('%s', async (_what, changes, error) => {
    const back = await redirected(world.app, gcloud().authorizeUrl(changes))
    expect(`${back.origin}${back.pathname}`).toBe(REDIRECT)
    expect(back.searchParams.get('error')).toBe(error)
    expect(back.searchParams.get('iss')).toBe(GATEWAY)
    expect(back.searchParams.has('code')).toBe(false)
  })

  test('a login that the person breaks off', async () => {
    const client = gcloud()
    const toIssuer = await redirected(world.app, client.authorizeUrl())
    const query = new URLSearchParams({
      error: 'access_denied',
      error_description: '<script>from elsewhere</script>',
      state: toIssuer.searchParams.get('state') ?? '',
      iss: world.issuer.url,
    })
    const back = await redirected(world.app, `/v1/callback?${query.toString()}`)
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'the issuer did not sign you in',
      state: client.state,
      iss: GATEWAY,
    })
  })

  test('an issuer that is down, at every step', async () => {
    const down = await identityWorld()
    const { back, client, callback } = await signInAs(down, 'ana')
    const code = back.searchParams.get('code') ?? ''
    await down.close()
    const redeemed = await redeem(down, code, client.verifier)
    expect(redeemed.status).toBe(503)
    expect(await redeemed.json()).toMatchObject({ error: 'temporarily_unavailable' })

    down.time += 11 * 60_000
    const start = await redirected(down.app, gcloud().authorizeUrl())
    expect(start.searchParams.get('error')).toBe('temporarily_unavailable')
    // Too late for that login, whoever is down.
    expect((await down.app.request(callback)).status).toBe(400)
  })

  test('policy that asks for more than the issuer says', async () => {
    const strict = await identityWorld({ requiredClaims: { amr: ['mfa'] } })
    try {
      const { back, client } = await signInAs(strict, 'ana')
      const refused = await redeem(strict, back.searchParams.get('code') ?? '', client.verifier)
      expect(refused.status).toBe(400)
      expect(await refused.json()).toMatchObject({
        error: 'invalid_grant',
        error_description: expect.stringContaining('lacks a claim that policy requires'),
      })
    } finally {
      await strict.close()
    }
  })

  test('a policy without any sign-in client', async () => {
    const none = await identityWorld({ signIn: undefined })
    try {
      const back = await redirected(none.app, gcloud().authorizeUrl())
      expect(back.searchParams.get('error')).toBe('unauthorized_client')
      const metadata = await none.app.request('/.well-known/oauth-authorization-server')
      expect(await metadata.json()).not.toHaveProperty('authorization_endpoint')
    } finally {
      await none.close()
    }
  })
})
