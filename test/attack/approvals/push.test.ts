import { createHmac, createPublicKey } from 'node:crypto'

import type { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { decodeMessage, encodeMessage } from '../../../shared/adapters/message-codec.ts'
import { pushRoutes } from '../../../shared/approval-desk/push-routes.ts'
import { scheduledRoute } from '../../../shared/approval-desk/scheduled-route.ts'
import { IssuerUnreachable } from '../../../shared/identity/key-sets.ts'
import { type PushTrust, pushTokenVerifier } from '../../../shared/identity/push-token.ts'
import { guarantee } from '../../support/guarantee.ts'
import { type Claims, type IdentityWorld, identityWorld } from '../../support/identity-world.ts'
import { sampleRequested, sampleVote } from '../../support/sample-messages.ts'

const AUDIENCE = 'https://resolver.acme.example/push'
const ACCOUNT = 'sluice-push@acme.iam.gserviceaccount.com'
const SCHEDULER = 'sluice-scheduler@acme.iam.gserviceaccount.com'
const SUBSCRIPTION = 'projects/acme/subscriptions/approval-decisions-resolver'
const DEAD_LETTERS = 'projects/acme/subscriptions/approval-dead-letters'

let world: IdentityWorld
beforeAll(async () => {
  world = await identityWorld()
})
afterAll(() => world.close())

let app: Hono
let received: unknown[]
let dead: unknown[]
let poison: unknown[]
let refused: string[]
let failures: unknown[]
let sweeps: number
let fails: Error | undefined
beforeEach(() => {
  ;[received, dead, poison, refused, failures] = [[], [], [], [], []]
  sweeps = 0
  fails = undefined
  app = endpoint()
})

const keep = (list: unknown[]) => async (item: unknown) => {
  if (fails !== undefined) throw fails
  list.push(item)
}

/** The endpoint of the resolver, as Google's issuer would be trusted. */
function endpoint(change: Partial<PushTrust> = {}): Hono {
  const trust = { issuer: world.issuer.url, keySets: world.ports.keySets, ...change }
  const clock = (): number => world.time
  const reports = {
    onRefused: (problem: string) => void refused.push(problem),
    onFailure: (cause: unknown) => void failures.push(cause),
  }
  const push = pushRoutes({
    verifyPush: pushTokenVerifier({ audience: AUDIENCE, serviceAccount: ACCOUNT, ...trust }),
    clock,
    subscriptions: [SUBSCRIPTION],
    deadLetterSubscriptions: [DEAD_LETTERS],
    decode: decodeMessage,
    receive: { 'dev.sluice.approval.vote': keep(received) },
    deadLetter: keep(dead),
    onPoison: keep(poison),
    ...reports,
  })
  const scheduled = scheduledRoute({
    verifyPush: pushTokenVerifier({
      audience: `${AUDIENCE}/sweep`,
      serviceAccount: SCHEDULER,
      ...trust,
    }),
    clock,
    path: '/sweep',
    work: async () => {
      if (fails !== undefined) throw fails
      sweeps++
    },
    ...reports,
  })
  return push.route('/', scheduled)
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = (): number => Math.floor(world.time / 1000)

const good = (): Claims => ({
  iss: world.issuer.url,
  aud: AUDIENCE,
  azp: '113774264463038321964',
  sub: '113774264463038321964',
  email: ACCOUNT,
  email_verified: true,
  iat: seconds(),
  exp: seconds() + 3600,
})

const googles = (claims: Claims = {}): Promise<string> =>
  world.forge({ ...good(), groups: undefined, ...claims }, { typ: 'JWT' })

const scheduler = (claims: Claims = {}): Promise<string> =>
  googles({ aud: `${AUDIENCE}/sweep`, email: SCHEDULER, ...claims })

function pushed(message = encodeMessage(sampleVote())): Record<string, unknown> {
  const { attributes, data } = message
  const at = '2026-11-20T08:00:00Z'
  return {
    message: {
      attributes,
      data: Buffer.from(data).toString('base64'),
      messageId: '2070443601311540',
      message_id: '2070443601311540',
      publishTime: at,
      publish_time: at,
    },
    subscription: SUBSCRIPTION,
    deliveryAttempt: 1,
  }
}

async function post(
  token: string | undefined,
  body: unknown = pushed(),
  path = '/',
): Promise<Response> {
  return app.request(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  })
}

const nothing = (): void =>
  expect({ received, dead, poison, sweeps }).toEqual({
    received: [],
    dead: [],
    poison: [],
    sweeps: 0,
  })

test('a vote that Google delivers is received', async () => {
  expect((await post(await googles())).status).toBe(204)
  expect(received).toEqual([sampleVote()])
  expect(refused).toEqual([])
})

guarantee('push-authenticated', async () => {
  const response = await post(undefined)
  expect(response.status).toBe(401)
  expect(response.headers.get('content-type')).toBe('application/json')
  nothing()
  expect((await post(undefined, undefined, '/dead-letter')).status).toBe(401)
  expect((await post(undefined, undefined, '/sweep')).status).toBe(401)
  nothing()
  expect(refused).toEqual(['token-missing', 'token-missing', 'token-missing'])
})

describe('B55 a forged push is not received:', () => {
  test.each<readonly [string, number, string, () => Claims]>([
    ['for another audience', 401, 'token-invalid: audience', () => ({ aud: 'https://other' })],
    ['for more of a path', 401, 'token-invalid: audience', () => ({ aud: `${AUDIENCE}/` })],
    [
      'for us among others',
      401,
      'token-invalid: audience',
      () => ({ aud: [AUDIENCE, 'https://other'] }),
    ],
    ['for us in a list', 401, 'token-invalid: audience', () => ({ aud: [AUDIENCE] })],
    ['for nobody', 401, 'token-invalid: audience', () => ({ aud: undefined })],
    ['expired', 401, 'token-expired', () => ({ exp: seconds() - 31 })],
    ['without end', 401, 'token-invalid: claims', () => ({ exp: undefined })],
    ['not valid yet', 401, 'token-invalid: not-yet-valid', () => ({ iat: seconds() + 31 })],
    ['of another issuer', 401, 'issuer-unknown', () => ({ iss: 'https://evil.example' })],
    ['of the issuer without https', 401, 'issuer-unknown', () => ({ iss: 'accounts.google.com' })],
    [
      'of another service account',
      403,
      'other-account',
      () => ({ email: 'sluice-push@evil.iam.gserviceaccount.com' }),
    ],
    ['of a person', 403, 'other-account', () => ({ email: 'mallory@gmail.com' })],
    ['of the account in capitals', 403, 'other-account', () => ({ email: ACCOUNT.toUpperCase() })],
    ['of accounts in a list', 403, 'other-account', () => ({ email: [ACCOUNT] })],
    ['without address', 403, 'other-account', () => ({ email: undefined })],
    ['with an unverified address', 403, 'other-account', () => ({ email_verified: false })],
    ['with an address verified in words', 403, 'other-account', () => ({ email_verified: 'true' })],
    [
      'with an address nobody speaks of',
      403,
      'other-account',
      () => ({ email_verified: undefined }),
    ],
    [
      'of the scheduler',
      401,
      'token-invalid: audience',
      () => ({ aud: `${AUDIENCE}/sweep`, email: SCHEDULER }),
    ],
    ['of the scheduler for us', 403, 'other-account', () => ({ email: SCHEDULER })],
  ])('%s', async (_what, status, problem, claims) => {
    const token = await googles(claims())
    expect((await post(token)).status).toBe(status)
    expect((await post(token, undefined, '/dead-letter')).status).toBe(status)
    nothing()
    expect(refused).toEqual([problem, problem])
  })

  test('with a signature of somebody else', async () => {
    const [header = '', payload = ''] = (await googles()).split('.')
    const [, , signature = ''] = (await googles({ sub: 'other' })).split('.')
    for (const other of [signature, '', signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))])
      expect((await post(`${header}.${payload}.${other}`)).status).toBe(401)
    nothing()
  })

  test('signed by an algorithm that Google does not use, with a key it has', async () => {
    expect((await post(await world.forge(good(), { alg: 'ES256', typ: 'JWT' }))).status).toBe(401)
    nothing()
    expect(refused).toEqual(['token-invalid: algorithm'])
  })

  test.each(['none', 'None', 'NONE', 'nOnE'])('alg %s', async (alg) => {
    for (const tail of ['', '.x'])
      expect((await post(`${part({ alg })}.${part(good())}.${tail}`)).status).toBe(401)
    nothing()
  })

  test.each(['pkcs1', 'spki'] as const)('HS256 with the public key (%s)', async (type) => {
    const [jwk] = world.keys()
    const pem = createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type, format: 'pem' })
    const signed = `${part({ alg: 'HS256', kid: jwk?.kid })}.${part(good())}`
    const signature = createHmac('sha256', pem).update(signed).digest('base64url')
    expect((await post(`${signed}.${signature}`)).status).toBe(401)
    nothing()
    expect(refused).toEqual(['token-invalid: algorithm'])
  })

  test('with a key of its own in the header', async () => {
    const token = await world.forge(good(), { alg: 'PS256', jku: 'https://evil.example/keys' })
    expect((await post(token)).status).toBe(401)
    nothing()
  })

  test('with a token in another header or in the path', async () => {
    const token = await googles()
    const headers = { 'x-serverless-authorization': `Bearer ${token}`, 'content-type': 'x' }
    const body = JSON.stringify(pushed())
    const path = `/?access_token=${token}&token=${token}`
    expect((await app.request(path, { method: 'POST', headers, body })).status).toBe(401)
    nothing()
  })

  test('and nothing of it is read', async () => {
    let pulled = 0
    const body = new ReadableStream({
      pull: (controller) => {
        pulled++
        controller.enqueue(Buffer.alloc(1024))
      },
    })
    const before = pulled
    const request = new Request('http://localhost/', { method: 'POST', body, duplex: 'half' })
    expect((await app.request(request)).status).toBe(401)
    // A stream fills its queue by itself, with one chunk.
    expect(pulled - before).toBeLessThanOrEqual(1)
    nothing()
  })
})

