import type { Random } from '../../data/random.ts'
import { ana, analyticsServer, anaInShell } from '../actors.ts'
import type { Step } from '../step.ts'
import { stretchOf, timeOfDay } from '../stretch-of.ts'
import type { Chapter } from './chapter.ts'

/** What somebody should look at: at night, all of it, again and again, bit by bit, with tokens of others. */
export const suspicious: Chapter = (random) => [
  ...atNight(random),
  ...bitByBit(random),
  ...againAndAgain(random),
  ...knocks(),
]

function atNight(random: Random): readonly Step[] {
  return stretchOf(anaInShell, '03:07:12', { random, pace: [4, 20], address: '198.51.100.23' })
    .read('/bigquery/v2/projects/acme/datasets/hospital/tables')
    .query('SELECT * FROM acme.hospital.patients ORDER BY id', { name: 'all', maxResults: 200 })
    .page('all', 200)
    .page('all', 200)
    .query('SELECT id, patient_id, kind FROM acme.hospital.encounters ORDER BY id', {
      name: 'visits',
      maxResults: 500,
    })
    .page('visits', 500)
    .page('visits', 500)
    .query('SELECT * FROM acme.hospital.claims ORDER BY id')
    .query('SELECT * FROM acme.finance.payroll', { expect: 'denied' }).steps
}

/** One question in slices that are small enough not to be seen. */
function bitByBit(random: Random): readonly Step[] {
  const script = stretchOf(ana, '13:08:30', { random, pace: [3, 9], address: '10.20.7.118' })
  for (let from = 1; from < 600; from += 30)
    script.query(
      `SELECT id, name, ssn, email FROM acme.hospital.patients WHERE id BETWEEN ${from} AND ${from + 29} ORDER BY id`,
    )
  return script.steps
}

function againAndAgain(random: Random): readonly Step[] {
  const script = stretchOf(analyticsServer, '14:52:10', {
    random,
    pace: [2, 6],
    address: '10.30.0.27',
    session: 'find-the-patient',
  })
  for (const digits of ['941', '911', '902', '955', '967', '978'])
    script.query(`SELECT name FROM acme.hospital.patients WHERE STARTS_WITH(ssn, '${digits}')`, {
      expect: 'denied',
    })
  for (const column of ['*', 'salary', 'COUNT(*)', 'iban'])
    script.query(`SELECT ${column} FROM acme.finance.payroll`, { expect: 'denied' })
  return script.steps
}

function knocks(): readonly Step[] {
  const scanner = {
    kind: 'knock',
    userAgent: 'python-requests/2.32',
    address: '203.0.113.77',
  } as const
  const script = { kind: 'knock', userAgent: 'curl/8.14', address: '10.20.7.118' } as const
  return [
    { at: timeOfDay('04:31:00'), ...scanner, token: 'missing' },
    { at: timeOfDay('04:31:02'), ...scanner, token: 'malformed' },
    { at: timeOfDay('04:31:05'), ...scanner, token: 'stranger' },
    { at: timeOfDay('10:41:00'), ...script, token: { expiredOf: 'ana 08:04:20' } },
    { at: timeOfDay('10:41:30'), ...script, token: { expiredOf: 'ana 08:04:20' } },
  ]
}
