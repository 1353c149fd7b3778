import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { errorOf } from '../support/error-of.ts'
import { ISSUER } from '../support/people.ts'
import { type RecordsWorld, recordsWorld } from '../support/records-world.ts'

let world: RecordsWorld
let session: string
beforeEach(async () => {
  world = await recordsWorld()
  session = await world.session('ana', 0)
})
afterEach(() => world.close())

const ANA = { issuer: ISSUER, sub: 'ana' }
const AGENT = { act: { sub: 'agent' } }
const reason = 'ticket 7'

const hold = async (body: object = { session, reason }): Promise<{ readonly id: string }> => {
  const reply = await world.post('/v1/holds', body, { as: 'otto' })
  expect(reply.status).toBe(200)
  return (await reply.json()) as { id: string }
}

describe('holds', () => {
  test('an auditor sets, sees and releases one, each of it on the record', async () => {
    const set = await hold({ principal: ANA, reason })
    expect(set).toEqual({
      id: expect.stringMatching(/^[a-z2-7]{26}$/),
      principal: `${ISSUER} ana`,
      by: `${ISSUER} otto`,
      reason,
      at: expect.stringMatching(/Z$/),
    })
    const listed = await world.get('/v1/holds', { as: 'otto' })
    expect(listed.headers.get('cache-control')).toBe('no-store')
    expect(await listed.json()).toEqual({ holds: [set] })
    const released = await world.post(`/v1/holds/${set.id}/release`, { reason }, { as: 'otto' })
    expect(await released.json()).toEqual(set)
    expect(await world.holds.list()).toEqual([])
    const types = world.store.stored().map(({ entry }) => entry.type)
    expect(types).toEqual(['hold-set', 'audit-read', 'hold-released'])
    const again = await world.post(`/v1/holds/${set.id}/release`, { reason }, { as: 'otto' })
    expect(again.status).toBe(404)
  })

  test('a records-manager sees why something cannot be erased', async () => {
    await hold()
    expect((await world.get('/v1/holds', { as: 'petra' })).status).toBe(200)
  })

  test('one of everything has to be asked for', async () => {
    await hold({ everything: true, reason })
    expect(await world.holds.list()).toMatchObject([{ scope: {} }])
  })

  test.each<[number, string, unknown, Parameters<RecordsWorld['get']>[1]]>([
    [401, 'token-missing', { session: 'x', reason }, {}],
    [403, 'no-auditor', { everything: true, reason }, { as: 'ana' }],
    [403, 'no-auditor', { everything: true, reason }, { as: 'petra' }],
    [403, 'no-auditor', { everything: true, reason }, { as: 'carla' }],
    [403, 'no-auditor', { everything: true, reason }, { as: 'otto', claims: AGENT }],
    [400, 'malformed', { reason }, { as: 'otto' }],
    [400, 'malformed', { everything: true }, { as: 'otto' }],
    [400, 'malformed', { everything: true, reason: ' ' }, { as: 'otto' }],
    [400, 'malformed', { everything: true, principal: ANA, reason }, { as: 'otto' }],
    [400, 'malformed', { everything: false, reason }, { as: 'otto' }],
    [400, 'malformed', { session: '../x', reason }, { as: 'otto' }],
    [400, 'malformed', { session: 'a'.repeat(26), until: 1, reason }, { as: 'otto' }],
    [413, 'body-too-large', { everything: true, reason: 'x'.repeat(20_000) }, { as: 'otto' }],
  ])('%i: %s, on the record, and nothing is held: %j', async (status, problem, body, as) => {
    const reply = await world.post('/v1/holds', body, as)
    expect(reply.status).toBe(status)
    expect(world.refusals()).toEqual([problem])
    expect(await world.holds.list()).toEqual([])
    expect(world.store.ofType('hold-set')).toEqual([])
  })

  test('whoever may not release one releases none', async () => {
    const { id } = await hold()
    for (const as of [{}, { as: 'petra' }, { as: 'carla' }, { as: 'otto', claims: AGENT }] as const)
      expect((await world.post(`/v1/holds/${id}/release`, { reason }, as)).ok).toBe(false)
    expect(await world.holds.list()).toHaveLength(1)
    expect(world.store.ofType('hold-released')).toEqual([])
  })

  test('what cannot be recorded is not done', async () => {
    const { id } = await hold()
    world.store.failNext('before', { times: Infinity })
    expect((await world.post('/v1/holds', { session, reason }, { as: 'otto' })).status).toBe(503)
    const release = await world.post(`/v1/holds/${id}/release`, { reason }, { as: 'otto' })
    expect(release.status).toBe(503)
    expect((await world.get('/v1/holds', { as: 'otto' })).status).toBe(503)
    expect(await world.holds.list()).toHaveLength(1)
  })
})

