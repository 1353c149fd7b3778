import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { ok } from '../../../shared/kernel/result.ts'
import { consoleWorld } from '../../support/console-world.ts'
import { GATEWAY } from '../../support/identity-world.ts'

const HOUR_MS = 60 * 60_000
const SESSION = '__Host-sluice'

let world: Awaited<ReturnType<typeof consoleWorld>>
beforeAll(async () => {
  world = await consoleWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  world.jar.clear()
  world.asked.length = 0
  world.identity.time = Date.now()
})

const isSignedIn = async () => (await world.request('/console/sessions')).status !== 303

const tampered = async (change: (query: URLSearchParams) => void) => {
  const callback = new URL(await world.toCallback('petra'), GATEWAY)
  change(callback.searchParams)
  return world.request(`${callback.pathname}${callback.search}`)
}

describe('the way back after a sign-in leads nowhere but into the console', () => {
  test.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/console/..//evil.example',
    '/console/%2e%2e//evil.example',
    '/console/..%2f/evil.example/../../..//evil.example',
    '/console\\..\\\\evil.example',
    '/\t/evil.example',
    '/console/\n//evil.example',
    'https://evil.example/console',
    'https:evil.example',
    `${GATEWAY}@evil.example/console`,
    `${GATEWAY}.evil.example/console`,
    'javascript:alert(1)//console',
    'data:text/html,<script>alert(1)</script>',
    '/console\r\nlocation: https://evil.example',
    '/console/%0d%0aset-cookie:%20a=b',
    '/consoleevil',
    '/v1/export?all=true',
    '/console/sign-out',
    '/console/sign-in?to=//evil.example',
    '/console/callback?code=a&state=b',
    `/console/search?q=${'a'.repeat(5_000)}`,
    '%2F%2Fevil.example',
    '',
  ])('%j', async (to) => {
    const answer = await world.signIn('petra', `/console/sign-in?to=${encodeURIComponent(to)}`)
    expect(answer.status).toBe(303)
    const location = answer.headers.get('location') ?? ''
    const { origin, pathname } = new URL(location, GATEWAY)
    expect(origin).toBe(GATEWAY)
    expect(pathname).toMatch(/^\/console(?:$|\/(?!sign-in|sign-out|callback))/)
    expect(location).toMatch(/^\/console(?:$|[/?])/)
    expect(answer.headers.getSetCookie().join()).not.toContain('a=b')
  })

  test('nor do sign-out and the choice of a theme lead anywhere else', async () => {
    await world.signIn('petra')
    const page = await (await world.request('/console')).text()
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
    for (const referer of ['https://evil.example/', '//evil.example', `${GATEWAY}@evil.example/`]) {
      // oxlint-disable-next-line no-await-in-loop
      const themed = await world.post(
        '/console/theme?to=//evil.example',
        { csrf, theme: 'dark', to: '//evil.example' },
        { origin: GATEWAY, referer },
      )
      expect(themed.headers.get('location')).toBe('/console')
    }
    const out = await world.post('/console/sign-out?to=//evil.example', {
      csrf,
      to: '//evil.example',
    })
    expect(out.headers.get('location')).toBe('/console/signed-out')
  })
})

describe('an answer of an issuer that is not to what this browser asked signs nobody in', () => {
  test.each([
    ['without a state', (query: URLSearchParams) => query.delete('state')],
    ['with an empty state', (query: URLSearchParams) => query.set('state', '')],
    ['with two states', (query: URLSearchParams) => query.append('state', 'a')],
    [
      'without an issuer, whose issuer names itself',
      (query: URLSearchParams) => query.delete('iss'),
    ],
    ['of another issuer', (query: URLSearchParams) => query.set('iss', 'https://evil.example')],
    ['with two issuers', (query: URLSearchParams) => query.append('iss', 'https://evil.example')],
    ['without a code', (query: URLSearchParams) => query.delete('code')],
    [
      'with a code of somebody else’s making',
      (query: URLSearchParams) => query.set('code', 'made-up'),
    ],
    [
      'with an error beside the code',
      (query: URLSearchParams) => query.set('error', 'access_denied'),
    ],
  ])('%s', async (_, change) => {
    const answer = await tampered(change)
    expect(answer.status).toBe(400)
    expect(world.jar.has(SESSION)).toBe(false)
    expect(await isSignedIn()).toBe(false)
    expect(world.asked).toEqual([])
  })

  test('a callback that was used is worth nothing, here and in another browser', async () => {
    const callback = await world.toCallback('petra')
    const began = new Map(world.jar)
    expect((await world.request(callback)).status).toBe(303)
    for (const jar of [began, new Map<string, string>()]) {
      world.jar.clear()
      for (const [name, value] of jar) world.jar.set(name, value)
      // oxlint-disable-next-line no-await-in-loop
      expect((await world.request(callback)).status).toBe(400)
      // oxlint-disable-next-line no-await-in-loop
      expect(await isSignedIn()).toBe(false)
    }
  })

  test('login CSRF: the callback of an attacker leaves whoever is signed in who they are', async () => {
    const attackers = await world.toCallback('ana')
    world.jar.clear()
    await world.signIn('petra')
    const session = world.jar.get(SESSION)
    const answer = await world.request(attackers)
    expect(answer.headers.get('location')).toBe('/console')
    expect(world.jar.get(SESSION)).toBe(session)
    await world.request('/console')
    expect(new Set(world.asked.map(({ as }) => as))).toEqual(new Set(['petra']))
  })

  test('a stolen state and code are worth nothing without the cookie of who began', async () => {
    const callback = await world.toCallback('petra')
    world.jar.clear()
    // The attacker's own sign-in, with its own cookie.
    await world.request('/console/sign-in')
    expect((await world.request(callback)).status).toBe(400)
    expect(world.jar.has(SESSION)).toBe(false)
  })

  test('a sign-in that takes longer than ten minutes is over', async () => {
    const callback = await world.toCallback('petra')
    world.identity.time += 10 * 60_000 + 1_000
    expect((await world.request(callback)).status).toBe(400)
    expect(world.jar.has(SESSION)).toBe(false)
  })

  test('of two tabs that begin, the last one signs in, and the other changes nothing', async () => {
    const first = await world.toCallback('ana')
    const second = await world.toCallback('petra')
    expect((await world.request(second)).status).toBe(303)
    const session = world.jar.get(SESSION)
    await world.request(first)
    expect(world.jar.get(SESSION)).toBe(session)
  })
})

