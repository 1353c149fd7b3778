import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { secretOf } from '../../../functions/commands/local-secret.ts'
import { localToken } from '../../../functions/commands/local-token.ts'
import { type LocalStack, startLocalStack } from '../../../infra/local/local-stack.ts'
import { approvalList, approvalView } from '../../../shared/approval-desk/api/approval-view.ts'
import { browser, inPage, logIn } from '../../support/browser.ts'
import { runSluice } from '../../support/run-sluice.ts'

const IDENTITIES = join(import.meta.dirname, '../../../infra/local/identities.yaml')

/** Each ends what it may stand in: text, a tag, a quoted attribute, a comment, a script. */
const MARKUP = `"'><script>alert(1)</script><img src=x onerror=alert(2)>--></title></textarea>\${7*7}`
/** What header values may hold: nothing beyond Latin-1, and no line ends. */
const IN_HEADER = `${MARKUP}javascript:alert(3)`
/** What turns text around, moves a terminal's cursor, sets its title, or rings. */
const UNSEEN = '\u001B[2J\u001B]0;owned\u0007\u009B31m\u202Efdp.exe\u200B\u0000'.replace(
  '\u0000',
  '',
)

const state = mkdtempSync(join(tmpdir(), 'sluice-markup-'))
let stack: LocalStack

const tokenOf = async (as: string): Promise<string> =>
  (await localToken(stack.issuer.url, as, secretOf(as, IDENTITIES))).access_token

const api = async (as: string, path: string, body?: object, headers = {}): Promise<Response> =>
  fetch(`${stack.gateway}${path}`, {
    headers: {
      authorization: `Bearer ${await tokenOf(as)}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })

const query = (as: string, sql: string, headers: Readonly<Record<string, string>> = {}) =>
  api(
    as,
    '/bigquery/v2/projects/acme/queries',
    { query: sql, useLegacySql: false, timeoutMs: 0, labels: { 'mcp-toolbox-tool': 'x-onerror' } },
    headers,
  )

/** A browser that somebody signed in with; resolves with what reads a page in it. */
async function signedIn(as: string): Promise<ReturnType<typeof browser>> {
  const at = browser()
  const begun = await at.go(`${stack.gateway}/console/sign-in`)
  const location = inPage(begun.headers.get('refresh') ?? '', /^0; url=(.+)$/)
  const isBack = (url: string) => url.startsWith(`${stack.gateway}/console/callback`)
  const login = await at.follow(await at.go(location), location, isBack)
  const { at: back } = await logIn(login, at, as, secretOf(as, IDENTITIES) ?? '', isBack)
  await at.go(back)
  return at
}

beforeAll(async () => {
  stack = await startLocalStack({
    port: 0,
    issuerPort: 0,
    bigqueryPort: 0,
    state,
    bigQuery: { workers: 1 },
  })
  const headers = {
    'user-agent': IN_HEADER,
    'x-goog-api-client': IN_HEADER,
    'sluice-session': `\u009B31m${IN_HEADER.slice(0, 60)}`,
    'sluice-justification': IN_HEADER,
  }
  const literal = JSON.stringify(MARKUP)
  for (const sql of [
    `SELECT name FROM acme.hospital.patients WHERE city = ${literal} -- ${MARKUP}`,
    `/* ${MARKUP} ${UNSEEN} */ SELECT COUNT(*) AS \`<script>alert(4)</script>\` FROM acme.hospital.patients`,
    `SELECT * FROM \`acme.hospital.<img src=x onerror=alert(5)>\``,
    `${MARKUP}${UNSEEN}`,
    `=HYPERLINK("https://evil.example"; ${literal})`,
  ])
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await query('ana', sql, headers)
  await query(
    'mcp-agent',
    `SELECT payer, COUNT(*) AS n FROM acme.hospital.claims WHERE payer != ${literal} GROUP BY payer -- ${UNSEEN}`,
    headers,
  )
  await query('mcp-agent', 'SELECT COUNT(*) AS n FROM acme.hospital.claims', headers)
  const { approvals } = approvalList.parse(await (await api('petra', '/v1/approvals')).json())
  const reason = `${MARKUP}<script>alert(6)</script>${UNSEEN}`
  // The others still wait for whoever looks at the pages.
  const { digest, id } = approvalView.parse(
    await (await api('petra', `/v1/approvals/${approvals[0]?.id}`)).json(),
  )
  await api('petra', `/v1/approvals/${id}/votes`, { verdict: 'deny', reason, digest })
  const span = { from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }
  const text = `text=a&table=${encodeURIComponent(MARKUP)}`
  const verdict = { verdict: 'findings', findings: `${MARKUP}${UNSEEN}` }
  await api('olga', '/v1/searches', { name: MARKUP.slice(0, 100), query: text })
  await api('olga', '/v1/reviews', { ...span, query: text, ...verdict })
  await stack.upkeep()
}, 90_000)
afterAll(async () => {
  await stack.close()
  rmSync(state, { recursive: true, force: true, maxRetries: 10 })
})

