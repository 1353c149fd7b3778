import { afterEach, beforeEach, expect, test } from 'vitest'

import { RECEIPT_HEADER } from '../../../shared/recording/receipt-for.ts'
import { parseReceipt } from '../../../shared/recording/receipt.ts'
import { makeCall, methodCalls, startJob } from '../../support/method-calls.ts'
import { LOG } from '../../support/record-parts.ts'
import { type World, world } from '../../support/world.ts'

let gateway: World
beforeEach(async () => {
  gateway = await world()
  await startJob(gateway)
})
afterEach(() => gateway.close())

const receiptOf = (response: Response) =>
  parseReceipt(response.headers.get(RECEIPT_HEADER) ?? '')?.receipt

test.each(methodCalls)('$method: the answer carries the receipt of its entry', async (call) => {
  const before = Date.now()
  const receipt = receiptOf(await makeCall(gateway, call))
  // Looking at a job whose end is there already is no entry.
  if (call.method === 'jobs.get') return expect(receipt).toBeUndefined()
  const { entry, hash } = gateway.store.stored().at(-1) ?? {}
  expect(receipt).toMatchObject({ v: 1, entry: entry?.id, hash, log: LOG })
  expect(receipt?.by).toBeGreaterThanOrEqual(before + 300_000)
  expect(receipt?.by).toBeLessThanOrEqual(Date.now() + 300_000)
})

test('so does a refusal', async () => {
  const response = await gateway.query('SELECT * FROM acme.finance.payroll')
  expect(response.status).toBe(403)
  const { entry, hash } = gateway.store.stored().at(-1) ?? {}
  expect(receiptOf(response)).toMatchObject({ entry: entry?.id, hash })
})

test('what is not on the record promises nothing', async () => {
  gateway.store.failNext('before', { times: Infinity })
  const response = await gateway.query('SELECT name FROM acme.hospital.patients')
  expect(response.status).toBe(503)
  expect(response.headers.get(RECEIPT_HEADER)).toBeNull()
  gateway.failures.splice(0)
})