describe('a session is what the console made, and ends', () => {
  test.each(['a', 'a'.repeat(43), '', '../../x', 'a'.repeat(8_000), '%00', '__proto__'])(
    'a cookie that somebody made up is none: %s',
    async (id) => {
      world.jar.set(SESSION, id)
      expect(await isSignedIn()).toBe(false)
      expect(world.asked).toEqual([])
      // Session fixation: what was there before is not what they are signed in with.
      world.jar.set(SESSION, id)
      await world.signIn('petra')
      expect(world.jar.get(SESSION)).toMatch(/^[\w-]{43}$/)
      expect(world.jar.get(SESSION)).not.toBe(id)
    },
  )

  test('eight hours are the longest, however much it is used', async () => {
    const long: Awaited<ReturnType<typeof consoleWorld>> = await consoleWorld({
      issuerClient: {
        endpoints: (issuer) => long.identity.ports.issuerClient.endpoints(issuer),
        // One that vouches for petra whenever it is asked.
        redeem: async (issuer, client, grant) =>
          grant.kind === 'code'
            ? long.identity.ports.issuerClient.redeem(issuer, client, grant)
            : ok({ idToken: await idToken(long), refreshToken: undefined }),
      },
    })
    await long.signIn('petra')
    const session = long.jar.get(SESSION) ?? ''
    const started = long.identity.time
    const statuses = new Map<number, number>()
    for (let minutes = 30; minutes <= 8 * 60; minutes += 30) {
      long.identity.time = started + minutes * 60_000
      long.jar.set(SESSION, session)
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as time goes by
      statuses.set(minutes, (await long.request('/console')).status)
    }
    await long.close()
    expect(statuses.get(7.5 * 60)).toBe(200)
    expect(statuses.get(8 * 60)).toBe(303)
  })

  test('sign-out ends it in every tab, and requests under way do not bring it back', async () => {
    await world.signIn('petra')
    const id = world.jar.get(SESSION) ?? ''
    const page = await (await world.request('/console')).text()
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
    // So late that each of them wants to renew the token and to write that it was seen.
    world.identity.time += HOUR_MS - 30_000
    const underWay = [1, 2, 3].map(() => world.request('/console/sessions'))
    await world.post('/console/sign-out', { csrf })
    await Promise.all(underWay)
    world.jar.set(SESSION, id)
    expect(await isSignedIn()).toBe(false)
  })

  test('its cookies no script, no other host and no plain connection gets', async () => {
    const begun = await world.request('/console/sign-in')
    const done = await world.signIn('petra')
    const set = [...begun.headers.getSetCookie(), ...done.headers.getSetCookie()]
    const named = set.filter((line) => line.startsWith('__Host-'))
    expect(named.length).toBeGreaterThan(1)
    for (const line of named) {
      expect(line).toMatch(/; Path=\//)
      expect(line).toContain('; HttpOnly')
      expect(line).toContain('; Secure')
      expect(line).toMatch(/; SameSite=(?:Lax|Strict)/)
      expect(line).not.toContain('Domain')
    }
  })
})

const idToken = ({ identity }: Awaited<ReturnType<typeof consoleWorld>>): Promise<string> =>
  identity.forge({ aud: 'sluice-gateway', sub: 'petra' }, { typ: 'JWT' })
