import { setTimeout as wait } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { callList, callView } from '../../../shared/console/views/call-view.ts'
import { principalKey } from '../../../shared/identity/principal.ts'
import { auditApiWorld } from '../../support/audit-api-world.ts'
import { callIn, errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { ISSUER, type Person } from '../../support/people.ts'

async function story(...of: Parameters<typeof auditApiWorld>) {
  const world = await auditApiWorld(...of)
  const agent = { act: { sub: 'agent-7' } }
  const sessions = { ana: await world.sessionOf('ana', agent), bob: await world.sessionOf('bob') }
  const ana = await world.ask(sessions.ana)
  await nextInstant()
  const denied = await world.denied(sessions.ana)
  await nextInstant()
  const bob = await world.ask(sessions.bob, { tables: ['acme.hospital.visits'], columns: [] })
  await world.seal()
  return { ...world, sessions, calls: { ana, denied, bob } }
}

/** Of calls of one millisecond it is not said which one is newer. */
async function nextInstant(): Promise<void> {
  const now = Date.now()
  // oxlint-disable-next-line no-await-in-loop -- it is a wait
  while (Date.now() === now) await wait(1)
}

const listOf = async (response: Response) => {
  expect(response.status).toBe(200)
  return callList.parse(await response.json())
}

describe('search', () => {
  test('who read a column, newest first, with what they are told and counts per facet', async () => {
    const world = await story()
    const list = await listOf(
      await world.get('/v1/calls?column=patients.ssn&group=analysts&client=agent-7', 'otto'),
    )
    expect(list.calls.map(({ call }) => call)).toEqual([world.calls.denied, world.calls.ana])
    expect(list.calls[1]).toMatchObject({
      principal: { subject: 'ana', actors: [{ subject: 'agent-7' }] },
      masked: [{ column: 'acme.hospital.patients.ssn', mask: 'LAST_FOUR_CHARACTERS' }],
      decision: 'permit',
      rows: 1,
    })
    expect(list.counted).toEqual({ calls: 2, isAll: true })
    const decisions = list.facets.find(({ filter }) => filter === 'decision')
    expect(decisions?.values).toEqual([
      { value: 'deny', label: 'deny', count: 1 },
      { value: 'permit', label: 'permit', count: 1 },
    ])
    expect(Date.parse(list.indexedUpTo ?? '')).toBeGreaterThan(0)
    expect(await world.recorded()).toEqual([
      {
        what: 'calls.list',
        filter: { column: 'patients.ssn', group: 'analysts', client: 'agent-7' },
        private: false,
      },
    ])
  })

  test('every value of a facet selects what it counts', async () => {
    const world = await story()
    const all = await listOf(await world.get('/v1/calls', 'otto'))
    for (const { filter, values } of all.facets)
      for (const { value, count } of values) {
        const query = new URLSearchParams({ [filter]: value })
        const list = await listOf(await world.get(`/v1/calls?${query.toString()}`, 'otto'))
        expect({ filter, value, count: list.calls.length }).toEqual({ filter, value, count })
      }
    expect(all.facets.map(({ filter }) => filter)).toContain('maskedColumn')
  })

  test('page by page, each call once', async () => {
    const world = await story()
    const seen: string[] = []
    let query = 'pageSize=1'
    for (let pages = 0; pages < 5; pages += 1) {
      const list = await listOf(await world.get(`/v1/calls?${query}`, 'otto'))
      seen.push(...list.calls.map(({ call }) => call))
      if (list.nextPageToken === undefined) break
      query = `pageSize=1&pageToken=${encodeURIComponent(list.nextPageToken)}`
    }
    expect(seen).toEqual([world.calls.bob, world.calls.denied, world.calls.ana])
  })

  guarantee('page-tokens-bound', async () => {
    const world = await story()
    const { nextPageToken: token = '' } = await listOf(
      await world.get('/v1/calls?pageSize=1', 'otto'),
    )
    const [cursor = '', mac = ''] = token.split('.')
    const other = Buffer.from(
      Buffer.from(cursor, 'base64url')
        .toString()
        .replace(/\d/, (digit) => (digit === '9' ? '8' : '9')),
    )
    const cases: readonly (readonly [Person, string, string])[] = [
      ['petra', token, ''],
      ['ana', token, ''],
      ['otto', token, '&decision=deny'],
      ['otto', `${other.toString('base64url')}.${mac}`, ''],
      ['otto', `${cursor}.${Buffer.alloc(32).toString('base64url')}`, ''],
      ['otto', cursor, ''],
      ['otto', `${token}.x`, ''],
      ['otto', `${token}=`, ''],
      ['otto', "' OR 1=1 --", ''],
    ]
    for (const [as, given, more] of cases) {
      const query = `pageSize=1&pageToken=${encodeURIComponent(given)}${more}`
      const response = await world.get(`/v1/calls?${query}`, as)
      expect({ as, given, status: response.status }).toEqual({ as, given, status: 400 })
    }
    expect(await world.recorded()).toHaveLength(1 + cases.length)
    for (const path of ['/v1/sessions', '/v1/events']) {
      const query = `pageSize=1&pageToken=${encodeURIComponent(token)}`
      expect((await world.get(`${path}?${query}`, 'otto')).status).toBe(400)
    }
  })

  test.each([
    'text=" OR 1=1 --',
    "table=x' OR '1'='1",
    'column=*',
    'text=NEAR(a b)',
    'text=^nothing*',
    'group=") OR document:(*',
    'principal=%',
    'claim=a=b=c',
    'rule=' + 'x'.repeat(500),
    'table={"$ne":1}',
  ])('%s finds nothing, and everything is still there', async (query) => {
    const world = await story()
    const [name = '', ...value] = query.split('=')
    const search = new URLSearchParams({ [name]: value.join('=') }).toString()
    const list = await listOf(await world.get(`/v1/calls?${search}`, 'otto'))
    expect(list.calls).toEqual([])
    expect((await listOf(await world.get('/v1/calls', 'otto'))).calls).toHaveLength(3)
  })

  test.each([
    ['nonsense=1', 'nonsense'],
    ['decision=maybe', 'decision'],
    ['session=a&session=b', 'more than once'],
    ['from=yesterday', 'from'],
    ['minBytes=-1', 'minBytes'],
    ['minBytes=1e999', 'minBytes'],
    ['pageSize=0', 'pageSize'],
    ['pageSize=201', 'pageSize'],
    ['table=', 'table'],
    ['text=%00*', 'no word'],
    [`table=${'x'.repeat(501)}`, 'table'],
    ['__proto__=1', '__proto__'],
  ])('%s: 400, on the record, and nothing is shown', async (query, words) => {
    const world = await story()
    const { code, message } = await errorOf(await world.get(`/v1/calls?${query}`, 'otto'))
    expect({ code, message }).toMatchObject({ code: 400, message: expect.stringContaining(words) })
    expect(await world.recorded()).toEqual(['malformed'])
  })
})

guarantee('requester-sees-own', async () => {
  const world = await story()
  const bob = principalKey({ issuer: ISSUER, subject: 'bob' })
  const own = await listOf(await world.get('/v1/calls', 'ana'))
  expect(own.calls.map(({ call }) => call)).toEqual([world.calls.denied, world.calls.ana])
  expect(JSON.stringify(own)).not.toContain('bob')
  for (const query of [
    `principal=${encodeURIComponent(bob)}`,
    'principal=bob',
    `principal=${encodeURIComponent(bob)}&principal=ana`,
    `session=${world.sessions.bob.id}`,
    'table=hospital.visits',
  ]) {
    const list = await listOf(await world.get(`/v1/calls?${query}`, 'ana'))
    expect({ query, calls: list.calls, facets: list.facets, counted: list.counted }).toEqual({
      query,
      calls: [],
      facets: [],
      counted: { calls: 0, isAll: true },
    })
  }
  expect((await world.get(`/v1/calls/${world.calls.ana}`, 'ana')).status).toBe(200)
  // What is another's is refused word for word as what there is not.
  const said = async (path: string) => {
    const response = await world.get(path, 'ana')
    const { message, ...rest } = await errorOf(response)
    return { ...rest, message: message.replace(callIn(message) ?? '', ''), status: response.status }
  }
  const nobody = 'a'.repeat(26)
  expect(await said(`/v1/calls/${world.calls.bob}`)).toEqual(await said(`/v1/calls/${nobody}`))
  const bobs = await said(`/v1/sessions/${world.sessions.bob.id}`)
  expect(bobs).toEqual(await said(`/v1/sessions/${nobody}`))
  expect(bobs).toMatchObject({ status: 404 })
  const sessions = await (await world.get('/v1/sessions?principal=bob', 'ana')).json()
  expect(sessions).toEqual({ sessions: [] })
  await world.get('/v1/calls', 'otto')
  const events = await (await world.get('/v1/events', 'ana')).text()
  expect(events).toContain('audit-read')
  expect(events).not.toMatch(/otto|bob"/)
})

guarantee('private-needs-role', async () => {
  const world = await story()
  const path = `/v1/calls/${world.calls.ana}`
  for (const as of ['otto', 'ana'] as const) {
    const text = await (await world.get(path, as)).text()
    const view = callView.parse(JSON.parse(text))
    expect(view.private).toEqual({ state: 'not-for-you' })
    expect(view.deliveries).toMatchObject([{ rows: 1, body: 'masked', shownState: 'not-for-you' }])
    expect(text).not.toMatch(/Secret Name|audit of the ward|"Ana"/)
  }
  expect(await world.recorded()).toEqual(
    ['otto', 'ana'].map(() => ({
      what: 'calls.get',
      filter: { call: world.calls.ana },
      private: false,
    })),
  )
  const view = callView.parse(await (await world.get(path, 'petra')).json())
  expect(view.private).toMatchObject({
    state: 'shown',
    sql: "SELECT ssn FROM hospital.patients WHERE name = 'Secret Name'",
    justification: 'audit of the ward',
  })
  expect(view.deliveries).toMatchObject([{ shownState: 'shown', shown: [['Ana']] }])
  expect((await world.recorded()).at(-1)).toMatchObject({ what: 'calls.get', private: true })
})

test('all of a call: rules in their words, lineage, verified entries, proofs, its job', async () => {
  const world = await story()
  const response = await world.get(`/v1/calls/${world.calls.ana}`, 'petra')
  const view = callView.parse(await response.json())
  expect(view.matchedRules).toEqual([
    { id: 'analysts-read', text: expect.stringContaining('description: Analysts read.') },
  ])
  expect(view.matchedRules[0]?.text).not.toContain('auditors-read-claims')
  expect(view.policyDigest).toBe(world.policy.digest)
  expect(view.lineage).toEqual([
    { output: 'ssn', mask: 'LAST_FOUR_CHARACTERS', columns: ['acme.hospital.patients.ssn'] },
  ])
  expect(view.private).toMatchObject({
    formattedSql: expect.stringMatching(/^SELECT\n {2}ssn\nFROM\n/),
  })
  expect(view.entries.map(({ type, verification }) => [type, verification.state])).toEqual([
    ['request', 'sealed'],
    ['outcome', 'sealed'],
  ])
  expect(view.receipts.map(({ proofUrl }) => proofUrl)).toEqual(
    view.entries.map(({ id }) => `/log/proof/${id}`),
  )
  expect(view.jobUrl).toBe(
    'https://console.cloud.google.com/bigquery?project=acme&j=bq%3AUS%3Ajob_1&page=queryresults',
  )
})

guarantee('audit-reads-recorded', async () => {
  const state = { isDown: false }
  const world = await story((usual) => ({
    ...usual,
    sleep: async () => {},
    entries: {
      ...usual.entries,
      create: (stored) =>
        state.isDown && stored.entry.type === 'audit-read'
          ? Promise.reject(new Error('the store is down'))
          : usual.entries.create(stored),
    },
  }))
  const paths = [
    '/v1/calls',
    `/v1/calls/${world.calls.ana}`,
    '/v1/sessions',
    `/v1/sessions/${world.sessions.ana.id}`,
    '/v1/events',
    '/v1/holds',
  ]
  state.isDown = true
  for (const path of paths) {
    const response = await world.get(path, 'petra')
    const { code, message } = await errorOf(response)
    expect({ path, code, message }).toMatchObject({
      path,
      code: 503,
      message: expect.stringContaining('cannot record this'),
    })
  }
  state.isDown = false
  for (const path of paths) expect((await world.get(path, 'petra')).status).toBe(200)
  const kept = (await world.recorded()).filter((one) => typeof one === 'object')
  expect(kept).toHaveLength(paths.length)
})
