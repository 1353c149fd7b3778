import type { Random } from '../../data/random.ts'
import { analyticsServer, researchAgent, toolbox } from '../actors.ts'
import { type StretchScript, stretchOf } from '../stretch-of.ts'
import type { Chapter } from './chapter.ts'

/** Agents behind MCP servers, alone and for Ana: many small questions, quickly. */
export const agents: Chapter = (random) =>
  [
    explore(random),
    chart(random),
    research(random, '10:14:02', 'readmissions'),
    occupancy(random),
    waiting(random),
    research(random, '22:31:45', 'readmissions-follow-up'),
  ].flatMap(({ steps }) => steps)

const AGENTS = '10.30.0.12'
const STATES = ['CA', 'IL', 'MN', 'NY', 'TX', 'WA', 'OH', 'CO'] as const
const CODES = ['E11.9', 'I10', 'J18.9', 'G43.909', 'K35.80', 'E78.5', 'F32.9', 'M54.5'] as const

function explore(random: Random): StretchScript {
  const script = stretchOf(toolbox, '08:30:05', {
    random,
    pace: [2, 9],
    address: AGENTS,
    session: 'cohort-review',
  })
  script
    .read('/bigquery/v2/projects/acme/datasets')
    .read('/bigquery/v2/projects/acme/datasets/hospital/tables')
    .read('/bigquery/v2/projects/acme/datasets/hospital/tables/patients')
    .read('/bigquery/v2/projects/acme/datasets/hospital/tables/encounters')
    .query('SELECT table_name FROM acme.hospital.INFORMATION_SCHEMA.TABLES ORDER BY table_name')
    .query('SELECT * FROM acme.hospital.patients', { dryRun: true })
    .query('SELECT * FROM acme.hospital.patients ORDER BY id LIMIT 5')
    .query('SELECT id, ssn FROM acme.hospital.patients ORDER BY id LIMIT 10')
    .query("SELECT name FROM acme.hospital.patients WHERE ssn LIKE '941-%'", { expect: 'denied' })
  for (const code of CODES) {
    script.query(
      `SELECT COUNT(*) AS n FROM acme.hospital.encounters AS e WHERE EXISTS (SELECT 1 FROM UNNEST(e.diagnoses) AS d WHERE d.code = '${code}')`,
    )
    if (random.chance(0.5))
      script.query(
        `SELECT e.kind, COUNT(DISTINCT e.patient_id) AS patients FROM acme.hospital.encounters AS e, UNNEST(e.diagnoses) AS d WHERE d.code = '${code}' GROUP BY e.kind ORDER BY e.kind`,
      )
  }
  return script
    .query(
      'SELECT p.id, p.ssn, p.email, COUNT(*) AS visits FROM acme.hospital.patients AS p JOIN acme.hospital.encounters AS e ON e.patient_id = p.id GROUP BY p.id, p.ssn, p.email ORDER BY visits DESC LIMIT 10',
      { expect: 'denied' },
    )
    .query(
      'SELECT patient_id, COUNT(*) AS visits FROM acme.hospital.encounters GROUP BY patient_id ORDER BY visits DESC, patient_id LIMIT 10',
    )
    .query('SELECT COUNT(*) FROM acme.hospital.encounter', { expect: 'not-found' })
}

function chart(random: Random): StretchScript {
  const script = stretchOf(analyticsServer, '09:46:30', {
    random,
    pace: [3, 14],
    address: '10.30.0.27',
  })
  for (const state of STATES)
    script.query(
      `SELECT COUNT(*) AS n FROM acme.hospital.patients_deidentified WHERE state = '${state}'`,
    )
  return script
    .query('SELECT id, name, ssn, phone FROM acme.hospital.patients ORDER BY id LIMIT 100')
    .query('SELECT role, COUNT(*) AS n FROM acme.hospital.staff GROUP BY role ORDER BY role')
    .query(
      'SELECT SUBSTR(ssn, 1, 3) AS area, COUNT(*) AS n FROM acme.hospital.patients GROUP BY area',
      {
        expect: 'denied',
      },
    )
    .query(
      'SELECT department, COUNT(*) AS n FROM acme.hospital.staff GROUP BY department ORDER BY department',
    )
}

function research(random: Random, from: string, session: string): StretchScript {
  const script = stretchOf(researchAgent, from, {
    random,
    pace: [4, 18],
    address: '10.30.0.41',
    session,
  })
  script.query('SELECT id, name, ssn, birth_date FROM acme.hospital.patients ORDER BY id LIMIT 15')
  for (let n = 0; n < 12; n += 1) {
    const month = random.between(1, 12)
    script.query(
      `SELECT COUNT(*) AS n FROM acme.hospital.encounters WHERE EXTRACT(MONTH FROM admitted_at) = ${month} AND kind = '${random.pick(['emergency', 'inpatient'])}'`,
    )
  }
  return script.query(
    'SELECT e.patient_id, MIN(e.admitted_at) AS first, COUNT(*) AS visits FROM acme.hospital.encounters AS e GROUP BY e.patient_id HAVING visits > 3 ORDER BY visits DESC, e.patient_id LIMIT 25',
  )
}

function occupancy(random: Random): StretchScript {
  const script = stretchOf(toolbox, '14:04:10', {
    random,
    pace: [2, 10],
    address: AGENTS,
    session: 'bed-occupancy',
  })
  for (const month of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    script.query(
      `SELECT kind, COUNT(*) AS n FROM acme.hospital.encounters WHERE EXTRACT(MONTH FROM admitted_at) = ${month} GROUP BY kind ORDER BY kind`,
    )
  for (const id of [17, 204, 391])
    script.query(`SELECT id, email, notes FROM acme.hospital.patients WHERE id = ${id}`)
  return script.query(
    'SELECT s.department, COUNT(*) AS n FROM acme.hospital.encounters AS e JOIN acme.hospital.staff AS s ON s.id = e.staff_id GROUP BY s.department ORDER BY n DESC, s.department',
  )
}

function waiting(random: Random): StretchScript {
  const script = stretchOf(toolbox, '17:10:30', {
    random,
    pace: [3, 12],
    address: AGENTS,
    session: 'waiting-times',
  })
  script.query('SELECT id, ssn, phone FROM acme.hospital.patients ORDER BY id LIMIT 10')
  for (let n = 0; n < 20; n += 1) {
    const hours = random.between(2, 96)
    script.query(
      `SELECT COUNT(*) AS n FROM acme.hospital.encounters WHERE TIMESTAMP_DIFF(discharged_at, admitted_at, HOUR) > ${hours}`,
    )
  }
  return script
}
