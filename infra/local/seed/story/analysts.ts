import type { Random } from '../../data/random.ts'
import { ana, anaInShell } from '../actors.ts'
import { type StretchScript, stretchOf } from '../stretch-of.ts'
import type { Chapter } from './chapter.ts'

/** Ana at her desk: counts, joins, a masked column now and then, a slip, a question she must ask first. */
export const analysts: Chapter = (random) =>
  [cohort(random), staffing(random), capacity(random), shell(random)].flatMap(({ steps }) => steps)

const DESK = '10.20.7.118'

function cohort(random: Random): StretchScript {
  const script = stretchOf(ana, '08:04:20', { random, pace: [12, 75], address: DESK })
  script
    .read('/bigquery/v2/projects/acme/datasets')
    .read('/bigquery/v2/projects/acme/datasets/hospital/tables')
    .query('SELECT COUNT(*) AS patients FROM acme.hospital.patients')
    .query('SELECT kind, COUNT(*) AS n FROM acme.hospital.encounters GROUP BY kind ORDER BY n DESC')
    .query('SELECT id, name, ssn, birth_date FROM acme.hospital.patients ORDER BY id LIMIT 20')
    .query('SELECT id, naem FROM acme.hospital.patients LIMIT 20', { expect: 'invalid' })
    .query('SELECT id, email, phone FROM acme.hospital.patients ORDER BY id LIMIT 20')
  for (const code of ['E11.9', 'I10', 'J18.9', 'G43.909', 'K35.80', 'E78.5'])
    script.query(
      `SELECT COUNT(DISTINCT e.patient_id) AS patients FROM acme.hospital.encounters AS e, UNNEST(e.diagnoses) AS d WHERE d.code = '${code}' AND d.primary`,
    )
  script
    .query(
      'SELECT p.id, p.name, p.ssn, e.kind, e.admitted_at FROM acme.hospital.patients AS p JOIN acme.hospital.encounters AS e ON e.patient_id = p.id ORDER BY e.id LIMIT 50',
    )
    .query("SELECT id FROM acme.hospital.patients WHERE ssn = '941-22-1655'", { expect: 'denied' })
    .query(
      'SELECT birth_year, COUNT(*) AS n FROM acme.hospital.patients_deidentified GROUP BY birth_year ORDER BY birth_year',
    )
    .query('SELECT * FROM acme.hospital.claims', { dryRun: true })
  for (const payer of ['Medicare', 'Birch Mutual', 'Medicaid'])
    script.query(
      `SELECT status, COUNT(*) AS n, SUM(amount) AS total FROM acme.hospital.claims WHERE payer = '${payer}' GROUP BY status ORDER BY status`,
    )
  return script
}

function staffing(random: Random): StretchScript {
  const script = stretchOf(ana, '11:15:00', { random, pace: [12, 75], address: DESK })
  for (let id = 1; id <= 8; id += 1)
    script.query(
      `SELECT s.role, COUNT(*) AS n FROM acme.hospital.encounters AS e JOIN acme.hospital.staff AS s ON s.id = e.staff_id WHERE s.id BETWEEN ${id * 7 - 6} AND ${id * 7} GROUP BY s.role ORDER BY s.role`,
    )
  return script.query('SELECT name, email, role FROM acme.hospital.staff WHERE role = @role', {
    parameters: { role: 'nurse' },
  })
}

/** Nothing but plain reads of tables that nobody writes: run again, they bring the same. */
function capacity(random: Random): StretchScript {
  const script = stretchOf(ana, '15:08:40', {
    random,
    pace: [10, 45],
    address: DESK,
    session: 'capacity-plan',
  })
  for (const department of ['oncology', 'cardiology', 'emergency', 'surgery'])
    script.query(
      `SELECT role, COUNT(*) AS n FROM acme.hospital.staff WHERE department = '${department}' GROUP BY role ORDER BY role`,
    )
  for (const kind of ['emergency', 'inpatient', 'outpatient'])
    script.query(
      `SELECT EXTRACT(MONTH FROM admitted_at) AS month, COUNT(*) AS n FROM acme.hospital.encounters WHERE kind = '${kind}' GROUP BY month ORDER BY month`,
    )
  return script
    .query('SELECT id, role, department, hired_on FROM acme.hospital.staff ORDER BY id LIMIT 30')
    .query('SELECT id, ssn, birth_date FROM acme.hospital.patients ORDER BY id LIMIT 25')
    .query('SELECT id, kind, admitted_at FROM acme.hospital.encounters ORDER BY id LIMIT 40')
}

function shell(random: Random): StretchScript {
  return stretchOf(anaInShell, '16:41:12', { random, pace: [20, 60], address: DESK })
    .query('SELECT payer, COUNT(*) AS n FROM acme.hospital.claims GROUP BY payer ORDER BY n DESC')
    .query('SELECT id, status, amount FROM acme.hospital.claims ORDER BY id', {
      name: 'claims by page',
      maxResults: 400,
    })
    .page('claims by page', 400)
    .page('claims by page', 400)
    .query('DELETE FROM acme.hospital.claims WHERE id = 10', { expect: 'denied' })
    .query('SELECT * FROM acme.finance.payroll', { expect: 'denied' })
}
