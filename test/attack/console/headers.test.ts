import { afterAll, beforeAll, expect, test } from 'vitest'

import { assetsHash } from '../../../shared/console/assets/assets.ts'
import { type AtBrowser, auditedConsole } from '../../support/audited-console.ts'

let isBroken = false
let world: Awaited<ReturnType<typeof auditedConsole>>
let otto: AtBrowser
let call: string
beforeAll(async () => {
  world = await auditedConsole((usual) => ({
    ...usual,
    policy: () => {
      if (isBroken) throw new Error('a secret of the inside')
      return usual.policy()
    },
  }))
  call = await world.ask(await world.sessionOf('bob'))
  otto = await world.at('otto')
})
afterAll(() => world.store.close())

const expectClosed = (path: string, { headers }: Response): void => {
  const csp = headers.get('content-security-policy') ?? ''
  expect({ path, csp }).toEqual({ path, csp: expect.stringContaining("default-src 'none'") })
  expect(csp).toContain("frame-ancestors 'none'")
  expect(csp).toContain("form-action 'self'")
  expect(csp).toContain("base-uri 'none'")
  expect(csp).not.toMatch(/unsafe|https?:|\*/)
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': expect.stringContaining('max-age='),
  })
  expect(headers.has('access-control-allow-origin')).toBe(false)
}

const PERSONAL = [
  '/console',
  '/console/search?q=ssn',
  '/console/calls/CALL',
  '/console/calls/none',
  '/console/nothing',
  '/console/export?format=csv',
  '/console/export?format=none',
  '/console/sign-in',
  '/console/callback',
  '/console/signed-out',
  '/console/assets/other/main.js',
  `/console/assets/${assetsHash}/..%2f..%2fpackage.json`,
  `/console/assets/${assetsHash}/__proto__`,
]

test.each(PERSONAL)('%s is for nobody’s frame, script, type guess or cache', async (template) => {
  const path = template.replace('CALL', call)
  for (const answer of [
    await otto.get(path),
    await world.request(path),
    await world.request(path, { method: 'POST', headers: { cookie: otto.cookie } }),
    await world.request(path, { method: 'OPTIONS' }),
  ]) {
    expectClosed(path, answer)
    expect({ path, caching: answer.headers.get('cache-control') }).toEqual({
      path,
      caching: 'no-store',
    })
  }
})

test('assets are the only thing that anybody keeps, and are closed likewise', async () => {
  for (const name of ['main.js', 'console.css', 'sluice.svg']) {
    const path = `/console/assets/${assetsHash}/${name}`
    // oxlint-disable-next-line no-await-in-loop
    const answer = await world.request(path)
    expect(answer.status).toBe(200)
    expectClosed(path, answer)
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect(answer.headers.getSetCookie()).toEqual([])
  }
})

test('an answer that failed says nothing of why, and is closed likewise', async () => {
  isBroken = true
  const answer = await otto.get(`/console/calls/${call}`)
  isBroken = false
  expect(answer.status).toBe(503)
  expectClosed('a failure', answer)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await answer.text()).not.toContain('a secret of the inside')
})

test('no other origin may read the API, and no cache keeps what it says', async () => {
  for (const path of ['/v1/me', '/v1/calls', '/v1/nothing', '/v1/export?format=csv&all=true']) {
    for (const method of ['GET', 'OPTIONS']) {
      // oxlint-disable-next-line no-await-in-loop
      const { headers } = await world.send(path, { as: 'otto' }, { method })
      expect(headers.has('access-control-allow-origin')).toBe(false)
      expect({ path, caching: headers.get('cache-control') }).toEqual({ path, caching: 'no-store' })
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  }
})
