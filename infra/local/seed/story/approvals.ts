import type { Random } from '../../data/random.ts'
import { carlaByAssistant, paul, petra, researchAgent, toolbox } from '../actors.ts'
import type { Step } from '../step.ts'
import { stretchOf } from '../stretch-of.ts'
import type { Chapter } from './chapter.ts'

/** What agents have to ask for, and what the privacy office says: at once, after minutes, no, or nothing at all. */
export const approvals: Chapter = (random) =>
  [morning(random), oracle(random), unanswered(random), glass(random), afternoon(random)].flat()

const AGENTS = '10.30.0.12'
const OFFICE = '10.20.9.14'
const CLAIMS = 'SELECT payer, COUNT(*) AS n, SUM(amount) AS total FROM acme.hospital.claims'

function morning(random: Random): readonly Step[] {
  const pace = [1, 2] as const
  const agent = stretchOf(toolbox, '09:12:04', {
    random,
    pace,
    address: AGENTS,
    session: 'denials-by-payer',
  })
    .query(`${CLAIMS} GROUP BY payer ORDER BY n DESC`, { expect: 'held', name: 'by payer' })
    .until('09:12:51')
    .poll('by payer', 'rows')
    .until('09:15:20')
    .query('SELECT * FROM acme.hospital.claims ORDER BY id', { expect: 'held', name: 'all claims' })
    .until('09:18:02')
    .poll('all claims', 'denied')
    .until('09:19:30')
    .query(
      "SELECT status, COUNT(*) AS n FROM acme.hospital.claims WHERE status = 'denied' GROUP BY status",
      {
        expect: 'held',
        name: 'denied claims',
      },
    )
    .until('09:25:10')
    .poll('denied claims', 'rows')
  const office = stretchOf(petra, '09:12:46', { random, pace, address: OFFICE })
    .vote('by payer', 'approve', 'totals by payer name nobody')
    .until('09:17:40')
    .vote('all claims', 'deny', 'ask for totals instead of every claim')
    .until('09:24:55')
    .vote('denied claims', 'approve', '')
  return [...agent.steps, ...office.steps]
}

/** Where somebody's age decides, somebody looks first. */
function oracle(random: Random): readonly Step[] {
  const pace = [2, 5] as const
  const agent = stretchOf(researchAgent, '10:32:00', {
    random,
    pace,
    address: '10.30.0.41',
    session: 'readmissions-by-age',
  })
    .query("SELECT COUNT(*) AS n FROM acme.hospital.patients WHERE birth_date < '1950-01-01'", {
      expect: 'held',
      name: 'over 75',
      justification: 'readmissions of people over 75',
    })
    .until('10:38:30')
    .poll('over 75', 'rows')
  const office = stretchOf(paul, '10:38:12', { random, pace, address: '10.20.9.15' }).vote(
    'over 75',
    'approve',
    'a count, of many',
  )
  return [...agent.steps, ...office.steps]
}

function unanswered(random: Random): readonly Step[] {
  return stretchOf(toolbox, '11:04:30', {
    random,
    pace: [1, 2],
    address: AGENTS,
    session: 'late-payments',
  })
    .query(
      'SELECT id, payer, paid_at FROM acme.hospital.claims WHERE paid_at IS NULL ORDER BY id',
      {
        expect: 'held',
        name: 'unpaid',
      },
    )
    .until('12:10:00')
    .poll('unpaid', 'denied').steps
}

function glass(random: Random): readonly Step[] {
  const assistant = stretchOf(carlaByAssistant, '11:31:20', {
    random,
    pace: [4, 9],
    address: '10.20.4.31',
    session: 'ward-4-assistant',
  })
    .query('SELECT name, birth_date, notes FROM acme.hospital.patients WHERE id = 331')
    .query('SELECT status, payer FROM acme.hospital.claims WHERE patient_id = 331 ORDER BY id', {
      breakGlass: true,
      justification: 'transfer at 11:45, the other hospital asks who pays',
      name: 'who pays',
    })
  const office = stretchOf(petra, '11:52:10', { random, pace: [2, 4], address: OFFICE }).vote(
    'who pays',
    'review',
    'the patient was transferred at 11:47; one patient, two columns',
  )
  return [...assistant.steps, ...office.steps]
}

function afternoon(random: Random): readonly Step[] {
  const pace = [1, 2] as const
  const agent = stretchOf(toolbox, '14:20:02', {
    random,
    pace,
    address: AGENTS,
    session: 'revenue-forecast',
  })
    .query(`${CLAIMS} WHERE status = 'paid' GROUP BY payer ORDER BY payer`, {
      expect: 'held',
      name: 'paid',
    })
    .until('14:22:40')
    .poll('paid', 'rows')
    .query(
      'SELECT p.ssn, c.amount FROM acme.hospital.patients AS p JOIN acme.hospital.claims AS c ON c.patient_id = p.id ORDER BY c.id LIMIT 20',
      { expect: 'held', name: 'ssn and amount', justification: 'match claims with the payer' },
    )
    .until('14:31:25')
    .poll('ssn and amount', 'rows')
    .query(`${CLAIMS} GROUP BY payer HAVING n > 100 ORDER BY payer`, {
      expect: 'held',
      name: 'large payers',
    })
    .until('14:49:00')
    .poll('large payers', 'denied')
  const office = stretchOf(petra, '14:22:31', { random, pace, address: OFFICE })
    .vote('paid', 'approve', 'totals')
    .until('14:31:10')
    .vote('ssn and amount', 'approve', 'the last four digits are enough to match; twenty rows')
    .until('14:48:30')
    .vote('large payers', 'deny', 'you have the totals by payer from this morning')
  return [...agent.steps, ...office.steps]
}
