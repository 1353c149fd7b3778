import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { guarantee } from '../../support/guarantee.ts'
import { hospitalWorld } from '../../support/hospital-world.ts'
import type { LabWorld } from '../../support/lab-world.ts'
import { QUERIES, V2 } from '../../support/world.ts'

let lab: LabWorld
beforeAll(async () => {
  lab = await hospitalWorld()
})
afterAll(() => lab.close())

const query = (sql: string, as: 'ana' | 'otto' = 'ana', more: object = {}) =>
  lab.gateway.query(sql, { as, with: more })

/** The rows of a reply, as plain values. */
const rowsOf = async (response: Response | Promise<Response>): Promise<unknown[][]> => {
  const reply = await response
  const body = JSON.parse(await reply.text())
  expect(reply.status, JSON.stringify(body)).toBe(200)
  return (body.rows ?? []).map(({ f }: { f: { v: unknown }[] }) => f.map(({ v }) => v))
}

const SSN = /\d{3}-\d{2}-\d{4}/

guarantee('masks-follow-lineage', async () => {
  const hidden = [
    'SELECT ssn FROM acme.hospital.patients WHERE id = 1',
    'SELECT ssn AS note FROM acme.hospital.patients WHERE id = 1',
    'SELECT x.y FROM (SELECT ssn AS y FROM acme.hospital.patients WHERE id = 1) x',
    'WITH patients AS (SELECT ssn s, id FROM acme.hospital.patients) SELECT s FROM patients WHERE id = 1',
    'SELECT (SELECT ssn FROM acme.hospital.patients p WHERE p.id = 1)',
    'SELECT CONCAT("ssn: ", ssn) FROM acme.hospital.patients WHERE id = 1',
    'SELECT TO_JSON_STRING(p) FROM acme.hospital.patients p WHERE id = 1',
    'SELECT p FROM acme.hospital.patients p WHERE id = 1',
    'SELECT STRUCT(1, ssn) FROM acme.hospital.patients WHERE id = 1',
    'SELECT IF(id = 1, ssn, "none") FROM acme.hospital.patients WHERE id = 1',
    'SELECT name FROM acme.hospital.patients WHERE id = -1 UNION ALL SELECT ssn FROM acme.hospital.patients WHERE id = 1',
  ]
  const seen = await Promise.all(
    hidden.map(async (sql) => {
      const response = await query(sql)
      const text = await response.text()
      expect(response.status, `${sql}: ${text}`).toBe(200)
      return text
    }),
  )
  for (const [index, text] of seen.entries()) expect(text, hidden[index]).not.toMatch(SSN)
})

test('masks are those of the policy, and the reply and the record name them', async () => {
  const sql = 'SELECT id, ssn, email, birth_date, phone FROM acme.hospital.patients WHERE id = 1'
  const reply = await query(sql)
  expect(reply.headers.get('sluice-masked')).toBe('ssn, email, birth_date, phone')
  expect(await rowsOf(reply)).toEqual([
    ['1', expect.stringMatching(/1655$/), 'XXXXX@example.org', '1966-01-01', ''],
  ])
  const [request] = lab.gateway.store.ofType('request').slice(-1)
  expect(request?.decision.obligations).toMatchObject({
    governed: true,
    masks: [{ name: 'ssn' }, { name: 'email' }, { name: 'birth_date' }, { name: 'phone' }],
  })
})

test('who may see them sees them', async () => {
  const reply = await query('SELECT ssn, email FROM acme.hospital.patients WHERE id = 1', 'otto')
  expect(reply.headers.get('sluice-masked')).toBeNull()
  expect(await rowsOf(reply)).toEqual([['941-22-1655', 'yusuf.diaz1@example.org']])
})

test('through a view, by its name', async () => {
  const reply = await query('SELECT * FROM acme.hospital.patients_deidentified WHERE id = 1')
  expect(reply.headers.get('sluice-masked')).toBe('birth_year, state, zip3')
  expect(await rowsOf(reply)).toEqual([['1', '0', '', '']])
})