/** Controls, and what turns text around or has no width. */
const UNSEEN_IN_TEXT = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu
const TAG = /<([a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/gi
const ATTRIBUTE = /\s([\w:-]+)(?:="([^"]*)")?/g
const FOREIGN = new Set(['iframe', 'object', 'embed', 'base', 'img', 'applet'])
const LEADS = new Set(['href', 'src', 'action', 'formaction', 'xlink:href'])
/** Only to this origin, and to the page of a job at Google. */
const OURS = /^(?:#|\?|\/(?![/\\])|https:\/\/console\.cloud\.google\.com\/|$)/
/** The issuer's login page: a sign-in has to lead there. */
const isIssuers = (to: string) => to.startsWith(`${stack.issuer.url}/`)

/** What must be in no page, whoever wrote what it shows. */
function dangers(html: string): readonly string[] {
  const tags = [...html.matchAll(TAG)].flatMap(([, tag = '', rest = '']) => {
    const attributes = [...rest.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => ({
      name: name.toLowerCase(),
      value,
    }))
    const isInline = tag === 'script' && !attributes.some(({ name }) => name === 'src')
    return [
      ...(FOREIGN.has(tag.toLowerCase()) || isInline ? [`<${tag}>`] : []),
      ...attributes
        .filter(
          ({ name, value }) =>
            /^(?:on|style$|srcdoc$|http-equiv$)/.test(name) ||
            (LEADS.has(name) && !OURS.test(value) && !isIssuers(value)),
        )
        .map(({ name, value }) => `<${tag} ${name}="${value}">`),
    ]
  })
  const read = html.replaceAll(TAG, '')
  // Whatever is no tag of ours is none at all; and what is read moves nothing.
  const stray = read.match(/<(?!\/|!doctype)[a-z!?].{0,40}/gi) ?? []
  const unseen = read.match(UNSEEN_IN_TEXT) ?? []
  return [...tags, ...stray, ...unseen]
}

const isPage = (to: string) => /\/(?:calls|sessions|approvals|tables)\//.test(to)

/** Every page that can be reached from these, as far as so many. */
async function crawl(at: ReturnType<typeof browser>, from: readonly string[], most: number) {
  const seen = new Set<string>()
  const waiting = [...from]
  const pages: { readonly path: string; readonly html: string; readonly headers: Headers }[] = []
  while (waiting.length > 0 && pages.length < most) {
    const path = waiting.shift() ?? ''
    if (seen.has(path) || path.startsWith('/console/export')) continue
    seen.add(path)
    // oxlint-disable-next-line no-await-in-loop -- each page says where the next ones are
    const answer = await at.go(`${stack.gateway}${path}`)
    // oxlint-disable-next-line no-await-in-loop
    const html = await answer.text()
    pages.push({ path, html, headers: answer.headers })
    const links = [...html.matchAll(/href="(\/console[^"#]*)/g)].map(([, to = '']) =>
      to.replaceAll('&amp;', '&'),
    )
    // Pages of their own before one search after the other.
    waiting.unshift(...links.filter(isPage))
    waiting.push(...links.filter((to) => !isPage(to) && !to.includes('/assets/')))
  }
  return pages
}

const FIRST = [
  '/console/approvals',
  '/console',
  '/console/search',
  '/console/sessions',
  '/console/tables',
  '/console/policy',
  '/console/log',
  '/console/reviews',
  '/console/report?from=2025-01-01&to=2026-01-01',
  `/console/search?q=${encodeURIComponent(MARKUP)}`,
  `/console/search?table=${encodeURIComponent(MARKUP)}`,
  `/console/sessions?principal=${encodeURIComponent(MARKUP)}`,
  `/console/tables/${encodeURIComponent(MARKUP)}`,
  `/console/calls/${encodeURIComponent(MARKUP)}`,
  `/console/sign-in?to=${encodeURIComponent(MARKUP)}&issuer=${encodeURIComponent(MARKUP)}`,
  `/console/callback?error=${encodeURIComponent(MARKUP)}&state=${encodeURIComponent(MARKUP)}`,
  `/console/${encodeURIComponent(MARKUP)}`,
]

describe('what callers wrote is text on every page, and nothing else', () => {
  test.each(['olga', 'petra', 'ana'])(
    'as %s sees them',
    async (as) => {
      const pages = await crawl(await signedIn(as), FIRST, 60)
      for (const { path, html, headers } of pages) {
        expect({ path, dangers: dangers(html) }).toEqual({ path, dangers: [] })
        expect(headers.get('content-security-policy')).toContain("script-src 'self'")
        if (html !== '') expect(headers.get('content-type')).toContain('text/html')
      }
      // Otherwise nothing that could be dangerous was there.
      const all = pages.map(({ html }) => html).join('')
      expect(all).toContain('&lt;script&gt;alert(1)')
      if (as === 'olga') {
        expect(
          pages.filter(({ path }) => path.startsWith('/console/calls/')).length,
        ).toBeGreaterThan(4)
        expect(all).toContain('&lt;script&gt;alert(4)')
        expect(all).toContain('&lt;script&gt;alert(6)')
      }
      if (as === 'petra') expect(pages.some(({ path }) => /\/approvals\/\w/.test(path))).toBe(true)
    },
    120_000,
  )

  test('in a form that comes back with what was typed', async () => {
    const at = await signedIn('olga')
    const page = await (await at.go(`${stack.gateway}/console/policy`)).text()
    const csrf = inPage(page, /name="csrf" value="([^"]+)"/)
    const answer = await fetch(`${stack.gateway}/console/policy/what-if`, {
      method: 'POST',
      body: new URLSearchParams({ csrf, policy: MARKUP, days: '7' }),
      headers: { origin: stack.gateway, cookie: at.cookies(stack.gateway) },
    })
    const html = await answer.text()
    expect(html).toContain('&lt;script&gt;')
    expect(dangers(html)).toEqual([])
  })
})

test('answers of the API are JSON that no browser takes for a page', async () => {
  for (const path of [
    '/v1/calls',
    '/v1/sessions',
    '/v1/reviews',
    '/v1/searches',
    '/v1/calls?x=<b>',
  ]) {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await api('olga', path)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=UTF-8')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  }
})

test('no cell of the CSV is a formula, whatever callers say of themselves', async () => {
  await query('ana', 'SELECT 1 AS n', { 'sluice-session': '@SUM(1)', 'user-agent': '=1+1/1.0' })
  const text = await (await api('olga', '/v1/export?format=csv&all=true')).text()
  expect(text.split('\r\n').length).toBeGreaterThan(6)
  expect(text).not.toMatch(/(?:^|,|\r\n)"?[=+@\t-]/)
})

test('what is printed on a terminal moves nothing there, and hides nothing', async () => {
  for (const args of [
    ['search', '--limit', '50'],
    ['sessions', 'list'],
  ]) {
    // oxlint-disable-next-line no-await-in-loop
    const { code, out, err } = await runSluice(...args, '--gateway', stack.gateway, '--as', 'olga')
    expect({ args, code, err }).toEqual({ args, code: 0, err: '' })
    expect(out.replaceAll('\u001B[1m', '').replaceAll('\u001B[22m', '')).not.toMatch(UNSEEN_IN_TEXT)
    expect(out).toContain(args[0] === 'search' ? 'alert(4)' : '\\u009B31m')
  }
})