describe('erasures', () => {
  test('a records-manager has a session erased, and it is on the record who', async () => {
    const reply = await world.post('/v1/erasures', { session, reason }, { as: 'petra' })
    expect(reply.status).toBe(200)
    expect(await reply.json()).toEqual({ keys: [`${session}.1`] })
    expect(await world.secrets.find(`${session}.1`)).toBeUndefined()
    expect(world.store.ofType('erased')).toMatchObject([
      { scope: { session }, by: { subject: 'petra' }, reason },
    ])
  })

  test('all of somebody goes, and of nobody else', async () => {
    const others = await world.session('bob', 1)
    const more = await world.session('ana', 2)
    const reply = await world.post('/v1/erasures', { principal: ANA, reason }, { as: 'petra' })
    const { keys } = (await reply.json()) as { keys: readonly string[] }
    expect(keys.toSorted()).toEqual([`${session}.1`, `${more}.1`].toSorted())
    expect(await world.secrets.find(`${others}.1`)).toBeDefined()
  })

  test.each<[number, string, object, Parameters<RecordsWorld['get']>[1]]>([
    [401, 'token-missing', {}, {}],
    [403, 'no-records-manager', {}, { as: 'ana' }],
    [403, 'no-records-manager', {}, { as: 'otto' }],
    [403, 'no-records-manager', {}, { as: 'carla' }],
    [403, 'no-records-manager', {}, { as: 'petra', claims: AGENT }],
    [
      403,
      'policy-admin',
      {},
      { as: 'petra', claims: { groups: ['privacy-office', 'clinicians'] } },
    ],
    [400, 'malformed', { reason: undefined }, { as: 'petra' }],
    [400, 'malformed', { session: undefined }, { as: 'petra' }],
    [400, 'malformed', { principal: ANA }, { as: 'petra' }],
    [400, 'malformed', { everything: true }, { as: 'petra' }],
  ])('%i: %s, on the record, and nothing is erased: %j', async (status, problem, change, as) => {
    const reply = await world.post('/v1/erasures', { session, reason, ...change }, as)
    expect(reply.status).toBe(status)
    expect(world.refusals()).toEqual([problem])
    expect(await world.secrets.find(`${session}.1`)).toBeDefined()
    expect(world.store.ofType('erased')).toEqual([])
  })

  test('what is on hold is not erased, and whoever asks is told by which hold', async () => {
    const { id } = await hold({ principal: ANA, reason })
    for (const body of [
      { session, reason },
      { principal: ANA, reason },
    ]) {
      const reply = await world.post('/v1/erasures', body, { as: 'petra' })
      expect(reply.status).toBe(409)
      expect((await errorOf(reply)).message).toContain(
        `nothing was erased: it is on hold, by ${id}`,
      )
    }
    expect(world.refusals()).toEqual(['on-hold', 'on-hold'])
    expect(await world.secrets.find(`${session}.1`)).toBeDefined()
    await world.post(`/v1/holds/${id}/release`, { reason }, { as: 'otto' })
    const reply = await world.post('/v1/erasures', { session, reason }, { as: 'petra' })
    expect(reply.status).toBe(200)
  })

  test('of what has no keys there is nothing to erase', async () => {
    const body = { session: 'b'.repeat(26), reason }
    const reply = await world.post('/v1/erasures', body, { as: 'petra' })
    expect(reply.status).toBe(404)
    expect(world.store.ofType('erased')).toEqual([])
  })

  test('what cannot be recorded is not erased', async () => {
    world.store.failNext('before', { type: 'erased', times: Infinity })
    const reply = await world.post('/v1/erasures', { session, reason }, { as: 'petra' })
    expect(reply.status).toBe(503)
    expect(await reply.text()).not.toContain('before it persisted')
    expect(await world.secrets.find(`${session}.1`)).toBeDefined()
  })
})
