import { describe, expect, test } from 'vitest'

import { linesOfMarkup } from '../../../shared/console/pages/policy/numbered-lines.ts'
import { policyPages } from '../../../shared/console/pages/policy/policy-pages.ts'
import type { PolicyView, WhatIfReport } from '../../../shared/console/views/policy-view.ts'
import { consolePages } from '../../support/console-pages.ts'

const XSS = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>'
const HOSTILE = `version: 1 # ${XSS}\nrules:\n  - id: "${XSS}"\n    when: >-\n      a ${XSS}\n      b\n`

const policy: PolicyView = {
  digest: 'a'.repeat(64),
  text: HOSTILE,
  history: [
    {
      at: '2026-11-20T10:00:00.000Z',
      what: 'policy',
      before: 'b'.repeat(64),
      after: 'a'.repeat(64),
    },
    { at: '2026-11-19T10:00:00.000Z', what: 'kill-switch', before: XSS, after: XSS },
  ],
}

const counts = {
  'newly-denied': 1,
  'newly-held': 0,
  'newly-masked': 0,
  'let-out': 2,
  same: 3,
  'not-compared': 4,
}

const report: WhatIfReport = {
  digest: 'c'.repeat(64),
  from: '2026-11-13T10:00:00.000Z',
  to: '2026-11-20T10:00:00.000Z',
  calls: 10,
  isAll: false,
  counts,
  byRule: [{ rule: XSS, counts }],
  byPrincipal: [{ principal: XSS, label: XSS, counts }],
  changes: [
    {
      call: 'abcdefghijklmnopqrstuvwxyz',
      at: '2026-11-20T09:00:00.000Z',
      principal: XSS,
      change: 'let-out',
      before: XSS,
      after: 'permitted',
      rules: [XSS],
      strippedSql: XSS,
    },
  ],
  notCompared: [{ reason: 'what was asked is erased', calls: 4 }],
}

const shown = (problems: readonly object[] = []) =>
  consolePages(
    ({ path }) => {
      if (path === '/v1/policy') return { json: policy }
      return path === '/v1/policy/check' ? { json: { problems } } : { json: report }
    },
    { some: [policyPages] },
  )

const post = (app: ReturnType<typeof shown>['app'], form: Record<string, string>) =>
  app.request('/console/policy/what-if', { method: 'POST', body: new URLSearchParams(form) })

function expectHarmless(html: string) {
  expect(html).not.toMatch(/<script(?![^>]* src="\/console\/assets\/)/)
  expect(html).not.toContain('<img')
}

describe('the policy page', () => {
  test('shows the file line by line, since when, and what was before', async () => {
    const { app } = shown()
    const reply = await app.request('/console/policy')
    const html = await reply.text()
    expect(reply.status).toBe(200)
    expectHarmless(html)
    for (const line of [1, 2, 3, 4, 5, 6]) expect(html).toContain(`id="L${line}"`)
    expect(html).not.toContain('id="L7"')
    expect(html).toContain('2026-11-20 10:00:00 UTC')
    expect(html).toContain('Kill switch')
    expect(html).toContain('sluice policy test')
  })

  test('tries another one: counts, and a link to each call that it changes', async () => {
    const { app, asked } = shown()
    const reply = await post(app, { policy: 'version: 1\r\nrules: []\r\n', days: '30' })
    const html = await reply.text()
    expect(reply.status).toBe(200)
    expectHarmless(html)
    expect(html).toContain('href="/console/calls/abcdefghijklmnopqrstuvwxyz"')
    expect(html).toContain('the newest 10 calls: there are more')
    expect(html).toContain('4: what was asked is erased')
    const [check, whatIf] = asked
    expect(check?.body).toEqual({ policy: 'version: 1\nrules: []\n' })
    expect(whatIf).toMatchObject({ method: 'POST', path: '/v1/what-if' })
  })

  test('says what is wrong with it beside its line, and tries nothing', async () => {
    const { app, asked } = shown([{ message: `rules: ${XSS}`, line: 2, column: 3 }])
    const reply = await post(app, { policy: HOSTILE })
    const html = await reply.text()
    expect(reply.status).toBe(400)
    expectHarmless(html)
    expect(html).toContain('href="#L2"')
    expect(html).toMatch(/class="line wrong" id="L2"/)
    expect(html).toContain('column 3')
    expect(asked.map(({ path }) => path)).toEqual(['/v1/policy/check'])
  })

  test('does not try a form that is none of ours', async () => {
    const { app, asked } = shown()
    expect((await post(app, { policy: 'x', days: '99999' })).status).toBe(400)
    expect(asked).toEqual([])
  })
})

test.each([
  ['a', ['a']],
  ['<span class="x">a\nb</span>c', ['<span class="x">a</span>', '<span class="x">b</span>c']],
  [
    '<span class="x">a<span class="y">\nb</span>\n</span>',
    [
      '<span class="x">a<span class="y"></span></span>',
      '<span class="x"><span class="y">b</span></span>',
      '<span class="x"></span>',
    ],
  ],
])('markup %j in lines', (markup, lines) => expect(linesOfMarkup(markup)).toEqual(lines))
