import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type IdentityWorld, identityWorld } from '../../support/identity-world.ts'
import { runSluice as sluice } from '../../support/run-sluice.ts'
import { served } from '../../support/served.ts'

let world: IdentityWorld
let gateway: Awaited<ReturnType<typeof served>>
const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'))
beforeAll(async () => {
  world = await identityWorld()
  gateway = await served(() => world.app)
})
afterAll(async () => {
  await gateway.close()
  await world.close()
  rmSync(folder, { recursive: true })
})

describe('sluice token', () => {
  test.each(['ana', 'mcp-agent'])('%s, by what the gateway says of its issuer', async (name) => {
    const { code, out } = await sluice('token', '--as', name, '--gateway', `${gateway.url}/`)
    expect(code).toBe(0)
    expect(decodeJwt(out.trim())).toMatchObject({ sub: name, iss: world.issuer.url })
    expect(out).toMatch(/^[\w.-]+\n$/)
  })

  test('as JSON, from the issuer named', async () => {
    const { out } = await sluice('token', '--as', 'ana', '--issuer', world.issuer.url, '--json')
    expect(JSON.parse(out)).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
  })

  test('as Google’s clients want it of a command', async () => {
    const { out } = await sluice(
      'token',
      '--as',
      'ana',
      '--gateway',
      gateway.url,
      '--google-executable-json',
    )
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      success: true,
      token_type: 'urn:ietf:params:oauth:token-type:jwt',
      id_token: expect.stringMatching(/^[\w.-]+$/),
    })
  })

  test.each([
    ['an unknown name', ['--as', 'nobody'], 'no identity of that name'],
    [
      'a wrong secret',
      ['--as', 'ana', '--secret', 'wrong'],
      'knows no such name, or another secret',
    ],
    [
      'a gateway that is not there',
      ['--as', 'ana', '--gateway', 'http://127.0.0.1:1'],
      'is `npm start` running?',
    ],
    [
      'an issuer elsewhere',
      ['--as', 'ana', '--issuer', 'https://issuer.example'],
      'not an issuer on this machine',
    ],
    [
      'something on this machine that is no issuer',
      ['--as', 'ana', '--issuer', 'GATEWAY'],
      'status 404',
    ],
  ])('%s is one line on stderr and exit code 1', async (_what, args, message) => {
    const given = args.map((arg) => (arg === 'GATEWAY' ? gateway.url : arg))
    const gatewayArgs = args.includes('--gateway') ? [] : ['--gateway', gateway.url]
    const { code, out, err } = await sluice('token', ...given, ...gatewayArgs)
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toContain(message)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).not.toContain('ana-secret')
  })
})

describe('sluice adc', () => {
  test('with a file', async () => {
    const { out } = await sluice(
      'adc',
      '--gateway',
      'https://sluice.example',
      '--token-file',
      '/run/token',
    )
    expect(JSON.parse(out)).toEqual({
      type: 'external_account',
      audience: 'https://sluice.example',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sluice.example/v1/token',
      token_info_url: 'https://sluice.example/v1/introspect',
      credential_source: { file: '/run/token' },
    })
  })

  test('with a command, into a file', async () => {
    const file = join(folder, 'adc.json')
    const { out } = await sluice('adc', '--token-command', 'corp-token --json', '--out', file)
    expect(out).toBe('')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      token_url: 'http://127.0.0.1:8080/v1/token',
      credential_source: { executable: { command: 'corp-token --json', timeout_millis: 30_000 } },
    })
  })

  test('for people', async () => {
    const { out } = await sluice('adc', '--gateway', 'https://sluice.example', '--login-config')
    expect(JSON.parse(out)).toMatchObject({
      type: 'external_account_authorized_user_login_config',
      auth_url: 'https://sluice.example/v1/authorize',
      token_url: 'https://sluice.example/v1/oauthtoken',
      token_info_url: 'https://sluice.example/v1/introspect',
    })
  })

  test('without any of them is wrong usage', async () => {
    const { code, err } = await sluice('adc')
    expect(code).toBe(2)
    expect(err).toContain('--token-file')
  })
})
