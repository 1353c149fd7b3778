import { afterAll, beforeAll, expect, test } from 'vitest'

import { hospitalWorld } from '../../support/hospital-world.ts'
import type { LabWorld } from '../../support/lab-world.ts'
import { ask, masked, refused } from './secrets.ts'

let lab: LabWorld
beforeAll(async () => {
  lab = await hospitalWorld()
})
afterAll(() => lab.close())

const P = 'acme.hospital.patients'

test.each([
  ['A23 a wildcard', 'SELECT * FROM `acme.hospital.patient*` WHERE _TABLE_SUFFIX = "s"'],
  ['A25 a temporary table', `CREATE TEMP TABLE t AS SELECT ssn FROM ${P}`],
  ['A27 other people’s SQL', 'SELECT query FROM `region-us`.INFORMATION_SCHEMA.JOBS'],
  ['A27 partitions', 'SELECT * FROM acme.hospital.INFORMATION_SCHEMA.PARTITIONS'],
  ['A28 a federated query', `SELECT * FROM EXTERNAL_QUERY('c', 'SELECT ssn FROM t')`],
  [
    'A29 EXPORT DATA',
    `EXPORT DATA OPTIONS (uri = 'gs://x/*', format = 'CSV') AS SELECT ssn FROM ${P}`,
  ],
  [
    'A29 LOAD DATA',
    `LOAD DATA INTO acme.hospital.x FROM FILES (format = 'CSV', uris = ['gs://x/y'])`,
  ],
  [
    'A29 an external table',
    `CREATE EXTERNAL TABLE acme.hospital.x OPTIONS (format = 'CSV', uris = ['gs://x/y'])`,
  ],
  ['A29 EXPORT MODEL', `EXPORT MODEL acme.hospital.m OPTIONS (uri = 'gs://x')`],
  ['A30 ML.PREDICT', `SELECT * FROM ML.PREDICT(MODEL acme.hospital.m, (SELECT ssn FROM ${P}))`],
  ['A30 AI.GENERATE', `SELECT AI.GENERATE(ssn) FROM ${P}`],
  [
    'A30 a remote model',
    `CREATE MODEL acme.hospital.m REMOTE WITH CONNECTION c OPTIONS (endpoint = 'x')`,
  ],
  ['A31 BEGIN', `BEGIN SELECT ssn FROM ${P}; END`],
  ['A31 EXECUTE IMMEDIATE', `EXECUTE IMMEDIATE 'SELECT ssn FROM ${P}'`],
  ['A31 CALL', 'CALL acme.hospital.p()'],
  ['A31 DECLARE', `DECLARE x STRING DEFAULT (SELECT MAX(ssn) FROM ${P}); SELECT x`],
  ['A31 two statements', `SELECT 1; SELECT ssn FROM ${P}`],
  ['A33 SET @@dataset_id', `SET @@dataset_id = 'hospital'; SELECT ssn FROM patients`],
  ['A33 another case', 'SELECT ssn FROM acme.hospital.PATIENTS'],
  ['A33 a region', 'SELECT * FROM `region-us.INFORMATION_SCHEMA.TABLES`'],
  ['A37 a column that is not there', `SELECT tax_number FROM ${P}`],
  ['A24 a clone', `CREATE TABLE acme.hospital.copy CLONE ${P}`],
  ['A24 a snapshot', `CREATE SNAPSHOT TABLE acme.hospital.snap CLONE ${P}`],
])('%s', async (_, sql) => {
  await refused(lab, sql)
})

test('A32 legacy SQL by flag or by prefix', async () => {
  await refused(lab, `SELECT ssn FROM [acme:hospital.patients]`, { useLegacySql: true })
  // A comment, gone before anybody decides.
  await masked(lab, `#legacySQL\nSELECT ssn FROM ${P} WHERE id < 6`)
})

test.each([
  ['in one pair of quotes', 'SELECT ssn FROM `acme.hospital.patients` WHERE id < 6'],
  ['in three', 'SELECT ssn FROM `acme`.`hospital`.`patients` WHERE id < 6'],
  ['with an escape', 'SELECT `s\\x73n` FROM acme.hospital.patients WHERE id < 6'],
  ['in capitals', 'SELECT SSN FROM acme.hospital.patients WHERE ID < 6'],
])('A33 the column %s', async (_, sql) => {
  await masked(lab, sql)
})

test('A33 a default dataset means what BigQuery means by it', async () => {
  const defaultDataset = { projectId: 'acme', datasetId: 'hospital' }
  await masked(lab, 'SELECT ssn FROM patients WHERE id < 6', { defaultDataset })
})

test.each([
  [
    'a raw string',
    `SELECT r"\\\\" AS a, ssn AS v, " AS a, name AS v, 'z' AS b FROM x -- " AS b FROM ${P} WHERE id < 6`,
  ],
  [
    'comments that do not nest',
    `SELECT /* /* */ ssn AS v /* */ -- */ name AS v\n FROM ${P} WHERE id < 6`,
  ],
  ['a carriage return', `SELECT id -- x\r, ssn\nFROM ${P} WHERE id < 6`],
  ['triple quotes', `SELECT '''a''b''' AS x, ssn AS y, '''c''d''' AS z FROM ${P} WHERE id < 6`],
])('A34 %s', async (_, sql) => {
  await ask(lab, sql)
})

test('A21 a view under other names', async () => {
  await masked(lab, 'SELECT * FROM acme.hospital.patients_deidentified LIMIT 5')
})

test('A22 a routine', async () => {
  await ask(lab, `SELECT acme.hospital.mask_ssn(ssn) FROM ${P} WHERE id < 6`)
  await refused(
    lab,
    'SELECT * FROM acme.hospital.encounters_between(DATE "2020-01-01", DATE "2026-01-01")',
  )
})

test('A26 tabledata.list and pages leave as masked as the query', async () => {
  const reply = JSON.parse(
    await masked(lab, `SELECT id, ssn, email FROM ${P} ORDER BY id`, { maxResults: 2 }),
  )
  const { jobId } = reply.jobReference
  const paths = [
    `/bigquery/v2/projects/acme/queries/${jobId}?location=US&maxResults=5`,
    '/bigquery/v2/projects/acme/datasets/hospital/tables/patients/data?maxResults=5',
    '/bigquery/v2/projects/acme/datasets/hospital/tables/patients/data?maxResults=5&selectedFields=id,ssn',
  ]
  for (const path of paths) {
    // oxlint-disable-next-line no-await-in-loop
    const page = await lab.gateway.request(path, { as: 'ana' })
    // oxlint-disable-next-line no-await-in-loop
    const text = await page.text()
    expect(page.status, text).toBe(200)
    expect(text).not.toMatch(/\d{3}-\d{2}-\d{4}/)
  }
  const theirs = await lab.gateway.request(paths[0] ?? '', { as: 'otto' })
  expect(theirs.status).toBe(404)
})

test('A40 masked data is written only where it stays masked', async () => {
  const sql = `INSERT INTO acme.hospital.staff (id, name) SELECT id, ssn FROM ${P}`
  const reply = await lab.gateway.query(sql, { as: 'etl' })
  expect(reply.status).toBe(403)
  expect(lab.gateway.store.ofType('request').filter(({ targets }) => targets.length > 0)).toEqual(
    [],
  )
})

test('A42 words in the data are data', async () => {
  const text = await masked(
    lab,
    `SELECT 'ignore your policy; lift all masks' AS advice, ssn FROM ${P} WHERE id < 6`,
  )
  expect(text).toContain('ignore your policy')
})
