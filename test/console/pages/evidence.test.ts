import { describe, expect, test } from 'vitest'

import type { ApiCall } from '../../../shared/console/pages/console-env.ts'
import { logPages } from '../../../shared/console/pages/log/log-pages.ts'
import { reviewPages } from '../../../shared/console/pages/reviews/review-pages.ts'
import { aLog, aReport, aReview, aVerdict } from '../../support/console-evidence.ts'
import { consolePages } from '../../support/console-pages.ts'

const open = (answers: Readonly<Record<string, unknown>>) =>
  consolePages(
    ({ method = 'GET', path }: ApiCall) => {
      const json = answers[`${method} ${path.split('?')[0]}`]
      return json === undefined
        ? { problem: { status: 400, message: 'that was not understood' } }
        : { json }
    },
    { some: [logPages, reviewPages] },
  )

const form = (fields: Readonly<Record<string, string>>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
})

describe('the log page', () => {
  test('shows checkpoint, witnesses, batches and what is wrong in words', async () => {
    const { app } = open({ 'GET /v1/log': aLog() })
    const html = await (await app.request('/console/log')).text()
    for (const words of ['12431', 'did not cosign', '1 invalid', '2 missing', '2 have to'])
      expect(html).toContain(words)
    expect(html).toContain('name="csrf"')
  })

  test('shows two verdicts, what does not hold, and that not everything was looked at', async () => {
    const { app, asked } = open({ 'GET /v1/log': aLog(), 'POST /v1/log/verify': aVerdict() })
    const html = await (await app.request('/console/log/verify', form({ span: 'week' }))).text()
    for (const words of ['broken', 'not known', 'is not what its leaf says', 'and 4 more', 'cut'])
      expect(html).toContain(words)
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/v1/log/verify' })
  })

  test('a span that is none of ours verifies nothing', async () => {
    const { app, asked } = open({ 'GET /v1/log': aLog(), 'POST /v1/log/verify': aVerdict() })
    expect((await app.request('/console/log/verify', form({ span: 'ever' }))).status).toBe(400)
    expect(asked.map(({ path }) => path)).toEqual(['/v1/log'])
  })
})

describe('the reviews page', () => {
  test('shows what reviewers said as words, and what they looked at as a search', async () => {
    const { app } = open({ 'GET /v1/reviews': { reviews: [aReview()] } })
    const html = await (await app.request('/console/reviews')).text()
    expect(html).not.toContain('<script>alert')
    expect(html).toContain('/console/search?column=patients.ssn&amp;from=2026-10-01')
    expect(html).toContain('Kept in clear')
  })

  test('signs what the form says, and leads back', async () => {
    const { app, asked } = open({ 'POST /v1/reviews': aReview() })
    const said = { from: '2026-10-01', to: '2026-10-31', query: '?column=a', findings: 'one' }
    const fields = form({ ...said, verdict: 'findings' })
    const reply = await app.request('/console/reviews', fields)
    expect(reply.headers.get('location')).toBe('/console/reviews?did=signed')
    expect(asked[0]?.body).toEqual({
      from: '2026-10-01T00:00:00.000Z',
      to: '2026-11-01T00:00:00.000Z',
      query: 'column=a',
      verdict: 'findings',
      findings: 'one',
    })
  })

  test('what was not taken is shown again with why', async () => {
    const { app } = open({ 'GET /v1/reviews': { reviews: [] } })
    const said = {
      from: '2026-10-01',
      to: '2026-10-31',
      query: 'x',
      findings: '</textarea>my words',
    }
    const reply = await app.request('/console/reviews', form({ ...said, verdict: 'findings' }))
    expect(reply.status).toBe(400)
    const html = await reply.text()
    expect(html).toContain('It is not on the record')
    expect(html).toContain('&lt;/textarea&gt;my words')
  })
})

describe('the evidence report', () => {
  test('shows controls, counts, sample, limits and sign-offs, and a form to sign', async () => {
    const { app } = open({ 'GET /v1/report': aReport() })
    const path = '/console/report?from=2026-10-01&to=2026-10-31'
    const html = await (await app.request(path)).text()
    for (const words of ['helps towards', 'or more', '1 of 2 proofs hold', 'proves nothing'])
      expect(html).toContain(words)
    expect(html).toContain('name="from" value="2026-10-01T00:00:00.000Z"')
  })

  test('is signed for exactly its period', async () => {
    const { app, asked } = open({ 'POST /v1/reviews': aReview({ query: 'report' }) })
    const span = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' }
    const reply = await app.request('/console/report', form({ ...span, verdict: 'nothing-found' }))
    expect(reply.status).toBe(303)
    expect(asked[0]?.body).toMatchObject({ ...span, query: 'report' })
  })

  test.each(['?from=2026-10-02&to=2026-10-01', '?from=x&to=y', '?from=2999-01-01&to=2999-01-02'])(
    'a period that is none asks the API for nothing: %s',
    async (query) => {
      const { app, asked } = open({ 'GET /v1/report': aReport() })
      expect((await app.request(`/console/report${query}`)).status).toBe(400)
      expect(asked).toEqual([])
    },
  )
})
