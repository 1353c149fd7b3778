import { afterEach, beforeEach, expect, test } from 'vitest'

import { MOST_UNDER_WAY } from '../../shared/gateway/under-way.ts'
import { errorOf } from '../support/error-of.ts'
import { SELECT, type World, world } from '../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

test('one principal cannot take every connection: more than 128 at once are refused, others are served', async () => {
  const release = Promise.withResolvers<void>()
  gateway.upstream.respond(async (request, response) => {
    await release.promise
    return gateway.bigQuery.respond(request, response)
  })
  const held = Array.from({ length: MOST_UNDER_WAY }, () => gateway.query(SELECT))
  await expect
    .poll(() => gateway.upstream.requests.length, { timeout: 15_000 })
    .toBe(MOST_UNDER_WAY)
  expect(await errorOf(await gateway.query(SELECT))).toMatchObject({
    code: 429,
    reason: 'rateLimitExceeded',
  })
  expect(gateway.upstream.requests).toHaveLength(MOST_UNDER_WAY)
  gateway.upstream.respond(gateway.bigQuery.respond)
  expect((await gateway.query(SELECT, { as: 'bob' })).status).toBe(200)
  // Those that end make room.
  release.resolve()
  await Promise.all(held)
  expect((await gateway.query(SELECT)).status).toBe(200)
})
