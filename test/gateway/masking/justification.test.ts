import { afterEach, beforeEach, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { POLICY, SELECT, V2, type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  const policy = POLICY.replace('maximumBytesBilled: 1 GiB', 'justification: required')
  gateway = await world({ policy })
})
afterEach(() => gateway.close())

test('without one, the refusal says how to give it', async () => {
  const error = await errorOf(await gateway.query(SELECT))
  expect(error).toMatchObject({ code: 403, reason: 'accessDenied' })
  expect(error.message).toContain('`sluice-justification`')
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('refusal').at(-1)).toMatchObject({
    problem: 'denied',
    detail: 'justification-missing',
  })
})

test.each([
  ['the header', { headers: { 'sluice-justification': 'ticket 4711: wrong address' } }],
  ['the label', { with: { labels: { sluice_justification: 'ticket-4711' } } }],
])('%s is one, and it is on the record', async (_, init) => {
  expect((await gateway.query(SELECT, init)).status).toBe(200)
  expect(gateway.store.ofType('request').at(-1)).toMatchObject({
    justification: expect.stringContaining('4711'),
  })
})

test('reading a table without a query takes one as well', async () => {
  const data = `${V2}/projects/acme/datasets/hospital/tables/patients/data`
  expect((await gateway.request(data, { as: 'ana' })).status).toBe(403)
  const init = { as: 'ana', headers: { 'sluice-justification': 'ticket 4711' } } as const
  expect((await gateway.request(data, init)).status).toBe(200)
})

test('blanks are none', async () => {
  const init = { headers: { 'sluice-justification': '   ' } }
  expect((await gateway.query(SELECT, init)).status).toBe(403)
})
