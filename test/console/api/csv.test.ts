import { expect, test } from 'vitest'

import { auditApiWorld } from '../../support/audit-api-world.ts'
import { errorOf } from '../../support/error-of.ts'

async function story() {
  const world = await auditApiWorld()
  const sessions = { ana: await world.sessionOf('ana'), bob: await world.sessionOf('bob') }
  const call = await world.ask(sessions.ana, {
    strippedSql: '=HYPERLINK("https://evil.example", ?)',
  })
  await world.ask(sessions.bob, { tables: ['acme.hospital.visits'] })
  return { ...world, sessions, call }
}

test('calls as CSV, a line each; what a spreadsheet would run has an apostrophe in front', async () => {
  const world = await story()
  const response = await world.get('/v1/export?format=csv&principal=ana', 'otto')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const lines = (await response.text()).split('\r\n')
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/^time,call,principal,email,groups,/)
  expect(lines[1]).toContain(`,${world.call},https://id.acme.example ana,`)
  expect(lines[1]).toMatch(/,"'=HYPERLINK\(""https:\/\/evil\.example"", \?\)"$/)
  expect(await world.recorded()).toEqual([
    { what: 'export', filter: { principal: 'ana', format: 'csv' }, private: false },
  ])
})

test('a requester takes along what they did, and nothing of another', async () => {
  const world = await story()
  const text = await (await world.get('/v1/export?format=csv&all=true', 'ana')).text()
  expect(text.split('\r\n')).toHaveLength(3)
  expect(text).not.toContain('bob')
})

test.each(['principal=bob', 'session=BOB', `session=${'a'.repeat(26)}`])(
  'the link of another, %s: 403, on the record, and no line',
  async (query) => {
    const world = await story()
    const path = `/v1/export?format=csv&${query.replace('BOB', world.sessions.bob.id)}`
    expect(await errorOf(await world.get(path, 'ana'))).toMatchObject({
      code: 403,
      reason: 'accessDenied',
    })
    expect(await world.recorded()).toEqual(['no-exporter'])
  },
)

test.each([
  ['format=csv', 'say what'],
  ['format=csv&all=true&private=true', 'no private facts'],
  ['format=bundle&table=patients', 'only CSV'],
  ['format=csv&all=true&previous=1', 'previous'],
])('%s: 400', async (query, words) => {
  const world = await story()
  const { code, message } = await errorOf(await world.get(`/v1/export?${query}`, 'otto'))
  expect({ code, message }).toMatchObject({ code: 400, message: expect.stringContaining(words) })
  expect(await world.recorded()).toEqual(['malformed'])
})
