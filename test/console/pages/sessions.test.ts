import { describe, expect, test } from 'vitest'

import { recordPages } from '../../../shared/console/pages/record-pages.ts'
import { SESSION, aCall } from '../../support/console-fixtures.ts'
import { consolePages } from '../../support/console-page.ts'
import { aSession } from '../../support/console-sessions.ts'

const session = aSession()
const API = `GET /v1/sessions/${SESSION}`
const HELD = 'c3'.repeat(13)

const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, '')

describe('the list of sessions', () => {
  const list = { sessions: [session.summary], nextPageToken: 'next' }

  test('shows who, through what, how many calls and how it ended', async () => {
    const { page } = consolePages(recordPages, { 'GET /v1/sessions': list })
    const { html } = await page('/sessions')
    for (const words of ['ana@acme.example', 'mcp-agent', 'execute_sql', '1 denied', '1 held'])
      expect(html).toContain(words)
    expect(html).toContain(`/console/sessions/${SESSION}`)
  })

  test('passes on the filter, days as instants, and keeps it on the next page', async () => {
    const { page, asked } = consolePages(recordPages, { 'GET /v1/sessions': list })
    const { html } = await page('/sessions?principal=ana&from=2026-11-01&other=1')
    expect(asked.map(({ path }) => path)).toEqual([
      '/v1/sessions?principal=ana&from=2026-11-01T00%3A00%3A00Z',
    ])
    expect(html).toContain('value="2026-11-01"')
    expect(html).toContain('principal=ana&amp;from=2026-11-01T00%3A00%3A00Z&amp;pageToken=next')
  })

  test('says that there are none, and of a filter that nothing matches', async () => {
    const { page } = consolePages(recordPages, { 'GET /v1/sessions': { sessions: [] } })
    expect((await page('/sessions')).html).toContain('There are no sessions yet.')
    expect((await page('/sessions?principal=x')).html).toContain('No session matches.')
  })

  test('says why it cannot be shown, and leads whoever has to sign in there', async () => {
    const problem = { status: 403, message: 'only auditors and requesters' }
    const { page } = consolePages(recordPages, { 'GET /v1/sessions': { problem } })
    const refused = await page('/sessions')
    expect(refused.status).toBe(403)
    expect(refused.html).toContain('only auditors and requesters')
    const out = consolePages(recordPages, {
      'GET /v1/sessions': { problem: { status: 401, message: '' } },
    })
    expect((await out.page('/sessions')).location).toContain('/console/sign-in')
  })
})

describe('a session', () => {
  test('has its calls in a trace, each with steps, durations and the way to it', async () => {
    const { page } = consolePages(recordPages, { [API]: session })
    const { html } = await page(`/sessions/${SESSION}`)
    expect(html.match(/<details class="trace-call">/g)).toHaveLength(5)
    for (const { summary, steps } of session.calls) {
      expect(html).toContain(`href="/console/calls/${summary.call}"`)
      for (const { summary: words } of steps) expect(html).toContain(words)
    }
    expect(html).toContain('waited 6 min 10 s for people, ran 31.9 s')
    expect(html).toContain('4 denials in 10 minutes')
    expect(html).toContain('ssn LAST_FOUR_CHARACTERS')
  })

  test('is drawn without styles in attributes, which the console’s policy forbids', async () => {
    const { page } = consolePages(recordPages, { [API]: session })
    expect((await page(`/sessions/${SESSION}`)).html).not.toMatch(/\sstyle=|<style|\son\w+=/)
  })

  test('says how many entries were closed over, and their root', async () => {
    const { page } = consolePages(recordPages, { [API]: session })
    const { html } = await page(`/sessions/${SESSION}`)
    expect(html).toContain('q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=')
    expect(html).toContain('opening and closing sealed, and they hold')
  })

  test('that does not verify says so', async () => {
    const [opened, ...rest] = session.entries
    if (opened === undefined) throw new Error('no entry')
    const broken = { ...opened, verification: { state: 'failed', problem: 'bad leaf' } as const }
    const entries = [broken, ...rest]
    const { page } = consolePages(recordPages, { [API]: { ...session, entries } })
    const { html } = await page(`/sessions/${SESSION}`)
    expect(html).toContain('opening or closing does not verify')
    expect(html).not.toContain('and they hold')
  })

  test('offers exports, playback, and a replay with the secret of the reader', async () => {
    const { page } = consolePages(recordPages, { [API]: session })
    const { html } = await page(`/sessions/${SESSION}`)
    for (const format of ['bundle', 'csv', 'ocsf'])
      expect(html).toContain(`/console/export?session=${SESSION}&amp;format=${format}`)
    expect(html).toContain(`/console/sessions/${SESSION}/playback`)
    const form = /<form[^>]*action="\/console\/replays".*?<\/form>/s.exec(html)?.[0]
    expect(form).toContain('name="csrf" value="csrf-of-petra"')
    expect(form).toContain(`name="session" value="${SESSION}"`)
  })

  test('of another page keeps it, and leads on and back', async () => {
    const { page, asked } = consolePages(recordPages, {
      [API]: { ...session, nextPageToken: 'later' },
    })
    const { html } = await page(`/sessions/${SESSION}?pageToken=now`)
    expect(asked[0]?.path).toBe(`/v1/sessions/${SESSION}?pageToken=now`)
    expect(html).toContain(`/console/sessions/${SESSION}?pageToken=later`)
    expect(html).toContain('playback?pageToken=now')
  })

  test('without calls says so', async () => {
    const { page } = consolePages(recordPages, { [API]: { ...session, calls: [] } })
    expect((await page(`/sessions/${SESSION}`)).html).toContain('It asked for nothing.')
  })

  test('whose id is a path stays one segment', async () => {
    const { page, asked } = consolePages(recordPages, {})
    await page('/sessions/..%2F..%2Fcalls%3Fx')
    expect(asked[0]?.path).toBe('/v1/sessions/..%2F..%2Fcalls%3Fx')
  })
})

