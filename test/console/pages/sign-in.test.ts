import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { consoleWorld } from '../../support/console-world.ts'
import { guarantee } from '../../support/guarantee.ts'
import { GATEWAY } from '../../support/identity-world.ts'

const HOUR_MS = 60 * 60_000

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

const csrfIn = (page: string): string => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''

guarantee('console-needs-session', async () => {
  for (const path of [
    '/console',
    '/console/search?column=a',
    '/console/export?format=csv',
    '/console/nothing',
  ]) {
    const answer = await world.request(path)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(`/console/sign-in?to=${encodeURIComponent(path)}`)
  }
  world.jar.set('__Host-sluice', 'a'.repeat(43))
  expect((await world.request('/console')).status).toBe(303)
  expect(world.asked).toEqual([])
})

test('somebody signs in at their issuer and comes back to where they were', async () => {
  const to = '/console/search?column=patients.ssn'
  const answer = await world.signIn('petra', `/console/sign-in?to=${encodeURIComponent(to)}`)
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe(to)
  const page = await world.request('/console', { headers: { 'user-agent': 'a-browser' } })
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('petra@acme.example')
  expect(world.asked[0]).toEqual({
    method: 'GET',
    path: '/v1/me',
    as: 'petra',
    userAgent: 'a-browser',
  })
})

guarantee('session-unseen', async () => {
  const answer = await world.signIn('petra')
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('__Host-sluice='))
  for (const flag of ['; Path=/', '; HttpOnly', '; Secure', '; SameSite=Lax'])
    expect(cookie).toContain(flag)
  expect(cookie).not.toContain('Domain')
  const id = world.jar.get('__Host-sluice') ?? ''
  expect(id).toMatch(/^[\w-]{43}$/)
  // Neither what the browser has nor what it stands for can be read where it is kept.
  expect(await world.registers.read('browserSessions', id)).toBeUndefined()
  const page = await (await world.request('/console')).text()
  expect(page).not.toContain(id)
  expect(page).not.toContain('eyJ')
})

guarantee('console-forms-own', async () => {
  await world.signIn('petra')
  const csrf = csrfIn(await (await world.request('/console')).text())
  expect(csrf).toMatch(/^[\w-]{43}$/)
  const foreign: readonly [Record<string, string>, Record<string, string>][] = [
    [{}, { origin: GATEWAY }],
    [{ csrf: 'a'.repeat(43) }, { origin: GATEWAY }],
    [{ csrf }, { origin: 'https://evil.example' }],
    [{ csrf }, { origin: 'null' }],
    [{ csrf }, {}],
    [{ csrf }, { origin: GATEWAY, 'sec-fetch-site': 'cross-site' }],
  ]
  for (const [form, headers] of foreign) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, in one session
    const answer = await world.post('/console/sign-out', form, headers)
    expect(answer.status).toBe(403)
  }
  expect((await world.request('/console')).status).toBe(200)
  expect((await world.post('/console/sign-out', { csrf })).status).toBe(303)
})

test('the secret of another session opens no form', async () => {
  await world.signIn('petra')
  const csrf = csrfIn(await (await world.request('/console')).text())
  world.jar.clear()
  await world.signIn('ana')
  expect((await world.post('/console/sign-out', { csrf })).status).toBe(403)
})

guarantee('session-ends', async () => {
  await world.signIn('petra')
  const id = world.jar.get('__Host-sluice') ?? ''
  const csrf = csrfIn(await (await world.request('/console')).text())
  await world.post('/console/sign-out', { csrf })
  expect(world.jar.has('__Host-sluice')).toBe(false)
  // Whoever kept the cookie has nothing.
  world.jar.set('__Host-sluice', id)
  expect((await world.request('/console')).status).toBe(303)

  world.jar.clear()
  await world.signIn('petra')
  world.identity.time += HOUR_MS + 1_000
  expect((await world.request('/console')).status).toBe(303)
})

test('a token that ends soon is renewed by the issuer, and the session goes on', async () => {
  await world.signIn('petra')
  const before = world.identity.requests.length
  world.identity.time += HOUR_MS - 30_000
  expect((await world.request('/console')).status).toBe(200)
  expect(world.identity.requests.slice(before)).toContain(`${world.identity.issuer.url}/token`)
})

test('what a page asks by itself keeps nobody signed in', async () => {
  await world.signIn('petra')
  const started = world.identity.time
  for (const minutes of [20, 40, 59]) {
    world.identity.time = started + minutes * 60_000
    // oxlint-disable-next-line no-await-in-loop
    await world.request('/console', { headers: { 'sluice-by-itself': '1' } })
  }
  world.identity.time = started + HOUR_MS
  expect((await world.request('/console')).status).toBe(303)
})

test('a sign-in that this browser did not begin signs nobody in, and is on the record', async () => {
  const callback = await world.toCallback('petra')
  world.jar.clear()
  const answer = await world.request(callback)
  expect(answer.status).toBe(400)
  expect(world.jar.has('__Host-sluice')).toBe(false)
  const entries = await world.store.entries.committed({ at: 0 }, 10)
  expect(entries.map(({ bytes }) => bytes.toString()).join('')).toContain('sign-in-refused')
})

test.each(['state=other', 'iss=https://evil.example'])(
  'an answer of an issuer with another %s is refused',
  async (other) => {
    const callback = new URL(await world.toCallback('petra'), GATEWAY)
    const [name = '', value = ''] = other.split('=')
    callback.searchParams.set(name, value)
    const answer = await world.request(`${callback.pathname}${callback.search}`)
    expect(answer.status).toBe(400)
    expect(world.jar.has('__Host-sluice')).toBe(false)
  },
)

test('a session that was there before a sign-in is over after it', async () => {
  await world.signIn('petra')
  const before = world.jar.get('__Host-sluice') ?? ''
  await world.signIn('ana')
  expect(world.jar.get('__Host-sluice')).not.toBe(before)
  world.jar.set('__Host-sluice', before)
  expect((await world.request('/console')).status).toBe(303)
})

guarantee('console-closed-to-others', async () => {
  await world.signIn('petra')
  for (const path of [
    '/console',
    '/console/sign-in',
    '/console/callback',
    '/console/signed-out',
    '/console/nothing',
  ]) {
    // oxlint-disable-next-line no-await-in-loop
    const { headers } = await world.request(path)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cache-control')).toBe('no-store')
  }
})
