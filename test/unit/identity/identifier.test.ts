import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { identifier } from '../../../shared/identity/identifier.ts'
import { post } from '../../support/identity-world.ts'
import { GATEWAY, type IdentityWorld, identityWorld } from '../../support/identity-world.ts'

let world: IdentityWorld
beforeAll(async () => {
  world = await identityWorld()
})
afterAll(() => world.close())

const identified = (token: string): ReturnType<IdentityWorld['identify']> =>
  world.identify(`Bearer ${token}`, world.time)

test('a person of the local issuer is a principal', async () => {
  const token = await world.issuer.token('ana')
  expect(await identified(token)).toMatchObject({
    ok: true,
    value: {
      issuer: world.issuer.url,
      subject: 'ana',
      groups: ['analysts'],
      clientId: 'sluice-cli',
      email: 'ana@acme.example',
      actors: [],
      credential: { kind: 'bearer' },
    },
  })
})

test('a machine is one under its own name', async () => {
  const token = await world.issuer.token('mcp-agent')
  expect(await identified(token)).toMatchObject({
    ok: true,
    value: { subject: 'mcp-agent', groups: ['agents'], clientId: 'mcp-agent', email: undefined },
  })
})

test.each(['RS256', 'ES256', 'EdDSA'])('%s is verified', async (alg) => {
  expect(await identified(await world.forge({}, { alg }))).toMatchObject({ ok: true })
})

test('who comes with an exchanged token is who the issuer said', async () => {
  const subjectToken = await world.forge({
    sid: 'S',
    act: { sub: 'agent', iss: 'https://a.example' },
  })
  const reply = await post(world.app, '/v1/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subjectToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  })
  const { access_token: token } = (await reply.json()) as { access_token: string }
  const direct = await identified(subjectToken)
  const exchanged = await identified(token)
  if (!direct.ok || !exchanged.ok) throw new Error('not identified')
  const { credential, ...rest } = exchanged.value
  expect(rest).toEqual({ ...direct.value, credential: undefined })
  expect(credential).toMatchObject({ kind: 'exchanged', lifetime: 'S' })
  expect(credential.expiresAt).toBe(direct.value.credential.expiresAt)
  expect(credential.tokenDigest).not.toBe(direct.value.credential.tokenDigest)
})

test('thirty first verifications at once fetch discovery and keys once', async () => {
  const fresh = await identityWorld()
  try {
    const tokens = await Promise.all(
      Array.from({ length: 30 }, (_, n) => fresh.forge({ jti: String(n) })),
    )
    const results = await Promise.all(
      tokens.map((token) => fresh.identify(`Bearer ${token}`, fresh.time)),
    )
    expect(results.every((result) => result.ok)).toBe(true)
    expect(fresh.requests).toHaveLength(2)
  } finally {
    await fresh.close()
  }
})

describe('what held is remembered', () => {
  test('for a minute: the second look costs no verification', async () => {
    let verifications = 0
    const identify = identifier({
      ...world.ports,
      keySets: async (issuer) => {
        const keys = await world.ports.keySets(issuer)
        return (header, token) => {
          verifications++
          return keys(header, token)
        }
      },
    })
    const header = `Bearer ${await world.forge({ exp: Math.floor(world.time / 1000) + 20 })}`
    await identify(header, world.time)
    await identify(header, world.time + 19_000)
    expect(verifications).toBe(1)
    // At `exp` it is looked at again, and still tolerated for 30 s; then no more.
    expect(await identify(header, world.time + 25_000)).toMatchObject({ ok: true })
    expect(verifications).toBe(2)
    expect(await identify(header, world.time + 51_000)).toMatchObject({
      ok: false,
      error: { problem: 'token-expired', issuer: world.issuer.url },
    })

    const long = `Bearer ${await world.forge()}`
    await identify(long, world.time)
    await identify(long, world.time + 59_000)
    expect(verifications).toBe(4)
    await identify(long, world.time + 61_000)
    expect(verifications).toBe(5)
  })

  test('by the whole token: another signature under the same claims is another token', async () => {
    const token = await world.forge()
    expect(await identified(token)).toMatchObject({ ok: true })
    const last = token.at(-2) === 'A' ? 'B' : 'A'
    const tampered = token.slice(0, -2) + last + token.slice(-1)
    expect(await identified(tampered)).toMatchObject({ error: { code: 'signature' } })
  })
})

describe('key rotation', () => {
  test('a new key holds after the cooldown, an old one as long as it is published', async () => {
    const rotating = await identityWorld({}, { cooldownMs: 0 })
    try {
      const seen = (token: string): ReturnType<IdentityWorld['identify']> =>
        rotating.identify(`Bearer ${token}`, rotating.time)
      const before = await rotating.forge({ jti: 'before' })
      expect(await seen(before)).toMatchObject({ ok: true })
      await rotating.issuer.rotate()
      expect(await seen(await rotating.forge({ jti: 'new key' }))).toMatchObject({ ok: true })
      expect(rotating.requests).toHaveLength(3)
      rotating.time += 61_000
      expect(await seen(before)).toMatchObject({ ok: true })

      await rotating.issuer.rotate({ keep: false })
      expect(await seen(await rotating.forge())).toMatchObject({ ok: true })
      rotating.time += 61_000
      expect(await seen(before)).toMatchObject({ ok: false, error: { code: 'key-unknown' } })
    } finally {
      await rotating.close()
    }
  })
})

describe('an issuer that is down', () => {
  test('is an outage, not a bad token, and a flood asks it once in three seconds', async () => {
    const down = await identityWorld()
    const token = await down.forge()
    await down.close()
    const problems = []
    for (let n = 0; n < 5; n++) problems.push(await down.identify(`Bearer ${token}`, down.time))
    expect(problems.every((one) => !one.ok && one.error.problem === 'issuer-unreachable')).toBe(
      true,
    )
    expect(down.requests).toHaveLength(1)
    expect(down.outages[0]).toMatchObject({ message: 'fetch failed' })
    down.time += 3001
    await down.identify(`Bearer ${token}`, down.time)
    expect(down.requests).toHaveLength(2)
  })

  test('does not matter while its keys are known', async () => {
    const down = await identityWorld()
    const tokens = [await down.forge({ jti: '1' }), await down.forge({ jti: '2' })]
    await down.identify(`Bearer ${tokens[0]}`, down.time)
    await down.close()
    expect(await down.identify(`Bearer ${tokens[1]}`, down.time)).toMatchObject({ ok: true })
  })
})

test('the gateway itself cannot be a trusted issuer, nor one issuer be trusted twice', () => {
  expect(() =>
    identifier({ ...world.ports, issuers: [{ ...world.trusted, issuer: GATEWAY }] }),
  ).toThrow('the gateway itself')
  expect(() => identifier({ ...world.ports, issuers: [world.trusted, world.trusted] })).toThrow(
    'twice',
  )
})
