import { afterAll, beforeAll, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { hospitalWorld } from '../../support/hospital-world.ts'
import type { LabWorld } from '../../support/lab-world.ts'

let lab: LabWorld
beforeAll(async () => {
  lab = await hospitalWorld()
})
afterAll(() => lab.close())

const textOf = async (response: Response | Promise<Response>): Promise<string> => {
  const reply = await response
  const text = await reply.text()
  expect(reply.status, text).toBe(200)
  return text
}

guarantee('masks-follow-data', async () => {
  const copy = `CREATE TABLE acme.hospital.copied AS
    SELECT id, ssn AS number, CONCAT(email, "!") AS mail FROM acme.hospital.patients`
  const etl = await lab.gateway.query(copy, { as: 'etl' })
  await textOf(etl)
  const seen = await textOf(lab.gateway.query('SELECT * FROM acme.hospital.copied WHERE id = 1'))
  expect(JSON.parse(seen).rows).toEqual([{ f: [{ v: '1' }, { v: 'XXXXX1655' }, { v: '' }] }])
  const whole = await textOf(
    lab.gateway.query('SELECT * FROM acme.hospital.copied WHERE id = 1', { as: 'otto' }),
  )
  expect(whole).toContain('941-22-1655')
})

test('BigQuery hears of no write whose tags cannot be kept', async () => {
  const { derivedTags } = lab.gateway.ports
  const before = derivedTags.add
  const broken = { ...lab.gateway.ports, derivedTags }
  Object.assign(broken.derivedTags, { add: () => Promise.reject(new Error('down')) })
  const reply = await lab.gateway.query(
    'CREATE TABLE acme.hospital.never AS SELECT ssn FROM acme.hospital.patients',
    { as: 'etl' },
  )
  Object.assign(broken.derivedTags, { add: before })
  expect(await errorOf(reply)).toMatchObject({ code: 503, reason: 'backendError' })
  const there = await lab.gateway.query('SELECT * FROM acme.hospital.never')
  expect(await errorOf(there)).toMatchObject({ code: 404, reason: 'notFound' })
  lab.gateway.failures.length = 0
})

test('nobody writes masked data where it would not be masked', async () => {
  await textOf(
    lab.gateway.query('CREATE TABLE acme.hospital.open (id INT64, text STRING)', { as: 'etl' }),
  )
  const reply = await lab.gateway.query(
    'INSERT INTO acme.hospital.open (id, text) SELECT id, ssn FROM acme.hospital.patients',
    { as: 'etl' },
  )
  const error = await errorOf(reply)
  expect(error).toMatchObject({ code: 403, reason: 'accessDenied' })
  expect(error.message).toContain('written only where it stays masked')
})
