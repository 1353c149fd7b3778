import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sessionList } from '../../../shared/console/views/session-view.ts'
import { type AtBrowser, auditedConsole } from '../../support/audited-console.ts'

/** What is Bob's, otto's or of somebody whose name looks like Ana's: none of it may reach a page of Ana's. */
const MARKS = {
  session: 'bobs-secret-session-name',
  table: 'acme.hospital.bobs_table',
  column: 'acme.hospital.bobs_table.bobs_column',
  tag: 'bobs-tag',
  word: 'bobs_word',
  why: 'bobs justification',
  search: 'ottos saved search',
  findings: 'ottos findings',
  email: 'otto-reviews',
} as const

const ALIKE = ['ANA', 'ana ', 'аna', 'ａｎａ', 'ana\u200B', 'https://id.acme.example ana'] as const

/** Those of them that stand nowhere else in a page. */
const UNLIKE_WORDS = ['ANA', 'аna', 'ａｎａ', 'ana\u200B']

const bobs = {
  sql: `SELECT ${MARKS.word} FROM hospital.bobs_table`,
  strippedSql: `SELECT ${MARKS.word} FROM hospital.bobs_table`,
  tables: [MARKS.table],
  columns: [MARKS.column],
  filterColumns: [MARKS.column],
  tags: [MARKS.tag],
  justification: MARKS.why,
  fingerprint: 'b'.repeat(64),
}

