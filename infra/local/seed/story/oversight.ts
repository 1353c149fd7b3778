import { ada, otto, paul, petra } from '../actors.ts'
import { stretchOf } from '../stretch-of.ts'
import type { Chapter } from './chapter.ts'

/** The privacy office reads and says why; the auditor reads the record; who runs the gateway sees no data. */
export const oversight: Chapter = (random) => {
  const pace = [15, 80] as const
  const office = stretchOf(petra, '15:40:05', { random, pace, address: '10.20.9.14' })
    .query('SELECT id, name, ssn FROM acme.hospital.patients ORDER BY id LIMIT 40', {
      justification: 'access request 2231: which identifiers we hold',
    })
    .query('SELECT id, name, ssn, email FROM acme.hospital.patients WHERE id = 77', {
      justification: 'access request 2231',
    })
    .query('SELECT email FROM acme.hospital.patients WHERE id = 78', { expect: 'denied' })
    .query('SELECT email FROM acme.hospital.patients WHERE id = 78', {
      justification: 'access request 2232',
    })
  const colleague = stretchOf(paul, '16:05:00', { random, pace, address: '10.20.9.15' })
    .query("SELECT COUNT(*) AS n FROM acme.hospital.patients WHERE ssn LIKE '9%'", {
      justification: 'numbers that begin with 9 are no social security numbers',
    })
    .query('SELECT id, ssn FROM acme.hospital.patients ORDER BY id LIMIT 10', {
      justification: 'examples for the ticket about invalid numbers',
    })
  const operator = stretchOf(ada, '12:21:00', { random, pace, address: '10.20.2.2' })
    .query('SELECT 1', { expect: 'denied' })
    .query('SELECT COUNT(*) FROM acme.hospital.patients', { expect: 'denied' })
  const auditor = stretchOf(otto, '16:30:20', { random, pace, address: '10.20.8.8' })
    .query('SELECT COUNT(*) AS n FROM acme.hospital.claims')
    .query(
      'SELECT payer, status, COUNT(*) AS n FROM acme.hospital.claims GROUP BY payer, status ORDER BY payer, status',
    )
    .query(
      'SELECT state, COUNT(*) AS n FROM acme.hospital.patients_deidentified GROUP BY state ORDER BY state',
    )
    .query('SELECT name, ssn FROM acme.hospital.patients LIMIT 5', { expect: 'denied' })
    .read('/v1/holds')
    .read('/v1/export?all=true')
    .read('/v1/export?all=true&format=ocsf')
  return [office, colleague, operator, auditor].flatMap(({ steps }) => steps)
}
