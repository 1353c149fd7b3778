import { expect, test } from 'vitest'

import { searchPages } from '../../../shared/console/pages/search/search-pages.ts'
import { HOSTILE, PERSON, aSummary } from '../../support/console-fixtures.ts'
import { consolePages } from '../../support/console-pages.ts'
import { guarantee } from '../../support/guarantee.ts'

const calls = (call = aSummary()) => ({
  calls: [call],
  nextPageToken: 'next',
  facets: [{ filter: 'table', values: [{ value: HOSTILE, label: HOSTILE, count: 3 }] }],
  counted: { calls: 1, isAll: true },
})

const pages = (call = aSummary()) =>
  consolePages(
    ({ path }) =>
      path.startsWith('/v1/searches')
        ? {
            json: {
              searches: [
                { id: 'a', name: HOSTILE, query: 'column=a', savedAt: '2026-11-20T10:00:00Z' },
              ],
            },
          }
        : { json: calls(call) },
    { some: [searchPages] },
  )

guarantee('console-closed-to-others', async () => {
  const { app } = pages(
    aSummary({
      strippedSql: HOSTILE,
      claimed: { server: HOSTILE, tool: HOSTILE },
      principal: { ...PERSON, email: HOSTILE, subject: HOSTILE },
      tables: [HOSTILE],
      rules: [HOSTILE],
      flags: [{ rule: HOSTILE, why: HOSTILE }],
    }),
  )
  const page = await (
    await app.request(`/console/search?table=${encodeURIComponent(HOSTILE)}`)
  ).text()
  expect(page).toContain('&lt;script&gt;')
  expect(page.match(/<script/g)).toHaveLength(1)
  expect(page).not.toContain('<img')
  // What a field holds goes back as it came.
  expect(page.replaceAll(/ value="[^"]*"/g, '')).not.toMatch(/[\u202A-\u202E]/)
})

test('a line becomes filters of the API, in the address', async () => {
  const { app, asked } = pages()
  const answer = await app.request('/console/search?q=column%3Apatients.ssn&range=last-quarter')
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe(
    '/console/search?from=2026-07-01T00%3A00%3A00.000Z&to=2026-10-01T00%3A00%3A00.000Z&column=patients.ssn',
  )
  expect(asked).toEqual([])
  await app.request(answer.headers.get('location') ?? '')
  expect(asked[0]?.path).toBe(
    '/v1/calls?from=2026-07-01T00%3A00%3A00.000Z&to=2026-10-01T00%3A00%3A00.000Z&column=patients.ssn',
  )
})

test('who asked, through what, who approved it and what they saw is in one row', async () => {
  const { app } = pages(aSummary({ approval: 'ended', approvers: ['petra@acme.example'] }))
  const page = await (await app.request('/console/search?column=patients.ssn')).text()
  for (const words of [
    'ana@acme.example',
    'mcp-agent',
    'bigquery-mcp',
    'petra@acme.example',
    'LAST_FOUR_CHARACTERS',
  ])
    expect(page).toContain(words)
})

test('what is not understood is said, and nothing is asked', async () => {
  const { app, asked } = pages()
  const answer = await app.request('/console/search?q=colour%3Ared')
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('nothing is called `colour`')
  expect(asked).toEqual([])
})

test('filters that the search does not know reach the API under no name', async () => {
  const { app, asked } = pages()
  await app.request('/console/search?table=a%26all%3Dtrue&private=true&pageToken=p')
  const first = await app.request('/console/search?table=a%26all%3Dtrue&private=true&pageToken=p')
  expect(first.headers.get('location')).toBe('/console/search?table=a%26all%3Dtrue')
  expect(asked).toEqual([])
})