test('when the keys cannot be had, nothing is received, and Google is told to come again', async () => {
  app = endpoint({ keySets: (issuer) => Promise.reject(new IssuerUnreachable(issuer, undefined)) })
  expect((await post(await googles())).status).toBe(503)
  nothing()
})

describe('B55 a push that Google signed, of something else, is not received:', () => {
  const { message } = pushed()

  test.each([
    'projects/acme/subscriptions/other',
    `${SUBSCRIPTION}/`,
    SUBSCRIPTION.toUpperCase(),
    DEAD_LETTERS,
    '',
  ])('from subscription `%s`', async (subscription) => {
    expect((await post(await googles(), { ...pushed(), subscription })).status).toBe(403)
    nothing()
    expect(refused).toEqual(['other-subscription'])
  })

  test('from the usual subscription among the dead letters', async () => {
    expect((await post(await googles(), undefined, '/dead-letter')).status).toBe(403)
    nothing()
  })

  test.each<readonly [string, unknown]>([
    ['nothing', ''],
    ['text', 'vote'],
    ['an empty object', {}],
    ['an array', [pushed()]],
    ['no message', { subscription: SUBSCRIPTION }],
    ['no subscription', { message }],
    ['subscriptions in a list', { message, subscription: [SUBSCRIPTION] }],
    ['data that is no base64', { ...pushed(), message: { messageId: '1', data: '%%%' } }],
    ['no data', { ...pushed(), message: { messageId: '1', attributes: {} } }],
    ['attributes that are objects', { ...pushed(), message: { data: '', attributes: { a: {} } } }],
    ['a push in a push', pushed({ attributes: {}, data: Buffer.from(JSON.stringify(pushed())) })],
    ['two messages', JSON.stringify(pushed()).replace('{', '{"message":{},')],
    ['a prototype', JSON.stringify(pushed()).replace('{', '{"__proto__":{"a":1},')],
    ['ten thousand brackets', `{"message":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['more than 512 kB', { ...pushed(), padding: 'x'.repeat(512 * 1024) }],
    ['more than 512 kB of blanks', JSON.stringify(pushed()) + ' '.repeat(512 * 1024)],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['a vote with a member too many', pushed(vote({ sql: 'SELECT 1' }))],
    ['a no without a reason', pushed(vote({ reason: '' }))],
    ['a message of a type that is for others', pushed(encodeMessage(sampleRequested()))],
  ])('%s', async (_what, body) => {
    // Poison: no delivery makes it better, so it is taken away once somebody knows.
    expect((await post(await googles(), body)).status).toBe(204)
    expect({ received, dead }).toEqual({ received: [], dead: [] })
    expect(poison).toHaveLength(1)
    expect(JSON.stringify(poison)).not.toContain('SELECT')
  })

  test('and stays with Google until somebody knows of it', async () => {
    fails = new Error('the record is away')
    expect((await post(await googles(), {})).status).toBe(500)
    expect(failures).toEqual([fails])
    expect(poison).toEqual([])
  })
})

test('a vote that cannot be settled is delivered again', async () => {
  fails = new Error('canary')
  const response = await post(await googles())
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('canary')
  expect(failures).toEqual([fails])
})

test('a dead letter is heard of, and stays until it was', async () => {
  const { message } = pushed()
  const letter = { message, subscription: DEAD_LETTERS }
  fails = new Error('the record is away')
  expect((await post(await googles(), letter, '/dead-letter')).status).toBe(500)
  fails = undefined
  expect((await post(await googles(), letter, '/dead-letter')).status).toBe(204)
  expect({ received, dead }).toEqual({ received: [], dead: [sampleVote()] })
})

describe('B55 the sweep', () => {
  test('runs when the scheduler asks', async () => {
    expect((await post(await scheduler(), 'whatever', '/sweep')).status).toBe(204)
    expect(sweeps).toBe(1)
  })

  test('does not run for the account that pushes, or for its audience', async () => {
    expect((await post(await googles(), '', '/sweep')).status).toBe(401)
    expect((await post(await scheduler({ email: ACCOUNT }), '', '/sweep')).status).toBe(403)
    expect((await post(await scheduler({ aud: AUDIENCE }), '', '/sweep')).status).toBe(401)
    expect((await app.request('/sweep')).status).toBe(404)
    nothing()
  })

  test('is asked for again when it fails', async () => {
    fails = new Error('the store is away')
    expect((await post(await scheduler(), '', '/sweep')).status).toBe(500)
    expect(failures).toEqual([fails])
  })
})

/** The sample vote with other members. */
function vote(change: Readonly<Record<string, unknown>>) {
  const { attributes, data } = encodeMessage(sampleVote())
  const cast: object = JSON.parse(Buffer.from(data).toString())
  return { attributes, data: Buffer.from(JSON.stringify({ ...cast, ...change })) }
}
