import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { expect, test } from 'vitest'

import { generateData } from '../../../infra/local/data/generate.ts'
import { localBigQuery } from '../../support/local-bigquery.ts'

const folder = join(import.meta.dirname, '../../../infra/local/data')
const committed = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
  .map((entry) => relative(folder, join(entry.parentPath, entry.name)))

test('the committed files are what the generator makes', () => {
  const made = generateData()
  expect(committed.toSorted()).toEqual([...made.keys()].toSorted())
  for (const [path, text] of made) expect(readFileSync(join(folder, path), 'utf8'), path).toBe(text)
})

test('they are small', () => {
  const bytes = [...generateData().values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  expect(bytes).toBeLessThan(1_500_000)
})

test('nobody in them can be reached, and no number in them was ever issued', () => {
  const text = [...generateData().values()].join('\n')
  for (const [ssn] of text.matchAll(/\b\d{3}-\d{2}-\d{4}\b/g))
    expect(ssn).toMatch(/^9\d\d-[1-4]\d-/)
  for (const [phone] of text.matchAll(/\b\d{3}-\d{4}\b(?!-)/g)) {
    if (!/^\d{2}-\d{2}/.test(phone)) expect(phone).toMatch(/^555-01\d\d$/)
  }
  for (const [address] of text.matchAll(/[\w.'-]+@[\w.-]+/g))
    expect(address).toMatch(/@example\.(?:com|org)\.?$/)
})

const { rows, get } = await localBigQuery({ data: folder })

test.each([
  ['SELECT COUNT(*) FROM acme.hospital.patients', '600'],
  ['SELECT COUNT(*) FROM acme.hospital.encounters', '1300'],
  ['SELECT COUNT(*) > 1300 FROM acme.hospital.claims', 'true'],
  ['SELECT COUNT(*) FROM acme.hospital.staff', '60'],
  ['SELECT COUNT(*) FROM acme.finance.payroll', '60'],
  ['SELECT COUNT(DISTINCT ssn) > 590 FROM acme.hospital.patients', 'true'],
  [
    String.raw`SELECT COUNT(*) > 10 FROM acme.hospital.patients WHERE REGEXP_CONTAINS(notes, r'9\d\d-\d\d-\d{4}')`,
    'true',
  ],
  ["SELECT COUNT(*) > 5 FROM acme.hospital.patients WHERE notes LIKE '%555-01%'", 'true'],
  ["SELECT COUNT(*) > 5 FROM acme.hospital.patients WHERE notes LIKE '%@example%'", 'true'],
  [
    'SELECT COUNT(*) FROM acme.hospital.claims c LEFT JOIN acme.hospital.patients p ON p.id = c.patient_id WHERE p.id IS NULL',
    '0',
  ],
  ['SELECT COUNT(*) FROM acme.hospital.encounters WHERE discharged_at < admitted_at', '0'],
  [
    'SELECT COUNT(DISTINCT o.name) FROM acme.hospital.encounters e, e.diagnoses d, d.observations o',
    '5',
  ],
  [
    'SELECT LOGICAL_AND(LENGTH(zip3) = 3 AND birth_year > 1900) FROM acme.hospital.patients_deidentified',
    'true',
  ],
  ["SELECT acme.hospital.mask_ssn('900-10-1234')", 'XXX-XX-1234'],
  [
    "SELECT COUNT(*) > 0 AND MIN(DATE(admitted_at)) >= '2025-01-01' FROM acme.hospital.encounters_between('2025-01-01', '2025-01-31')",
    'true',
  ],
])('%s → %s', async (sql, expected) => {
  expect(await rows(sql)).toEqual([[expected]])
})

test('all of it is listed', async () => {
  const { body } = await get('/datasets/hospital/tables')
  const tables = body.tables.map(({ id }: { id: string }) => id.replace('acme:hospital.', ''))
  expect(tables).toEqual(['claims', 'encounters', 'patients', 'patients_deidentified', 'staff'])
})
