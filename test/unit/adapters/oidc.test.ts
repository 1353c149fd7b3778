import { type Server, createServer } from 'node:http'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { discoveredIssuers } from '../../../shared/adapters/oidc/discovered-issuers.ts'
import { isSecure } from '../../../shared/adapters/oidc/issuer-fetch.ts'
import { IssuerUnreachable } from '../../../shared/identity/key-sets.ts'

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

let server: Server
let url = ''
let answers: Record<string, Answer>
let asked: { path: string; authorization: string | undefined; body: string }[]
let time = 0
const causes: string[] = []

beforeEach(async () => {
  asked = []
  causes.length = 0
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const path = request.url ?? ''
      asked.push({ path, authorization: request.headers.authorization, body })
      const answer = answers[path]
      response.writeHead(answer?.status ?? (answer === undefined ? 404 : 200), answer?.headers)
      const content = answer?.body ?? {}
      response.end(typeof content === 'string' ? content : JSON.stringify(content))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  answers = {
    [DISCOVERY]: {
      body: {
        issuer: url,
        jwks_uri: `${url}/jwks`,
        authorization_endpoint: `${url}/auth`,
        token_endpoint: `${url}/token`,
      },
    },
    '/jwks': { body: { keys: [] } },
  }
})
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
)

const DISCOVERY = '/.well-known/openid-configuration'

const issuers = (timeoutMs = 2000): ReturnType<typeof discoveredIssuers> =>
  discoveredIssuers({
    timeoutMs,
    now: () => time,
    onUnreachable: (_issuer, cause) => causes.push(String(cause)),
  })

describe('an issuer counts as unreachable', () => {
  test.each<[string, string, Answer | (() => Answer)]>([
    [
      'when it says who it is with a slash more',
      DISCOVERY,
      () => ({ body: { issuer: `${url}/`, jwks_uri: `${url}/jwks` } }),
    ],
    [
      'when it says it is another',
      DISCOVERY,
      () => ({ body: { issuer: 'https://evil.example', jwks_uri: `${url}/jwks` } }),
    ],
    [
      'when its keys are in the clear',
      DISCOVERY,
      () => ({ body: { issuer: url, jwks_uri: 'http://issuer.example/jwks' } }),
    ],
    [
      'when its keys are in a file',
      DISCOVERY,
      () => ({ body: { issuer: url, jwks_uri: 'file:///etc/passwd' } }),
    ],
    ['when it has no keys', DISCOVERY, () => ({ body: { issuer: url } })],
    [
      'when it redirects',
      DISCOVERY,
      () => ({ status: 302, headers: { location: `${url}/other` } }),
    ],
    ['when it has an error', DISCOVERY, { status: 500 }],
    ['when it has no document', DISCOVERY, { status: 404 }],
    ['when it answers HTML', DISCOVERY, { body: '<html>' }],
    ['when it answers without end', DISCOVERY, { body: 'x'.repeat(600_000) }],
    [
      'when its keys redirect',
      '/jwks',
      () => ({ status: 302, headers: { location: `${url}/other` } }),
    ],
    ['when its keys are no keys', '/jwks', { body: { keys: 'none' } }],
    ['when its keys are an error', '/jwks', { status: 503 }],
    ['when its keys are HTML', '/jwks', { body: '<html>' }],
  ])('%s', async (_what, path, answer) => {
    answers[path] = typeof answer === 'function' ? answer() : answer
    const { keySets } = issuers()
    const keys = keySets(url).then((get) =>
      get({ alg: 'RS256', kid: 'k' }, { payload: '', signature: '' }),
    )
    await expect(keys).rejects.toThrow(IssuerUnreachable)
    expect(asked.map((one) => one.path)).not.toContain('/other')
    expect(causes).toHaveLength(1)
  })

  test('when it takes too long', async () => {
    server.removeAllListeners('request')
    await expect(issuers(50).keySets(url)).rejects.toThrow(IssuerUnreachable)
  })

  test('when its address is neither https nor on this machine', async () => {
    await expect(issuers().keySets('http://issuer.example')).rejects.toThrow(IssuerUnreachable)
    expect(causes[0]).toContain('neither https nor loopback')
  })
})

test('a discovery document is asked for once in ten minutes', async () => {
  const { keySets } = issuers()
  await Promise.all([keySets(url), keySets(url), keySets(url)])
  time += 10 * 60_000 - 1
  await keySets(url)
  expect(asked).toHaveLength(1)
  time += 1
  await keySets(url)
  expect(asked).toHaveLength(2)
})

test('keys that were fetched ahead are not asked for again', async () => {
  const { prefetch, keySets } = issuers()
  await prefetch(url)
  expect(asked.map(({ path }) => path)).toEqual([DISCOVERY, '/jwks'])
  const keys = await keySets(url)
  const unknown = keys({ alg: 'RS256', kid: 'x' }, { payload: '', signature: '' })
  await expect(unknown).rejects.toThrow('no applicable key')
  expect(asked).toHaveLength(2)
})

