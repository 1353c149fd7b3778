import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { type AtBrowser, auditedConsole } from '../../support/audited-console.ts'
import { GATEWAY, signToken } from '../../support/people.ts'

let world: Awaited<ReturnType<typeof auditedConsole>>
let petra: AtBrowser
let csrf: string
let others: string
beforeAll(async () => {
  world = await auditedConsole()
  petra = await world.at('petra')
  csrf = await petra.csrf()
  others = await (await world.at('otto')).csrf()
})
afterAll(() => world.store.close())

let entries: number
beforeEach(async () => {
  entries = (await world.entries()).length
})

/** Everything that a form of the console does. Its fields are good: but for what is tried, it would be done. */
const span = { from: '2025-01-01', to: '2026-01-01' }
const FORMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/sign-out': {},
  '/theme': { theme: 'dark' },
  '/searches': { name: 'mine', query: 'tag=phi' },
  '/searches/:id/delete': {},
  '/approvals/:id': { act: 'approve', digest: 'a'.repeat(64), reason: 'yes' },
  '/policy/test': { cases: 'cases: []' },
  '/policy/what-if': { policy: 'version: 1', days: '7' },
  '/log/verify': { span: 'day' },
  '/reviews': { ...span, verdict: 'findings', findings: 'something', query: '' },
  '/replays': { session: 'a'.repeat(26) },
  '/report': { ...span, verdict: 'nothing-found' },
}

const at = (route: string) => `/console${route.replace(':id', 'a'.repeat(26))}`

test('every route of the console that is no GET is here', () => {
  const changing = world.inner.routes
    .filter(({ method }) => !['GET', 'ALL'].includes(method))
    .map(({ method, path }) => `${method} ${path}`)
  expect(changing.toSorted()).toEqual(
    Object.keys(FORMS)
      .map((path) => `POST ${path}`)
      .toSorted(),
  )
})

type Trick = (form: URLSearchParams) => RequestInit
const own = { origin: GATEWAY }

const TRICKS: Readonly<Record<string, Trick>> = {
  'no token': (form) => ({ body: form, headers: own }),
  'an empty token': (form) => ({ body: withToken(form, ''), headers: own }),
  'the token of another session': (form) => ({ body: withToken(form, others), headers: own }),
  'the token in upper case': (form) => ({
    body: withToken(form, csrf.toUpperCase()),
    headers: own,
  }),
  'the token twice, the wrong one last': (form) => ({
    body: new URLSearchParams([...withToken(form, csrf), ['csrf', 'x']]),
    headers: own,
  }),
  'the token in a header and in the address': (form) => ({
    body: form,
    headers: { ...own, 'x-csrf-token': csrf, 'csrf-token': csrf },
  }),
  'another origin': (form) => ({
    body: withToken(form, csrf),
    headers: { origin: 'https://evil.example' },
  }),
  'an origin that begins alike': (form) => ({
    body: withToken(form, csrf),
    headers: { origin: `${GATEWAY}.evil.example` },
  }),
  'another scheme': (form) => ({
    body: withToken(form, csrf),
    headers: { origin: GATEWAY.replace('https', 'http') },
  }),
  'an opaque origin': (form) => ({ body: withToken(form, csrf), headers: { origin: 'null' } }),
  'no origin, only a referrer': (form) => ({
    body: withToken(form, csrf),
    headers: { referer: `${GATEWAY}/console` },
  }),
  'a browser that says cross-site': (form) => ({
    body: withToken(form, csrf),
    headers: { ...own, 'sec-fetch-site': 'cross-site' },
  }),
  'a browser that says same-site': (form) => ({
    body: withToken(form, csrf),
    headers: { ...own, 'sec-fetch-site': 'same-site' },
  }),
  'a form as text/plain': (form) => ({
    body: withToken(form, csrf).toString(),
    headers: { ...own, 'content-type': 'text/plain' },
  }),
  'a form as JSON': (form) => ({
    body: JSON.stringify(Object.fromEntries(withToken(form, csrf))),
    headers: { ...own, 'content-type': 'application/json' },
  }),
  'multipart without its token': (form) => {
    const body = new FormData()
    for (const [name, value] of form) body.append(name, value)
    return { body, headers: own }
  },
  'multipart whose token is a file': (form) => {
    const body = new FormData()
    for (const [name, value] of form) body.append(name, value)
    body.append('csrf', new Blob([csrf]), 'csrf')
    return { body, headers: own }
  },
  'multipart that is broken': () => ({
    body: `--x\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n${csrf}`,
    headers: { ...own, 'content-type': 'multipart/form-data; boundary=x' },
  }),
}

function withToken(form: URLSearchParams, token: string): URLSearchParams {
  return new URLSearchParams([...form, ['csrf', token]])
}

describe.each(Object.keys(FORMS))('a form to %s', (route) => {
  const form = () => new URLSearchParams(FORMS[route])

  test.each(Object.keys(TRICKS))('with %s changes nothing', async (name) => {
    const trick = TRICKS[name]?.(form()) ?? {}
    const headers = new Headers(trick.headers)
    headers.set('cookie', petra.cookie)
    const query = name.includes('address') ? `?csrf=${csrf}` : ''
    const answer = await world.request(`${at(route)}${query}`, {
      ...trick,
      method: 'POST',
      headers,
    })
    expect([400, 403]).toContain(answer.status)
    expect(answer.headers.getSetCookie()).toEqual([])
    await nothingHappened()
  })

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'GET'])(
    'by %s, with all that a good one has, changes nothing',
    async (method) => {
      const headers = { cookie: petra.cookie, ...own, 'x-http-method-override': 'POST' }
      const fields = withToken(form(), csrf)
      const isBodiless = method === 'GET' || method === 'HEAD'
      const path = `${at(route)}?_method=POST&${fields.toString()}`
      await world.request(path, { method, headers, ...(isBodiless ? {} : { body: fields }) })
      await nothingHappened()
    },
  )

  test('by a browser that nobody is signed in with changes nothing', async () => {
    for (const headers of [
      own,
      { ...own, authorization: `Bearer ${await signToken('petra', Date.now())}` },
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await world.request(at(route), {
        method: 'POST',
        body: withToken(form(), csrf),
        headers,
      })
      expect(answer.status).toBe(403)
    }
    await nothingHappened()
  })
})

/** Petra is signed in still, has saved nothing, and nothing but reads and refusals is on the record. */
async function nothingHappened(): Promise<void> {
  const added = (await world.entries()).slice(entries).map(({ type }) => type)
  expect(added.filter((type) => type === 'reviewed' || type === 'approval')).toEqual([])
  expect((await petra.get('/console/sessions')).status).toBe(200)
  const searches = await world.get('/v1/searches', 'petra')
  expect(await searches.json()).toEqual({ searches: [] })
}

test('the same form with its token, sent by its page, is heeded: so it was not for its fields', async () => {
  for (const route of ['/searches', '/reviews', '/report', '/theme', '/sign-out']) {
    // oxlint-disable-next-line no-await-in-loop -- the last of them ends the session
    const answer = await petra.post(at(route), FORMS[route] ?? {})
    expect({ route, status: answer.status }).toEqual({ route, status: 303 })
  }
  const types = (await world.entries()).slice(entries).map(({ type }) => type)
  expect(types.filter((type) => type === 'reviewed')).toHaveLength(2)
  expect((await petra.get('/console/sessions')).status).toBe(303)
})
