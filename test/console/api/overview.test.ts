import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { overviewRoutes } from '../../../shared/console/api/overview-routes.ts'
import { overview } from '../../../shared/console/views/overview-view.ts'
import { aCallDocument } from '../../support/a-call-document.ts'
import { auditPartWorld } from '../../support/audit-part-world.ts'
import { ISSUER, type Person } from '../../support/people.ts'

const open = () => auditPartWorld(() => ({}), overviewRoutes)

let world: ReturnType<typeof open>
beforeEach(() => {
  world = open()
})
afterEach(() => world.store.close())

const get = async (as: Person, query = '') => {
  const reply = await world.send(`/overview${query}`, { as })
  expect(reply.status).toBe(200)
  return overview.parse(await reply.json())
}

describe('an auditor’s overview', () => {
  test('counts what is on the record by decision, and how the log stands', async () => {
    await world.call(await world.sessionOf('ana'))
    await world.call(await world.sessionOf('bob'))
    await world.refusal(await world.sessionOf('bob'))
    await world.anonymous()
    await world.seal()
    const view = await get('otto')
    expect(view.totals).toEqual({ calls: 4, permit: 2, requireApproval: 0, deny: 0, refused: 2 })
    expect(view.activity).toHaveLength(24)
    expect(view.countedUpTo).toBeUndefined()
    expect(view.counted).toEqual({ calls: 4, isAll: true })
    expect(view.topPrincipals).toMatchObject([
      { value: `${ISSUER} bob`, label: 'bob', count: 2 },
      { value: `${ISSUER} ana`, label: 'ana', count: 1 },
    ])
    expect(view.log).toMatchObject({ state: 'healthy', problems: [] })
    expect(await world.recorded()).toContain('overview.get')
  })

  test('buckets cover the span that is asked for, one after the other', async () => {
    const from = '2026-01-01T00:00:00.000Z'
    const to = '2026-01-15T06:00:00.000Z'
    await world.put([
      aCallDocument('ana', { at: Date.parse(from) }),
      aCallDocument('ana', { at: Date.parse(to) - 1, decision: 'deny' }),
      aCallDocument('ana', { at: Date.parse(to) }),
    ])
    const { activity, totals } = await get('otto', `?from=${from}&to=${to}`)
    expect(totals).toMatchObject({ calls: 2, permit: 1, deny: 1 })
    expect(activity[0]).toMatchObject({ from, permit: 1, deny: 0 })
    expect(activity.at(-1)).toMatchObject({ to, permit: 0, deny: 1 })
    for (const [place, bucket] of activity.entries())
      if (place > 0) expect(bucket.from).toBe(activity[place - 1]?.to)
  })

  test('what is worth a look comes newest first, with why', async () => {
    const flags = [{ rule: 'off-hours', why: 'at 03:12' }] as const
    await world.put([
      aCallDocument('ana'),
      aCallDocument('ana', { flags }),
      aCallDocument('bob', { flags }),
    ])
    const { flagged, topTables } = await get('otto')
    expect(flagged.map(({ principal }) => principal?.subject)).toEqual(['ana', 'bob'])
    expect(flagged[0]?.flags).toEqual(flags)
    expect(topTables).toEqual([
      { value: 'acme.hospital.patients', label: 'acme.hospital.patients', count: 3 },
    ])
  })

  test('a log that cannot be read is said to be broken, and everything else is there', async () => {
    const { log } = world.ports
    world.ports.log = log && { ...log, objects: { read: () => Promise.reject(new Error('gone')) } }
    await world.put([aCallDocument('ana')])
    const view = await get('otto')
    expect(view.log.state).toBe('broken')
    expect(view.totals.calls).toBe(1)
    expect(world.failures).toHaveLength(1)
  })
})

describe('a requester’s overview', () => {
  test('is about what they did, and tells nothing of others', async () => {
    const own = aCallDocument('ana')
    const other = aCallDocument('bob', {
      rules: ['a-rule-about-bob'],
      tables: ['acme.secret.table'],
    })
    // The index does not tell these apart, and they are two people.
    const alike = aCallDocument('ana')
    const principal = alike.principal && { ...alike.principal, subject: 'Ana', email: undefined }
    await world.put([own, other, { ...alike, principal }])
    await world.call(await world.sessionOf('bob'))
    const view = await get('ana')
    expect(view.totals).toEqual({ calls: 1, permit: 1, requireApproval: 0, deny: 0, refused: 0 })
    expect(view.activity.reduce((sum, { permit }) => sum + permit, 0)).toBe(1)
    expect(view.topPrincipals.map(({ label }) => label)).toEqual(['ana@acme.example'])
    expect(view.log.unsealed).toBeUndefined()
    expect(JSON.stringify(view)).not.toMatch(/bob|secret/)
  })
})

test.each([
  '?from=2026-01-01T00:00:00Z',
  '?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
  '?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
  '?from=yesterday&to=today',
  '?principal=ana',
])('a query that is not understood is refused: %s', async (query) => {
  expect((await world.send(`/overview${query}`, { as: 'otto' })).status).toBe(400)
  expect(await world.recorded()).toEqual(['malformed'])
})

test('whoever has no part in it sees none of it, and it is on the record', async () => {
  await world.put([aCallDocument('ana')])
  for (const as of ['carla', 'etl', 'eve'] as const)
    // oxlint-disable-next-line no-await-in-loop -- in the order of the record
    expect((await world.send('/overview', { as })).status).toBe(403)
  const agent = await world.send('/overview', { as: 'otto', claims: { act: { sub: 'agent' } } })
  expect(agent.status).toBe(403)
  expect((await world.send('/overview')).status).toBe(401)
  expect(await world.recorded()).toEqual([...Array(4).fill('no-reader'), 'token-missing'])
})

test('what cannot be recorded is not told', async () => {
  await world.put([aCallDocument('ana')])
  world.knobs.appendFails = true
  const reply = await world.send('/overview', { as: 'otto' })
  expect(reply.status).toBe(503)
  expect(await reply.text()).not.toContain('ana')
})