guarantee('masked-everywhere', async () => {
  const sql = 'SELECT id, ssn FROM acme.hospital.patients WHERE id < 7'
  const jobReference = { jobId: 'pages_of_patients' }
  expect((await lab.gateway.insert(sql, { jobReference })).status).toBe(200)
  const path = `${QUERIES}/pages_of_patients?maxResults=2`
  let token = ''
  for (let page = 0; page < 3; page += 1) {
    const reply = await lab.gateway.request(`${path}&pageToken=${token}`, { as: 'ana' })
    expect(reply.headers.get('sluice-masked')).toBe('ssn')
    const text = await reply.text()
    expect(text).not.toMatch(SSN)
    expect(text).toMatch(/\d{4}"/)
    token = encodeURIComponent(JSON.parse(text).pageToken ?? '')
  }
  const job = await lab.gateway.request(`${V2}/projects/acme/jobs/pages_of_patients`, { as: 'ana' })
  const { configuration, statistics } = JSON.parse(await job.text())
  expect(statistics.query.queryPlan).toBeUndefined()
  const { datasetId, tableId } = configuration.query.destinationTable
  const rows = await lab.gateway.request(
    `${V2}/projects/acme/datasets/${datasetId}/tables/${tableId}/data`,
    { as: 'ana' },
  )
  expect(rows.headers.get('sluice-masked')).toBe('ssn')
  expect(await rows.text()).not.toMatch(SSN)
})

describe('a table that is read without a query', () => {
  const data = `${V2}/projects/acme/datasets/hospital/tables/patients/data`

  test('is masked', async () => {
    const reply = await lab.gateway.request(`${data}?maxResults=3`, { as: 'ana' })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('sluice-masked')).toContain('ssn')
    expect(await reply.text()).not.toMatch(SSN)
    const whole = await lab.gateway.request(`${data}?maxResults=1`, { as: 'otto' })
    expect(await whole.text()).toMatch(SSN)
  })

  test('is masked in the columns that are selected, wherever they stand then', async () => {
    const path = `${data}?maxResults=1&selectedFields=name,ssn,address.city`
    expect(await rowsOf(lab.gateway.request(path, { as: 'ana' }))).toEqual([
      ['Yusuf Diaz', expect.stringMatching(/1655$/), null],
    ])
    const swapped = await lab.gateway.request(`${data}?selectedFields=ssn,name`, { as: 'ana' })
    expect(await errorOf(swapped)).toMatchObject({ code: 400, reason: 'invalid' })
  })
})

guarantee('oracle-denied', async () => {
  const oracles = [
    'SELECT name FROM acme.hospital.patients WHERE ssn LIKE "941%"',
    'SELECT name FROM acme.hospital.patients ORDER BY ssn LIMIT 1',
    'SELECT COUNT(*) FROM acme.hospital.patients GROUP BY ssn',
    'SELECT DISTINCT ssn FROM acme.hospital.patients',
    'SELECT a.name FROM acme.hospital.patients a JOIN acme.hospital.patients b ON a.ssn = b.notes',
    'SELECT CAST(ssn AS INT64) FROM acme.hospital.patients',
    'SELECT ERROR(ssn) FROM acme.hospital.patients',
    'SELECT 1/IF(ssn LIKE "9%", 0, 1) FROM acme.hospital.patients',
  ]
  const before = lab.gateway.store.ofType('request').length
  for (const sql of oracles) {
    const error = await errorOf(await query(sql))
    expect(error, sql).toMatchObject({ code: 403, reason: 'accessDenied' })
    expect(error.message, sql).toContain('`acme.hospital.patients.ssn`')
  }
  expect(lab.gateway.store.ofType('request')).toHaveLength(before)
})

test('what does not exist is told to those who may query it, and to nobody else', async () => {
  expect(await errorOf(await query('SELECT nothing FROM acme.hospital.patients'))).toMatchObject({
    code: 400,
    reason: 'invalidQuery',
  })
  const there = await errorOf(await query('SELECT * FROM acme.finance.payroll'))
  const nowhere = await errorOf(await query('SELECT * FROM acme.finance.payrolx'))
  expect(there).toMatchObject({ code: 403, reason: 'accessDenied' })
  expect(nowhere).toMatchObject({ code: 403, reason: 'accessDenied' })
  expect(words(nowhere)).toBe(words(there))
})

const words = ({ message }: { message: string }) =>
  message.replace('payrolx', 'payroll').replace(/ \(Sluice call .*/, '')
