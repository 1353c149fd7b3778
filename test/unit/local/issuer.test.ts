import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { readIdentities } from '../../../infra/local/issuer/identities.ts'
import {
  type LocalIssuer,
  startLocalIssuer,
} from '../../../infra/local/issuer/start-local-issuer.ts'
import { browser, inPage, logIn } from '../../support/browser.ts'

const identities = join(import.meta.dirname, '../../../infra/local/identities.yaml')
const audience = 'http://127.0.0.1:8080'
const folder = mkdtempSync(join(tmpdir(), 'sluice-issuer-'))
const keysFile = join(folder, 'keys.json')
const printed = (['log', 'info', 'warn', 'error'] as const).map((level) => vi.spyOn(console, level))

let issuer: LocalIssuer
beforeAll(async () => {
  issuer = await startLocalIssuer({ identities, audience, keysFile })
})
afterAll(async () => {
  await issuer.close()
  rmSync(folder, { recursive: true })
})

const form = (path: string, fields: Record<string, string>): Promise<Response> =>
  fetch(issuer.url + path, { method: 'POST', body: new URLSearchParams(fields) })

async function verified(token: string): Promise<ReturnType<typeof decodeJwt>> {
  const keys = createRemoteJWKSet(new URL(`${issuer.url}/jwks`))
  return (await jwtVerify(token, keys, { issuer: issuer.url, audience })).payload
}

const back = (url: string): boolean => url.startsWith('http://127.0.0.1:9999/')

const never = (): boolean => false

const kids = async (url: string): Promise<unknown> =>
  ((await (await fetch(`${url}/jwks`)).json()) as { keys: { kid: string }[] }).keys.map(
    (key) => key.kid,
  )

test.each([
  ['ana', 'analysts', 'sluice-cli'],
  ['carla', 'clinicians', 'sluice-cli'],
  ['petra', 'privacy-office', 'sluice-cli'],
  ['paul', 'privacy-office', 'sluice-cli'],
  ['otto', 'auditors', 'sluice-cli'],
  ['ada', 'platform-admins', 'sluice-cli'],
  ['mcp-agent', 'agents', 'mcp-agent'],
  ['ci-etl', 'ci', 'ci-etl'],
])('%s has a token with the group %s', async (name, group, clientId) => {
  const token = await issuer.token(name)
  const claims = await verified(token)
  expect(claims).toMatchObject({ sub: name, groups: [group], client_id: clientId })
  expect(Number(claims.exp) - Number(claims.iat)).toBe(3600)
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
})

describe('a wrong secret gets nothing', () => {
  test.each([
    [{ grant_type: 'client_credentials', client_id: 'mcp-agent', client_secret: 'wrong' }],
    [{ grant_type: 'client_credentials', client_id: 'ana', client_secret: 'ana-secret' }],
    [
      {
        grant_type: 'urn:sluice:local:direct',
        client_id: 'sluice-cli',
        username: 'ana',
        password: 'wrong',
      },
    ],
    [
      {
        grant_type: 'urn:sluice:local:direct',
        client_id: 'sluice-cli',
        username: 'mcp-agent',
        password: 'mcp-agent-secret',
      },
    ],
    [{ grant_type: 'urn:sluice:local:direct', client_id: 'sluice-cli', username: 'ana' }],
    [
      {
        grant_type: 'urn:sluice:local:direct',
        client_id: 'ci-etl',
        client_secret: 'wrong',
        username: 'ana',
        password: 'ana-secret',
      },
    ],
  ])('%j', async (fields) => {
    const response = await form('/token', fields)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await response.text()).not.toContain('access_token')
  })
})

test('whoever asks for another audience gets a token for that one', async () => {
  const response = await form('/token', {
    grant_type: 'client_credentials',
    client_id: 'mcp-agent',
    client_secret: 'mcp-agent-secret',
    resource: 'https://other.example',
  })
  const { access_token: token } = (await response.json()) as { access_token: string }
  expect(decodeJwt(token)).toMatchObject({ sub: 'mcp-agent', aud: 'https://other.example' })
})