const world = () =>
  consolePages(recordPages, {
    [API]: session,
    ...Object.fromEntries(
      session.calls.map(({ summary }) => [
        `GET /v1/calls/${summary.call}`,
        aCall({
          summary,
          deliveries: aCall().deliveries.map((one) => ({
            ...one,
            at: '2026-11-20T09:20:42.000Z',
          })),
          approvals: [
            { at: '2026-11-20T09:17:30.000Z', event: 'voted', by: 'petra', verdict: 'approve' },
            { at: '2026-11-20T09:20:10.000Z', event: 'voted', by: 'paul', verdict: 'approve' },
          ],
        }),
      ]),
    ),
  })
const at = (step: number | string) => `/sessions/${SESSION}/playback?step=${step}`

describe('playback', () => {
  test('shows one step, asks for its call only, and links to those beside it', async () => {
    const { page, asked } = world()
    const { html } = await page(at(6))
    expect(html).toContain('Step 6 of 13')
    expect(asked.map(({ path }) => path)).toEqual([`/v1/sessions/${SESSION}`, `/v1/calls/${HELD}`])
    expect(html).toMatch(/<a[^>]*step=5"[^>]*rel="prev"/)
    expect(html).toMatch(/<a[^>]*step=7"[^>]*rel="next"/)
  })

  test('tells nothing of what came later', async () => {
    const { page } = world()
    const { html } = await page(at(6))
    expect(textOf(html)).toContain('by petra')
    expect(textOf(html)).not.toContain('by paul')
    expect(html).toContain('Nothing yet.')
    expect(html).not.toContain('XXX-XX-4821')
  })

  test('shows rows once they left', async () => {
    const { html } = await world().page(at(10))
    expect(html).toContain('XXX-XX-4821')
    expect(textOf(html)).toContain('by paul')
  })

  test.each([
    [0, 1],
    [1, 1],
    [99, 13],
    ['x', 1],
    ['-4', 1],
  ])('step %s is %i', async (step, shown) => {
    expect((await world().page(at(step))).html).toContain(`Step ${shown} of 13`)
  })

  test('starts at an entry', async () => {
    const entry = session.calls[2]?.steps[2]?.entry ?? ''
    const { html } = await world().page(
      `/sessions/${SESSION}/playback?at=${encodeURIComponent(entry)}`,
    )
    expect(html).toContain('Step 6 of 13')
  })

  test('of a session without calls says that there is nothing', async () => {
    const { page } = consolePages(recordPages, { [API]: { ...session, calls: [] } })
    const { html, status } = await page(at(1))
    expect([status, html.includes('There is nothing to play')]).toEqual([200, true])
  })
})