let world: Awaited<ReturnType<typeof auditedConsole>>
let ids: Readonly<Record<'own' | 'ownSession' | 'call' | 'denied' | 'session', string>>
beforeAll(async () => {
  world = await auditedConsole()
  const sessions = { ana: await world.sessionOf('ana'), bob: await world.sessionOf('bob') }
  const named = { ...sessions.bob, claimed: { ...sessions.bob.claimed, name: MARKS.session } }
  const [own, call] = [await world.ask(sessions.ana), await world.ask(named, bobs)]
  const denied = await world.denied(named, bobs)
  for (const sub of ALIKE)
    // oxlint-disable-next-line no-await-in-loop -- in an order that stays
    await world.ask(await world.sessionOf('ana', { sub, sid: `of ${sub}` }), bobs)
  await world.send('/v1/searches', { as: 'otto' }, json({ name: MARKS.search, query: 'tag=phi' }))
  await world.send(
    '/v1/holds',
    { as: 'otto' },
    json({ session: sessions.bob.id, reason: MARKS.why }),
  )
  const span = { from: '2025-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }
  const review = { ...span, verdict: 'findings', findings: MARKS.findings }
  await world.send('/v1/reviews', { as: 'otto' }, json(review))
  await world.seal()
  ids = { own, call, denied, ownSession: sessions.ana.id, session: sessions.bob.id }
})
afterAll(() => world.store.close())

const json = (body: object) => ({ method: 'POST', body: JSON.stringify(body) })

const PAGES = [
  '/console',
  '/console?range=30d',
  '/console/search',
  '/console/search?q=bobs_word',
  '/console/search?tag=bobs-tag&principal=bob',
  '/console/search?session=SESSION',
  '/console/search?fingerprint=FINGERPRINT',
  '/console/export?format=csv',
  '/console/export?format=csv&principal=bob',
  '/console/export?format=csv&session=SESSION',
  '/console/export?format=bundle&session=SESSION',
  '/console/export?format=ocsf&principal=https%3A%2F%2Fid.acme.example+bob',
  '/console/export?format=bundle',
  '/console/sessions',
  '/console/sessions?principal=bob',
  '/console/sessions/SESSION',
  '/console/sessions/SESSION/playback',
  '/console/calls/CALL',
  '/console/calls/DENIED',
  '/console/tables',
  '/console/tables/acme.hospital.bobs_table',
  '/console/policy',
  '/console/log',
  '/console/reviews',
  '/console/report',
  '/console/report?from=2025-01-01&to=2027-01-01',
]

const pathOf = (path: string): string =>
  path
    .replace('SESSION', ids.session)
    .replace('CALL', ids.call)
    .replace('DENIED', ids.denied)
    .replace('FINGERPRINT', bobs.fingerprint)

/** What of others stands in a page beside what was asked for in its address. */
function foreign(page: string, path: string): readonly string[] {
  return [...Object.values(MARKS), ids.call, ids.denied, ids.session, ...UNLIKE_WORDS].filter(
    (mark) => page.includes(mark) && !decodeURIComponent(path).includes(mark),
  )
}

describe("no page of a requester's shows what others did", () => {
  let ana: AtBrowser
  beforeAll(async () => {
    ana = await world.at('ana')
  })

  test.each(PAGES)('%s', async (template) => {
    const path = pathOf(template)
    const page = await (await ana.get(path)).text()
    expect(foreign(page, path)).toEqual([])
    // Of what is only theirs not even that it is there: the same answer as for what there never was.
    if (/SESSION|CALL|DENIED/.test(template)) {
      const none = template.replaceAll(/SESSION|CALL|DENIED/g, 'a'.repeat(26))
      expect((await ana.get(path)).status).toBe((await ana.get(none)).status)
    }
  })

  test('nor do they count, in facets, overview and sessions', async () => {
    const calls = await (await world.get('/v1/calls?decision=permit', 'ana')).json()
    expect(calls).toMatchObject({ counted: { calls: 1, isAll: true }, calls: [{ call: ids.own }] })
    const overview = JSON.stringify(await (await world.get('/v1/overview', 'ana')).json())
    expect(foreign(overview, '')).toEqual([])
    const sessions = await (await world.get('/v1/sessions', 'ana')).json()
    const named = sessionList.parse(sessions).sessions
    expect(named.map(({ principal }) => principal.subject)).toEqual(named.map(() => 'ana'))
    expect(named).toContainEqual(expect.objectContaining({ session: ids.ownSession }))
    expect(await (await world.get('/v1/searches', 'ana')).json()).toEqual({ searches: [] })
  })

  test('nor whatever they type for a person: each finds at most what is theirs', async () => {
    const others = ['bob', 'otto', '*', '%', '', ' ', 'a', 'an', 'n'].filter(
      (typed) => typed !== '',
    )
    for (const typed of [...ALIKE, ...others, 'principal:bob', 'ana" OR "bob', "ana' OR '1'='1"]) {
      const query = new URLSearchParams({ principal: typed, decision: 'permit' }).toString()
      // oxlint-disable-next-line no-await-in-loop
      const answer = await world.get(`/v1/calls?${query}`, 'ana')
      // oxlint-disable-next-line no-await-in-loop
      const found: unknown = await answer.json()
      const own = typed === 'https://id.acme.example ana' ? 1 : 0
      expect(found).toMatchObject({ counted: { calls: own } })
    }
  })

  test('an auditor sees all of it on the same pages, so that there was something to hide', async () => {
    const otto = await world.at('otto')
    const pages = await Promise.all(
      PAGES.map(async (path) => (await otto.get(pathOf(path))).text()),
    )
    const all = pages.join('\n')
    for (const mark of [MARKS.table, MARKS.tag, MARKS.word, MARKS.search, MARKS.findings])
      expect(all).toContain(mark)
    // What is private is not for auditors as such.
    expect(all).not.toContain('bobs justification</')
  })
})

describe('who has no role that reads is shown nothing of the record on any page', () => {
  test.each([
    ['somebody without a role', 'eve', {}],
    ['an approver and policy-admin', 'carla', {}],
    ['an agent of an auditor', 'otto', { actors: ['agent-7'] }],
    ['an agent of a private-reader', 'petra', { actors: ['agent-7'] }],
    ['an agent of a requester', 'ana', { actors: ['agent-7'] }],
    ['a subject like a requester’s in no group', 'eve', { subject: 'ana' }],
  ] as const)('%s', async (_, name, vouched) => {
    const somebody = await world.at(name, vouched)
    for (const template of PAGES) {
      const path = pathOf(template)
      // oxlint-disable-next-line no-await-in-loop
      const answer = await somebody.get(path)
      // oxlint-disable-next-line no-await-in-loop
      const page = await answer.text()
      expect(foreign(page, path)).toEqual([])
      expect(page).not.toContain(ids.own)
      const isExport = path.startsWith('/console/export')
      if (isExport) expect({ path, status: answer.status }).toEqual({ path, status: 403 })
    }
  })
})

test('a role taken away while somebody is signed in counts at once', async () => {
  let isTaken = false
  const other = await auditedConsole((usual) => ({
    ...usual,
    policy: () => {
      const policy = usual.policy()
      return policy.ok && isTaken
        ? { ok: true, value: { ...policy.value, roles: new Map() } }
        : policy
    },
  }))
  const call = await other.ask(await other.sessionOf('bob'))
  const otto = await other.at('otto')
  const path = `/console/calls/${call}`
  expect((await otto.get(path)).status).toBe(200)
  isTaken = true
  const after = await otto.get(path)
  expect(after.status).toBe(403)
  expect(await after.text()).not.toContain('hospital')
  other.store.close()
})
