import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { searchesRoutes } from '../../../shared/console/api/searches-routes.ts'
import { savedSearch, savedSearches } from '../../../shared/console/views/review-view.ts'
import { auditPartWorld } from '../../support/audit-part-world.ts'
import type { Person } from '../../support/people.ts'

const open = () => auditPartWorld(() => ({}), searchesRoutes)

let world: ReturnType<typeof open>
beforeEach(() => {
  world = open()
})
afterEach(() => world.store.close())

const body = { name: 'reads of ssn', query: 'column=patients.ssn&decision=permit&table=a&table=b' }

const listed = async (as: Person) =>
  savedSearches.parse(await (await world.send('/searches', { as })).json()).searches

describe('saved searches', () => {
  test('are kept under a name, listed and deleted', async () => {
    const reply = await world.send('/searches', { as: 'otto', body })
    expect(reply.status).toBe(200)
    const saved = savedSearch.parse(await reply.json())
    expect(saved).toMatchObject(body)
    expect(await listed('otto')).toEqual([saved])
    const path = `/searches/${saved.id}`
    expect((await world.send(path, { as: 'otto', method: 'DELETE' })).status).toBe(200)
    expect(await listed('otto')).toEqual([])
    expect((await world.send(path, { as: 'otto', method: 'DELETE' })).status).toBe(404)
  })

  test('are nobody else’s: they neither see nor delete them', async () => {
    await world.send('/searches', { as: 'otto', body })
    const [saved] = await listed('otto')
    expect(await listed('ana')).toEqual([])
    expect(await listed('petra')).toEqual([])
    const path = `/searches/${saved?.id}`
    expect((await world.send(path, { as: 'petra', method: 'DELETE' })).status).toBe(404)
    expect(await listed('otto')).toHaveLength(1)
  })

  test('no more than a hundred are kept', async () => {
    for (let number = 0; number < 100; number += 1)
      // oxlint-disable-next-line no-await-in-loop -- one register
      await world.send('/searches', { as: 'otto', body: { ...body, name: `${number}` } })
    expect((await world.send('/searches', { as: 'otto', body })).status).toBe(409)
    expect(await listed('otto')).toHaveLength(100)
  })

  test.each([
    {},
    { ...body, name: ' ' },
    { ...body, name: 'x'.repeat(101) },
    { ...body, query: '' },
    { ...body, query: 'https://evil.example/' },
    { ...body, query: 'colour=red' },
    { ...body, query: 'decision=perhaps' },
    { ...body, query: 'session=a&session=b' },
    { ...body, owner: 'somebody else' },
  ])('what is no search is not kept: %j', async (given) => {
    expect((await world.send('/searches', { as: 'otto', body: given })).status).toBe(400)
    expect(await listed('otto')).toEqual([])
  })

  test('who may read nothing of the record saves no search', async () => {
    for (const as of ['carla', 'etl', 'eve'] as const)
      // oxlint-disable-next-line no-await-in-loop -- in the order of the record
      expect((await world.send('/searches', { as, body })).status).toBe(403)
    const claims = { act: { sub: 'agent' } }
    expect((await world.send('/searches', { as: 'ana', claims, body })).status).toBe(403)
    expect((await world.send('/searches', { body })).status).toBe(401)
    expect(await world.recorded()).toEqual([...Array(4).fill('no-reader'), 'token-missing'])
  })
})
