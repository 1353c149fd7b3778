import { afterEach, beforeEach, expect, test } from 'vitest'

import { methods } from '../../../shared/bigquery/methods.ts'
import { makeCall, methodCalls, startJob } from '../../support/method-calls.ts'
import { bodyDigest } from '../../support/record-parts.ts'
import { CANARY, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
  await startJob(gateway)
})
afterEach(() => gateway.close())

test('no method is left out', () => {
  expect(methodCalls.map(({ method }) => method).toSorted()).toEqual(
    methods.map(({ method }) => method).toSorted(),
  )
})

test.each(methodCalls)('$method is answered, recorded, and shows what it may', async (call) => {
  const response = await makeCall(gateway, call)
  const bytes = Buffer.from(await response.arrayBuffer())
  expect(response.status, `not ${bytes.toString()}`).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(bytes.toString()).not.toMatch(/stays.?behind|gserviceaccount\.com.*user_email|selfLink/)
  expect(bytes.toString()).not.toContain(CANARY)

  // The exact bytes are on the record, but for looks at a job whose end is there already.
  const { store } = gateway
  const deliveries = [...store.ofType('outcome'), ...store.ofType('page')]
  const isRecorded = deliveries.some((each) => each.delivery?.digest === bodyDigest(each, bytes))
  expect(isRecorded).toBe(call.method !== 'jobs.get')
})

test.each(methodCalls)('$method: `fields` selects', async (call) => {
  const response = await makeCall(gateway, { ...call, path: `${call.path}?fields=kind,nothing` })
  const body: unknown = await response.json()
  expect(response.status).toBe(200)
  expect(Object.keys(body as object)).toEqual(call.method.startsWith('routines.') ? [] : ['kind'])
})

test.each(methodCalls)('$method: the same without the prefix', async (call) => {
  const { verb, path, body } = call
  const response =
    body === undefined
      ? await gateway.request(path, { method: verb, as: 'ana' })
      : await gateway.post(path, body, { as: 'ana' })
  expect(response.status).toBe(200)
})

test('the request is durable before BigQuery hears of it', async () => {
  const order: string[] = []
  const { create } = gateway.ports.entries
  Object.assign(gateway.ports.entries, {
    create: async (stored: Parameters<typeof create>[0]) => {
      const created = await create(stored)
      order.push(stored.entry.type)
      return created
    },
  })
  const respond = gateway.bigQuery.respond
  gateway.upstream.respond((request, response) => {
    order.push('bigquery')
    return respond(request, response)
  })
  for (const call of methodCalls) {
    order.length = 0
    await makeCall(gateway, call)
    // Calls about a job are covered by the entry the job runs under.
    const first = ['jobs.get', 'jobs.getQueryResults'].includes(call.method)
      ? 'bigquery'
      : 'request'
    expect(order[0], `in ${call.method}`).toBe(first)
  }
})