test('keys that could not be fetched ahead are asked for by whoever needs them', async () => {
  const { prefetch, keySets } = issuers()
  answers['/jwks'] = { status: 500 }
  await expect(prefetch(url)).resolves.toBeUndefined()
  expect(causes).toHaveLength(1)
  answers['/jwks'] = { body: { keys: [] } }
  time += 3000
  const keys = await keySets(url)
  const unknown = keys({ alg: 'RS256', kid: 'x' }, { payload: '', signature: '' })
  await expect(unknown).rejects.toThrow('no applicable key')
  expect(asked.map(({ path }) => path)).toEqual([DISCOVERY, '/jwks', '/jwks'])
})

test('a failure is remembered for three seconds and no longer', async () => {
  const { keySets } = issuers()
  const good = answers[DISCOVERY]
  answers[DISCOVERY] = { status: 500 }
  for (let n = 0; n < 3; n++) await expect(keySets(url)).rejects.toThrow(IssuerUnreachable)
  expect(asked).toHaveLength(1)
  if (good !== undefined) answers[DISCOVERY] = good
  await expect(keySets(url)).rejects.toThrow(IssuerUnreachable)
  time += 3000
  await expect(keySets(url)).resolves.toBeTypeOf('function')
})

test('a key that the issuer does not have is not an outage', async () => {
  const keys = await issuers().keySets(url)
  for (let n = 0; n < 20; n++)
    await expect(
      keys({ alg: 'RS256', kid: `k${n}` }, { payload: '', signature: '' }),
    ).rejects.toThrow('no applicable key')
  expect(asked.map((one) => one.path)).toEqual([DISCOVERY, '/jwks'])
  expect(causes).toEqual([])
})

describe('the token endpoint', () => {
  const code = { kind: 'code', code: 'C', codeVerifier: 'V', redirectUri: 'R' } as const
  const client = { clientId: 'a:b', clientSecret: 'c d/ä' }

  test('gets the secret in the header, form-encoded first', async () => {
    answers['/token'] = { body: { id_token: 'I', refresh_token: 'F', access_token: 'A' } }
    expect(await issuers().issuerClient.redeem(url, client, code)).toEqual({
      ok: true,
      value: { idToken: 'I', refreshToken: 'F' },
    })
    const { authorization = '', body } = asked.at(-1) ?? {}
    expect(Buffer.from(authorization.slice('Basic '.length), 'base64').toString()).toBe(
      'a%3Ab:c+d%2F%C3%A4',
    )
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'authorization_code',
      code: 'C',
      code_verifier: 'V',
      redirect_uri: 'R',
    })
  })

  test('gets it in the body where the issuer wants it there', async () => {
    answers[DISCOVERY] = {
      body: {
        issuer: url,
        jwks_uri: `${url}/jwks`,
        token_endpoint: `${url}/token`,
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      },
    }
    answers['/token'] = { body: {} }
    await issuers().issuerClient.redeem(url, client, { kind: 'refresh', refreshToken: 'F' })
    const { authorization, body } = asked.at(-1) ?? {}
    expect(authorization).toBeUndefined()
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'F',
      client_id: 'a:b',
      client_secret: 'c d/ä',
    })
  })

  test('refuses a grant: that is an answer', async () => {
    answers['/token'] = { status: 400, body: { error: 'invalid_grant' } }
    expect(await issuers().issuerClient.redeem(url, client, code)).toEqual({
      ok: false,
      error: 'refused',
    })
  })

  test.each<[string, Answer]>([
    ['our client is not known', { status: 401, body: { error: 'invalid_client' } }],
    ['it fails', { status: 500, body: '<html>' }],
    ['it redirects', { status: 302, headers: { location: '/other' } }],
    ['it answers no tokens', { body: { id_token: 7 } }],
  ])('is an outage when %s, and is asked again the next time', async (_what, answer) => {
    answers['/token'] = answer
    const { issuerClient } = issuers()
    for (let n = 0; n < 2; n++)
      await expect(issuerClient.redeem(url, client, code)).rejects.toThrow(IssuerUnreachable)
    expect(asked.map((one) => one.path)).toEqual([DISCOVERY, '/token', '/token'])
    // The cause is for the log: it names no secret and no code.
    expect(causes.join()).not.toMatch(/c d|code_verifier/)
  })
})

test.each([
  ['https://issuer.example', true],
  ['http://127.0.0.1:1', true],
  ['http://localhost:1', true],
  ['http://[::1]:1', true],
  ['http://issuer.example', false],
  ['http://localhost.evil.example', false],
  ['http://127.0.0.1.evil.example', false],
  ['https://user@issuer.example', false],
  ['ftp://127.0.0.1', false],
  ['issuer.example', false],
])('%s may be spoken to: %s', (address, secure) => {
  expect(isSecure(address)).toBe(secure)
})
