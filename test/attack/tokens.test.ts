import { createHmac, createPublicKey } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { identifier } from '../../shared/identity/identifier.ts'
import { ownTokens } from '../../shared/identity/own-tokens.ts'
import { guarantee } from '../support/guarantee.ts'
import { type IdentityWorld, GATEWAY, identityWorld, post } from '../support/identity-world.ts'

let world: IdentityWorld
beforeAll(async () => {
  world = await identityWorld()
  // Discovery and keys are fetched; from here on no bad token may cause another request.
  await world.identify(`Bearer ${await world.issuer.token('ana')}`, world.time)
})
afterAll(() => world.close())

const seconds = (): number => Math.floor(world.time / 1000)
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

async function problem(token: string): Promise<unknown> {
  const result = await world.identify(`Bearer ${token}`, world.time)
  return result.ok ? 'identified' : result.error
}

const invalid = (code: string): object => ({
  problem: 'token-invalid',
  issuer: world.issuer.url,
  code,
})

const good = (): object => ({
  iss: world.issuer.url,
  aud: GATEWAY,
  sub: 'ada',
  iat: seconds(),
  exp: seconds() + 600,
})

const exchange = async (subjectToken: string): Promise<Response> =>
  post(world.app, '/v1/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subjectToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  })

describe('a token with the right signature and wrong claims', () => {
  test.each([
    ['expired', () => ({ exp: seconds() - 31 }), { problem: 'token-expired' }],
    ['not valid yet', () => ({ nbf: seconds() + 31 }), { code: 'not-yet-valid' }],
    ['issued in the future', () => ({ iat: seconds() + 31 }), { code: 'not-yet-valid' }],
    ['without exp', () => ({ exp: undefined }), { code: 'claims' }],
    ['without iat', () => ({ iat: undefined }), { code: 'claims' }],
    ['with exp as text', () => ({ exp: '9999999999' }), { code: 'claims' }],
    ['for another audience', () => ({ aud: 'https://other.example' }), { code: 'audience' }],
    ['for a part of our name', () => ({ aud: `${GATEWAY}/` }), { code: 'audience' }],
    ['for nobody', () => ({ aud: undefined }), { code: 'audience' }],
    ['for an empty list', () => ({ aud: [] }), { code: 'audience' }],
    ['of another issuer', () => ({ iss: 'https://evil.example' }), { problem: 'issuer-unknown' }],
    [
      'of our issuer with a slash',
      () => ({ iss: `${world.issuer.url}/` }),
      { problem: 'issuer-unknown' },
    ],
    [
      'of our issuer in capitals',
      () => ({ iss: world.issuer.url.replace('http', 'HTTP') }),
      { problem: 'issuer-unknown' },
    ],
    ['of two issuers', () => ({ iss: [world.issuer.url] }), { problem: 'token-malformed' }],
    ['of no issuer', () => ({ iss: undefined }), { problem: 'token-malformed' }],
    ['that claims to be ours', () => ({ iss: GATEWAY }), { code: 'algorithm' }],
    ['without sub', () => ({ sub: undefined }), { code: 'subject' }],
    ['with an empty sub', () => ({ sub: '' }), { code: 'subject' }],
    [
      'that is a logout token',
      () => ({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
      { code: 'type' },
    ],
    [
      'bound to a key that was not shown',
      () => ({ cnf: { jkt: 'x' } }),
      { code: 'sender-constrained' },
    ],
  ])('%s is refused', async (_what, claims, expected) => {
    expect(await problem(await world.forge(claims()))).toMatchObject(expected)
  })

  test('is accepted within the tolerance of 30 s', async () => {
    for (const claims of [
      { exp: seconds() - 29 },
      { nbf: seconds() + 29 },
      { iat: seconds() + 29 },
    ])
      expect(await problem(await world.forge(claims))).toBe('identified')
  })

  test('of ours, signed with a key of the issuer, is no token of ours', async () => {
    const token = await world.forge({ iss: GATEWAY }, { alg: 'ES256' })
    expect(await problem(token)).toMatchObject({ issuer: GATEWAY, code: 'key-unknown' })
  })
})

describe('a token with a wrong header', () => {
  test.each(['none', 'None', 'NONE', 'nOnE'])('alg %s', async (alg) => {
    expect(await problem(`${part({ alg })}.${part(good())}.`)).toEqual(invalid('algorithm'))
  })

  test.each(['pkcs1', 'spki'] as const)(
    'HS256 with the public key (%s) as the secret',
    async (type) => {
      const [jwk] = world.keys()
      const pem = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({
        type,
        format: 'pem',
      })
      const signed = `${part({ alg: 'HS256', kid: jwk?.kid })}.${part(good())}`
      const signature = createHmac('sha256', pem).update(signed).digest('base64url')
      expect(await problem(`${signed}.${signature}`)).toEqual(invalid('algorithm'))
    },
  )

  test('an algorithm that policy does not name', async () => {
    expect(await problem(await world.forge({}, { alg: 'PS256' }))).toEqual(invalid('algorithm'))
  })

  test('a key of the attacker under the id of a published one', async () => {
    const foreign = await identityWorld()
    try {
      const kid = world.keys()[0]?.kid
      const token = await foreign.forge({ iss: world.issuer.url }, { kid })
      expect(await problem(token)).toEqual(invalid('signature'))
    } finally {
      await foreign.close()
    }
  })

  test('the attacker’s key in the header, or where the header says', async () => {
    const foreign = await identityWorld()
    try {
      const [jwk] = foreign.keys()
      const { kty, n, e } = jwk ?? {}
      for (const header of [
        { jwk: { kty, n, e } },
        { jku: `${foreign.issuer.url}/jwks`, kid: jwk?.kid },
        { x5u: `${foreign.issuer.url}/cert`, kid: jwk?.kid },
        { x5c: ['MIIB'], kid: jwk?.kid },
      ]) {
        const token = await foreign.forge({ iss: world.issuer.url }, header)
        expect(await problem(token)).toEqual(invalid('key-unknown'))
      }
      expect(world.requests.filter((url) => url.startsWith(foreign.issuer.url))).toEqual([])
    } finally {
      await foreign.close()
    }
  })

  test.each([
    [{ crit: ['exp'], exp: 1 }, 'critical-header'],
    [{ crit: ['b64'], b64: true }, 'critical-header'],
    [{ typ: 'logout+jwt' }, 'type'],
    [{ typ: 'dpop+jwt' }, 'type'],
    [{ typ: 'secevent+jwt' }, 'type'],
  ])('%j', async (header, code) => {
    const [head, body = '', signature = ''] = (await world.forge()).split('.')
    const parsed: object = JSON.parse(Buffer.from(head ?? '', 'base64url').toString())
    // Whether the signature fits does not matter: this is refused before it is looked at.
    expect(await problem(`${part({ ...parsed, ...header })}.${body}.${signature}`)).toEqual(
      invalid(code),
    )
  })
})

describe('something that is no token', () => {
  test.each([
    ['one part', 'abc'],
    ['two parts', 'abc.def'],
    ['four parts', 'a.b.c.d'],
    ['five parts, encrypted', 'a.b.c.d.e'],
    ['no JSON', 'YQ.YQ.YQ'],
    ['JSON that is no object', `${part([])}.${part([])}.YQ`],
    ['claims that are null', `${part({ alg: 'RS256' })}.bnVsbA.YQ`],
    [
      'a header of another character set',
      `${Buffer.from('{"alg":"RS256\xff"}', 'latin1').toString('base64url')}.${part({})}.YQ`,
    ],
  ])('%s', async (_what, token) => {
    expect(await problem(token)).toEqual({ problem: 'token-malformed' })
  })

  test('more than 16 kB, whatever is in it', async () => {
    const token = await world.forge({ padding: 'x'.repeat(16 * 1024) })
    expect(await problem(token)).toEqual({ problem: 'token-malformed' })
  })
})

test('a flood of unknown key ids asks the issuer nothing', async () => {
  const before = world.requests.length
  const [head, body = '', signature = ''] = (await world.forge()).split('.')
  const parsed: object = JSON.parse(Buffer.from(head ?? '', 'base64url').toString())
  for (let n = 0; n < 200; n++) {
    const token = `${part({ ...parsed, kid: `unknown-${n}` })}.${body}.${signature}`
    expect(await problem(token)).toEqual(invalid('key-unknown'))
  }
  expect(world.requests.length - before).toBe(0)
})

test('no bad token of this file has caused a request to the issuer', () => {
  expect(world.requests).toEqual([
    `${world.issuer.url}/.well-known/openid-configuration`,
    `${world.issuer.url}/jwks`,
  ])
})

describe('who else signs with a trusted key', () => {
  test('a token of a client that policy does not allow', async () => {
    const strict = await identityWorld({ clients: ['mcp-agent'] })
    try {
      const agent = await strict.issuer.token('mcp-agent')
      const ci = await strict.issuer.token('ci-etl')
      expect(await strict.identify(`Bearer ${agent}`, strict.time)).toMatchObject({ ok: true })
      expect(await strict.identify(`Bearer ${ci}`, strict.time)).toMatchObject({
        error: { code: 'client' },
      })
    } finally {
      await strict.close()
    }
  })

  test('the same sub at another issuer is another principal', async () => {
    const other = await identityWorld()
    try {
      const both = {
        ...world.ports,
        issuers: [world.trusted, other.trusted],
        keySets: (issuer: string) =>
          (issuer === world.issuer.url ? world : other).ports.keySets(issuer),
      }
      const identify = identifier(both)
      const mine = await identify(`Bearer ${await world.forge()}`, world.time)
      const theirs = await identify(`Bearer ${await other.forge()}`, world.time)
      const borrowed = await identify(
        `Bearer ${await other.forge({ iss: world.issuer.url })}`,
        world.time,
      )
      expect([mine, theirs].map((one) => one.ok && one.value.issuer)).toEqual([
        world.issuer.url,
        other.issuer.url,
      ])
      expect(borrowed).toMatchObject({ ok: false })
    } finally {
      await other.close()
    }
  })
})

describe('exchanged tokens', () => {
  test('cannot be exchanged again', async () => {
    const first = (await (await exchange(await world.forge())).json()) as { access_token: string }
    const again = await exchange(first.access_token)
    expect(again.status).toBe(400)
    expect(await again.json()).toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining('issued by this gateway'),
    })
  })

  guarantee('own-token-bounded', async () => {
    const subjectToken = await world.forge({ exp: seconds() + 90 })
    const reply = (await (await exchange(subjectToken)).json()) as {
      access_token: string
      expires_in: number
    }
    expect(reply.expires_in).toBe(90)
    const at = (time: number): Promise<unknown> =>
      world.identify(`Bearer ${reply.access_token}`, time)
    expect(await at((seconds() + 89) * 1000)).toMatchObject({ ok: true })
    expect(await at((seconds() + 90) * 1000)).toMatchObject({
      error: { problem: 'token-expired', issuer: GATEWAY },
    })
  })

  test('are not made of an expired token that is still tolerated as a bearer', async () => {
    const subjectToken = await world.forge({ exp: seconds() - 5 })
    expect(await problem(subjectToken)).toBe('identified')
    const reply = await exchange(subjectToken)
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('of another gateway with the same key are refused', async () => {
    const elsewhere = ownTokens({
      issuer: GATEWAY,
      audience: 'https://other-gateway.example',
      key: world.gatewayKeys.signing,
      retired: [],
      randomToken: world.ports.randomToken,
    })
    const vouched = {
      issuer: world.issuer.url,
      subject: 'ada',
      groups: ['platform-admins'],
      named: {},
      actors: [],
      lifetime: '1',
    }
    const issued = await elsewhere.issue(vouched, world.time + 600_000, world.time)
    expect(await problem(issued?.token ?? '')).toMatchObject({ issuer: GATEWAY, code: 'audience' })
  })

  test('stop when policy no longer trusts their issuer, or asks more of it', async () => {
    const reply = (await (await exchange(await world.forge())).json()) as { access_token: string }
    const header = `Bearer ${reply.access_token}`
    const without = identifier({ ...world.ports, issuers: [] })
    expect(await without(header, world.time)).toMatchObject({
      error: { problem: 'issuer-unknown' },
    })
    const stricter = identifier({
      ...world.ports,
      issuers: [{ ...world.trusted, requiredClaims: { amr: ['mfa'] } }],
    })
    expect(await stricter(header, world.time)).toMatchObject({ error: { code: 'required-claim' } })
  })
})
