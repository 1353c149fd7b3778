import { setTimeout as wait } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { resetBeforeHeaders } from '../../support/stub-faults.ts'
import { V2, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
})
afterEach(() => gateway.close())

const DATASET = `${V2}/projects/acme/datasets/hospital`

const listings = () =>
  gateway.upstream.requests.filter(({ path }) => path === `${DATASET}/tables`).length

/** BigQuery as it is, slowly: who comes meanwhile waits for the same answer. */
function slowly(): void {
  const { respond } = gateway.bigQuery
  gateway.upstream.respond(async (request, response) => {
    await wait(100)
    return respond(request, response)
  })
}

test('every one of many at once listed the tables of a dataset', async () => {
  slowly()
  const people = ['ana', 'bob', 'otto', 'etl', 'eve', 'ana', 'ana', 'ana'] as const
  const responses = await Promise.all(people.map((as) => gateway.request(DATASET, { as })))
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 403, 200, 200, 200])
  expect(listings()).toBe(1)
})

test('whoever asked first hangs up: the others get their answer', async () => {
  slowly()
  const gone = new AbortController()
  const first = gateway.request(DATASET, { as: 'ana', signal: gone.signal })
  while (listings() === 0) await wait(5)
  const others = [gateway.request(DATASET, { as: 'ana' }), gateway.request(DATASET, { as: 'otto' })]
  await wait(20)
  gone.abort()
  await first.catch(() => {})
  const responses = await Promise.all(others)
  expect(responses.map(({ status }) => status)).toEqual([200, 200])
  expect(listings()).toBe(2)
})

test('a listing that failed is not remembered', async () => {
  gateway.upstream.respond(resetBeforeHeaders)
  const responses = await Promise.all([
    gateway.request(DATASET, { as: 'ana' }),
    gateway.request(DATASET, { as: 'otto' }),
  ])
  for (const response of responses)
    expect(await errorOf(response)).toMatchObject({ code: 503, reason: 'backendError' })
  gateway.upstream.respond(gateway.bigQuery.respond)
  expect((await gateway.request(DATASET, { as: 'ana' })).status).toBe(200)
})