test('code + PKCE: a person signs in with a browser, after a wrong secret', async () => {
  const by = browser()
  const verifier = 'v'.repeat(43)
  const query = new URLSearchParams({
    client_id: 'sluice-cli',
    response_type: 'code',
    redirect_uri: 'http://127.0.0.1:9999/callback',
    scope: 'openid email groups',
    state: 'S',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const start = `${issuer.url}/auth?${query.toString()}`
  const login = await by.follow(await by.go(start), start, back)
  expect(login.page).toContain('<option value="ana">')
  const wrong = await logIn(login, by, 'ana', 'wrong', back)
  expect(wrong).toMatchObject({ status: 403, page: expect.stringContaining('another one') })
  const done = await logIn(login, by, 'ana', 'ana-secret', back)
  const answer = new URL(done.at).searchParams
  expect(answer.get('state')).toBe('S')
  expect(answer.get('iss')).toBe(issuer.url)
  const tokens = (await (
    await form('/token', {
      client_id: 'sluice-cli',
      grant_type: 'authorization_code',
      code: answer.get('code') ?? '',
      redirect_uri: 'http://127.0.0.1:9999/callback',
      code_verifier: verifier,
    })
  ).json()) as { access_token: string; id_token: string; refresh_token: string }
  expect(await verified(tokens.access_token)).toMatchObject({ sub: 'ana', groups: ['analysts'] })
  expect(decodeJwt(tokens.id_token)).toMatchObject({ groups: ['analysts'], email_verified: true })
  expect(tokens.refresh_token).toBeTypeOf('string')
})

test('device flow: a person signs a terminal in', async () => {
  const started = (await (
    await form('/device/auth', { client_id: 'sluice-cli', scope: 'openid' })
  ).json()) as { device_code: string; user_code: string; verification_uri_complete: string }
  const poll = (): Promise<Response> =>
    form('/token', {
      client_id: 'sluice-cli',
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: started.device_code,
    })
  expect(await (await poll()).json()).toMatchObject({ error: 'authorization_pending' })

  const by = browser()
  const first = await by.go(started.verification_uri_complete)
  const input = await first.text()
  const device = `${issuer.url}/device`
  const fields = {
    xsrf: inPage(input, /name="xsrf" value="([^"]+)"/),
    user_code: started.user_code,
  }
  const confirm = await by.go(device, fields)
  expect(await confirm.text()).toContain(started.user_code)
  const login = await by.follow(await by.go(device, { ...fields, confirm: 'yes' }), device, never)
  const done = await logIn(login, by, 'carla', 'carla-secret', never)
  expect(done.page).toContain('Signed in')
  const tokens = (await (await poll()).json()) as { access_token: string }
  expect(await verified(tokens.access_token)).toMatchObject({
    sub: 'carla',
    groups: ['clinicians'],
  })
})

test('tokens outlive a restart and a rotation of the keys, not their withdrawal', async () => {
  const file = join(folder, 'restarted.json')
  const first = await startLocalIssuer({ identities, audience, keysFile: file })
  const token = await first.token('ana')
  await first.close()
  const second = await startLocalIssuer({ identities, audience, keysFile: file })
  try {
    const { kid } = decodeProtectedHeader(token)
    expect(await kids(second.url)).toContain(kid)
    await second.rotate()
    expect(await kids(second.url)).toContain(kid)
    expect(decodeProtectedHeader(await second.token('ana')).kid).not.toBe(kid)
    await second.rotate({ keep: false })
    expect(await kids(second.url)).not.toContain(kid)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  } finally {
    await second.close()
  }
})

test('a page whose name was rebound to loopback reaches nothing', async () => {
  const status = await new Promise((resolve, reject) => {
    request(`${issuer.url}/jwks`, { headers: { host: 'evil.example' } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect(status).toBe(421)
})

test('an identities file with mistakes says where they are', () => {
  const file = join(folder, 'bad.yaml')
  writeFileSync(file, 'identities:\n  - { id: ana, kind: alien, secret: x }\n')
  expect(() => readIdentities(file)).toThrow('identities[0].kind')
  writeFileSync(
    file,
    'identities:\n  - { id: a, kind: person, secret: x }\n  - { id: a, kind: machine, secret: y }\n',
  )
  expect(() => readIdentities(file)).toThrow('two identities are named `a`')
})

test('a port that is taken is an error', async () => {
  await expect(startLocalIssuer({ identities, audience, port: issuer.port })).rejects.toThrow(
    'EADDRINUSE',
  )
})

test('nothing of all this was printed', () => {
  for (const spy of printed) expect(spy).not.toHaveBeenCalled()
})
