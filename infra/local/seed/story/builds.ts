import type { Random } from '../../data/random.ts'
import { etl } from '../actors.ts'
import { type StretchScript, stretchOf } from '../stretch-of.ts'
import type { Chapter } from './chapter.ts'

/** The nightly build: refused until the policy of the afternoon names it. */
export const builds: Chapter = (random) =>
  [
    build(random, '02:00:03', '8841', 'denied'),
    build(random, '05:55:03', '8842', 'denied'),
    build(random, '12:41:30', '8843', 'rows'),
    build(random, '20:00:03', '8844', 'rows'),
  ].flatMap(({ steps }) => steps)

const MODELS = [
  'SELECT COUNT(*) AS n FROM acme.hospital.encounters',
  'SELECT COUNT(*) AS n FROM acme.hospital.claims',
  'SELECT kind, COUNT(*) AS n FROM acme.hospital.encounters GROUP BY kind ORDER BY kind',
  'SELECT status, SUM(amount) AS total FROM acme.hospital.claims GROUP BY status ORDER BY status',
  'SELECT COUNT(*) AS orphans FROM acme.hospital.claims AS c LEFT JOIN acme.hospital.encounters AS e ON e.id = c.encounter_id WHERE e.id IS NULL',
  'SELECT department, COUNT(*) AS n FROM acme.hospital.staff GROUP BY department ORDER BY department',
] as const

function build(
  random: Random,
  from: string,
  run: string,
  expect: 'rows' | 'denied',
): StretchScript {
  const script = stretchOf(etl, from, {
    random,
    pace: [3, 8],
    address: '10.40.1.5',
    claims: { run_id: run, sha: `9b1f${run}` },
  })
  // dbt stops a build in which too much fails.
  for (const sql of expect === 'denied' ? MODELS.slice(0, 4) : MODELS) script.query(sql, { expect })
  if (expect === 'rows')
    script.query('SELECT id, ssn FROM acme.hospital.patients LIMIT 1', { expect: 'denied' })
  return script
}
