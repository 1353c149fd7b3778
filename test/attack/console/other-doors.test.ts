import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type AtBrowser, auditedConsole } from '../../support/audited-console.ts'
import { GATEWAY, signToken } from '../../support/people.ts'

let world: Awaited<ReturnType<typeof auditedConsole>>
let otto: AtBrowser
let call: string
beforeAll(async () => {
  world = await auditedConsole()
  otto = await world.at('otto')
  call = await world.ask(await world.sessionOf('bob'))
})
afterAll(() => world.store.close())

describe('each door takes its own key alone', () => {
  test.each(['/v1/me', '/v1/calls', '/v1/calls/CALL', '/v1/export?all=true', '/v1/policy'])(
    'the cookie of a session opens nothing at %s',
    async (path) => {
      const before = (await world.recorded()).length
      const answer = await world.app.request(path.replace('CALL', call), {
        headers: { cookie: otto.cookie },
      })
      expect(answer.status).toBe(401)
      expect(answer.headers.getSetCookie()).toEqual([])
      expect(await answer.text()).not.toContain('hospital')
      // Nothing was read: what is recorded is that somebody was refused.
      expect((await world.recorded()).slice(before)).toEqual(['token-missing'])
    },
  )

  test.each([
    ['the secret of the cookie as a bearer token', async () => otto.cookie.split('=')[1] ?? ''],
    ['the secret of its forms as a bearer token', async () => otto.csrf()],
  ])('%s opens nothing at /v1/calls', async (_, secret) => {
    const headers = { authorization: `Bearer ${await secret()}` }
    expect((await world.app.request('/v1/calls', { headers })).status).toBe(401)
  })

  test('a bearer token opens no page, in whatever header or cookie', async () => {
    const token = await signToken('otto', Date.now())
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { cookie: `__Host-sluice=${token}` },
      { cookie: `sluice=${otto.cookie.split('=')[1]}` },
      { cookie: `__host-sluice=${otto.cookie.split('=')[1]}` },
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await world.request(`/console/calls/${call}`, { headers })
      expect(answer.status).toBe(303)
      // oxlint-disable-next-line no-await-in-loop
      expect(await answer.text()).not.toContain('hospital')
    }
  })
})

describe('what a browser is told beside the session changes nothing of who asks', () => {
  test.each([
    ['authorization', 'Bearer eyJhbGciOiJub25lIn0.e30.'],
    ['x-forwarded-host', 'evil.example'],
    ['host', 'evil.example'],
    ['forwarded', 'host=evil.example'],
    ['x-original-url', '/v1/export?all=true'],
    ['x-rewrite-url', '/v1/export?all=true'],
  ])('%s: %s', async (name, value) => {
    const answer = await otto.get('/console/search', { [name]: value })
    expect(answer.status).toBe(200)
    const page = await answer.text()
    expect(page).toContain(call)
    expect(page).not.toContain('evil.example')
  })
})

describe('a path cannot make the console ask the API something else', () => {
  test.each([
    `/console/calls/..%2F..%2Fme`,
    `/console/calls/%2e%2e%2fsearches`,
    '/console/calls/a%3Fprivate=true',
    '/console/calls/a%23',
    '/console/sessions/..%2Fcalls',
    '/console/sessions/%2e%2e/export%3Fall=true',
    '/console/tables/..%2Fexport%3Fall%3Dtrue',
    '/console/tables/%00',
    '/console/approvals/..%2Fme',
    `/console/calls/${'a'.repeat(5_000)}`,
    '/console/%5c%5cevil.example',
    '/console//v1/me',
  ])('%s', async (path) => {
    const before = (await world.recorded()).length
    const answer = await otto.get(path)
    expect([400, 403, 404]).toContain(answer.status)
    const page = await answer.text()
    expect(page).not.toContain('acme.hospital.patients')
    const read = (await world.recorded()).slice(before).filter((one) => typeof one !== 'string')
    expect(read.map((one) => JSON.stringify(one)).filter((one) => !one.includes('tables'))).toEqual(
      [],
    )
  })
})

describe('an export through the console is what the API lets whoever asks have', () => {
  test.each(['csv', 'bundle', 'ocsf'])('%s of another principal', async (format) => {
    const ana = await world.at('ana')
    const key = encodeURIComponent('https://id.acme.example bob')
    const answer = await ana.get(`/console/export?format=${format}&principal=${key}`)
    const text = await answer.text()
    expect(answer.status).toBe(403)
    expect(answer.headers.get('content-disposition')).toBeNull()
    expect(text).not.toContain(call)
    expect((await world.recorded()).at(-1)).toBe('no-exporter')
  })

  test.each(['private=true', 'all=true&private=true', 'format=csv&format=bundle&private=true'])(
    'private facts are not added by %s',
    async (query) => {
      const petra = await world.at('petra')
      await world.seal()
      const answer = await petra.get(`/console/export?${query}`)
      expect(await answer.text()).not.toContain('Secret Name')
    },
  )

  test.each([
    'format=evil',
    'format=csv%0d%0aset-cookie:%20a=b',
    'format=__proto__',
    'format=constructor',
    'format=../../etc',
  ])('a file name is one of ours: %s', async (query) => {
    const answer = await otto.get(`/console/export?${query}`)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-disposition')).toBeNull()
    expect(answer.headers.getSetCookie()).toEqual([])
  })

  test('comes as a file to be kept, of its own type, and from nobody’s cache', async () => {
    const answer = await otto.get('/console/export?format=csv')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="calls.csv"',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
  })
})

test('no page leads anywhere but to this console, and to proofs, and nothing in it runs by itself', async () => {
  for (const path of ['/console', '/console/search', `/console/calls/${call}`, '/console/policy']) {
    // oxlint-disable-next-line no-await-in-loop
    const page = await (await otto.get(path)).text()
    const places = [...page.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(([, to = '']) => to)
    const away = places.filter((to) => !/^(?:#|\?|\/console(?:[/?#]|$)|\/log\/proof\/)/.test(to))
    expect(away.filter((to) => !to.startsWith('https://console.cloud.google.com/'))).toEqual([])
    expect(page).not.toMatch(/<[^>]*\son\w+=|<[^>]*\sstyle=|<script(?![^>]*\ssrc=)|<iframe|<object/)
    expect(page).not.toContain(GATEWAY.replace('https://', 'http://'))
  }
})
