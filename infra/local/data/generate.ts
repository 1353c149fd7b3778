import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { hospital } from './hospital.ts'
import { schemas } from './schemas.ts'

/**
 * The files of the default data folder, by their path below it: a hospital with nobody in it who lives.
 * The same bytes every time. `npx node infra/local/data/generate.ts` writes them.
 */
export function generateData(): ReadonlyMap<string, string> {
  const { patients, encounters, claims, staff, payroll } = hospital()
  const rows: Readonly<Record<string, readonly object[]>> = {
    'acme/hospital/patients': patients,
    'acme/hospital/encounters': encounters,
    'acme/hospital/claims': claims,
    'acme/hospital/staff': staff,
    'acme/finance/payroll': payroll,
  }
  const files = new Map(Object.entries(sql))
  for (const [table, schema] of Object.entries(schemas)) {
    files.set(`${table}.schema.json`, `${JSON.stringify(schema, undefined, 2)}\n`)
    files.set(
      `${table}.ndjson`,
      (rows[table] ?? []).map((row) => `${JSON.stringify(row)}\n`).join(''),
    )
  }
  return files
}

const sql = {
  'acme/hospital/patients_deidentified.view.sql': `-- Patients as researchers see them: nobody can be told from the next.
SELECT
  id,
  EXTRACT(YEAR FROM birth_date) AS birth_year,
  address.state AS state,
  SUBSTR(address.zip, 1, 3) AS zip3
FROM acme.hospital.patients
`,
  'acme/hospital/mask_ssn.routine.sql': `-- The last four digits of a social security number.
CREATE FUNCTION acme.hospital.mask_ssn(ssn STRING) RETURNS STRING AS (
  CONCAT('XXX-XX-', SUBSTR(ssn, -4))
);
`,
  'acme/hospital/encounters_between.routine.sql': `-- The encounters that began on these days or between them.
CREATE TABLE FUNCTION acme.hospital.encounters_between(first_day DATE, last_day DATE) AS
SELECT id, patient_id, kind, admitted_at, discharged_at
FROM acme.hospital.encounters
WHERE DATE(admitted_at) BETWEEN first_day AND last_day;
`,
}

if (import.meta.main) {
  for (const [path, text] of generateData()) {
    const file = join(import.meta.dirname, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}
