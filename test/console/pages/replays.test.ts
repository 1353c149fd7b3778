import { expect, test } from 'vitest'

import { replayPages } from '../../../shared/console/pages/replays/replay-pages.ts'
import type { ReplayReport } from '../../../shared/console/views/replay-view.ts'
import { HOSTILE } from '../../support/console-fixtures.ts'
import { consolePages } from '../../support/console-page.ts'

const ID = 'd'.repeat(26)
const SESSION = 'a'.repeat(26)
const AGAIN = 'e'.repeat(26)

const report: ReplayReport = {
  replay: `replay~${ID}`,
  at: '2026-11-21T10:00:00.000Z',
  of: SESSION,
  session: AGAIN,
  connection: HOSTILE,
  asOf: '2026-11-20T10:00:00.000Z',
  calls: [
    {
      of: 'b'.repeat(26),
      call: 'c'.repeat(26),
      state: 'run',
      decisionThen: 'permit by reads',
      decisionNow: 'deny by no-staff',
      decision: 'different',
      schema: 'same',
      rows: 'same',
      rowsThen: 20,
      rowsNow: 20,
      digest: 'different',
      strippedSql: HOSTILE,
    },
    {
      of: 'f'.repeat(26),
      state: 'not-run',
      reason: 'approval-needed',
      decisionThen: HOSTILE,
      decision: 'different',
      schema: 'not-known',
      rows: 'not-known',
      digest: 'not-known',
    },
  ],
  verdict: 'different',
}

const no = (status: number) => ({ problem: { status, message: 'nothing was run: no sandbox' } })

const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

test('shows each call then and now, why one was not run, and what a replay is not', async () => {
  const { page, asked } = consolePages(replayPages, { [`GET /v1/replays/${ID}`]: report })
  const { status, html } = await page(`/replays/${ID}`)
  expect(status).toBe(200)
  expect(asked.map(({ path }) => path)).toEqual([`/v1/replays/${ID}`])
  const text = textOf(html)
  for (const words of [
    'Something that was run is decided otherwise, or gives other rows.',
    'Not run: policy wants approval for it now, and nobody approves replays.',
    '20 then, 20 now',
    'then permit by reads',
    'now deny by no-staff',
    'nobody is shown a row of a replay',
    'It is no proof of what was seen then',
  ])
    expect(text).toContain(words)
  for (const href of [
    `/console/calls/${'b'.repeat(26)}`,
    `/console/calls/${'c'.repeat(26)}`,
    `/console/sessions/${SESSION}`,
    `/console/sessions/${AGAIN}`,
  ])
    expect(html).toContain(`href="${href}"`)
  expect(html).not.toContain('<script>alert')
  expect(html).not.toContain('\u202E')
})

test.each([
  ['same', 'badge good'],
  ['different', 'badge bad'],
  ['not-known', 'badge warn'],
  ['nothing-run', 'badge quiet'],
] as const)('its verdict is a badge: %s', async (verdict, badge) => {
  const answer = { ...report, calls: [], session: '', verdict }
  const { page } = consolePages(replayPages, { [`GET /v1/replays/${ID}`]: answer })
  const { html } = await page(`/replays/${ID}`)
  expect(html).toContain(badge)
  expect(textOf(html)).toContain('There was nothing to replay.')
})

test('a form is asked of the API as it says, and leads to the report', async () => {
  const { page, asked } = consolePages(replayPages, { 'POST /v1/replays': report })
  const done = await page('/replays', { csrf: 'x', session: SESSION, asOf: 'then', call: '' })
  expect(done).toMatchObject({ status: 303, location: `/console/replays/${ID}` })
  expect(asked).toMatchObject([{ method: 'POST', body: { session: SESSION, asOf: 'then' } }])
  expect(Object.keys(JSON.parse(JSON.stringify(asked[0]?.body)))).toEqual(['session', 'asOf'])
})

test('what the API refuses is said in its words, and whoever is signed out signs in', async () => {
  const { page } = consolePages(replayPages, { 'POST /v1/replays': no(409) })
  const refused = await page('/replays', { session: SESSION })
  expect(refused.status).toBe(409)
  expect(textOf(refused.html)).toContain('nothing was run: no sandbox')
  const out = consolePages(replayPages, { [`GET /v1/replays/${ID}`]: no(401) })
  expect((await out.page(`/replays/${ID}`)).location).toContain('/console/sign-in')
  expect((await page('/replays')).location).toBe('/console/sessions')
})
