import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { replay } from '../../../shared/console/replay/replay.ts'
import type { Ports } from '../../../shared/gateway/ports.ts'
import type { ReplayedEntry } from '../../../shared/recording/upkeep-entry.ts'
import { guarantee } from '../../support/guarantee.ts'
import { HOSPITAL_POLICY } from '../../support/hospital-world.ts'
import { labWorld } from '../../support/lab-world.ts'
import type { Person } from '../../support/people.ts'

const SANDBOX = `connections:
  - id: sandbox
    projects: [acme-sandbox]
    location: US
    credential: none
    sandbox: { datasets: { acme.hospital: acme-sandbox.hospital } }
`

let ports: Ports | undefined
const lab = await labWorld(
  {},
  {
    data: join(import.meta.dirname, '../../../infra/local/data'),
    policy: HOSPITAL_POLICY.replace('connections:\n', SANDBOX).replaceAll(
      '"acme.hospital.*"))',
      '"acme.*.*"))',
    ),
    copies: { 'acme-sandbox': 'acme' },
    portsVia: (made) => {
      ports = made
      return made
    },
  },
)
afterAll(() => lab.close())

const by = {
  issuer: 'https://id.acme.example',
  subject: 'otto',
  groups: ['auditors'],
  clientId: undefined,
  email: undefined,
  claims: {},
  actors: [],
  credential: {
    kind: 'bearer',
    tokenDigest: '',
    tokenId: undefined,
    lifetime: '',
    issuedAt: 0,
    expiresAt: 0,
  },
} as const

const inForce = () => {
  const policy = ports?.policy()
  if (ports === undefined || policy?.ok !== true) throw new Error('no world')
  return { ports: { ...ports, relocate: lab.relocate }, policy: policy.value }
}

/** The call of the query somebody makes. */
async function asked(as: Person, sql: string, more: object = {}): Promise<string> {
  const before = new Set((await requests()).map(({ call }) => call))
  const answer = await lab.gateway.post(
    '/bigquery/v2/projects/acme/queries',
    { query: sql, useLegacySql: false, ...more },
    { as },
  )
  expect(answer.status).toBe(200)
  const [made] = (await requests()).filter(({ call }) => !before.has(call))
  return made?.call ?? ''
}

async function requests() {
  const all = await inForce().ports.entries.committed({ at: 0 }, 1_000)
  return all
    .map(({ bytes }) => JSON.parse(bytes.toString()))
    .filter(({ type }) => type === 'request')
}

async function again(call: string): Promise<ReplayedEntry> {
  const { ports: asking, policy } = inForce()
  const done = await replay(asking, policy, by, {
    of: { call },
    connection: undefined,
    asOf: undefined,
  })
  if (!done.ok) throw new Error(done.error)
  return done.value
}

/** What jobs ran since, by their SQL. */
async function ranDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = lab.ran.length
  await work()
  return lab.ran.slice(before).map(({ sql }) => sql)
}

test('a masked query gives the same rows in the sandbox, by their digest', async () => {
  const call = await asked(
    'ana',
    'SELECT id, ssn, email FROM acme.hospital.patients ORDER BY id LIMIT 20',
  )
  const ran: string[] = []
  let entry: ReplayedEntry | undefined
  ran.push(...(await ranDuring(async () => (entry = await again(call)))))
  expect(entry?.calls).toMatchObject([
    { of: call, state: 'run', decision: 'same', schema: 'same', rows: 'same', digest: 'same' },
  ])
  expect(entry?.verdict).toBe('same')
  expect(ran).toHaveLength(1)
  expect(ran[0]).toContain('`acme-sandbox`')
  const made = (await requests()).find((each) => each.call === entry?.calls[0]?.call)
  expect(made).toMatchObject({
    replay: { of: call, by: { subject: 'otto' } },
    principal: { subject: 'ana' },
    connection: 'sandbox',
    tables: ['acme-sandbox.hospital.patients'],
    session: { claimed: { userAgent: 'sluice-replay' } },
  })
})

test('pages are compared one by one', async () => {
  const call = await asked('ana', 'SELECT id, phone FROM acme.hospital.patients ORDER BY id', {
    maxResults: 7,
  })
  expect((await again(call)).calls).toMatchObject([{ state: 'run', digest: 'same', rows: 'same' }])
})

guarantee('replay-only-in-sandbox', async () => {
  const call = await asked('etl', 'UPDATE acme.hospital.staff SET name = name WHERE id IS NOT NULL')
  const ran = await ranDuring(() => again(call))
  expect(ran).toHaveLength(1)
  expect(ran[0]).toMatch(/UPDATE\s+`acme-sandbox`/)
})

guarantee('replay-only-in-sandbox', async () => {
  const call = await asked(
    'etl',
    'SELECT COUNT(*) AS n FROM acme.hospital.patients AS staff, acme.hospital.staff AS patients',
  )
  const ran = await ranDuring(() => again(call))
  expect(ran.join()).not.toMatch(/`?acme`?\.`?hospital/)
})

test.each([
  'WITH patients AS (SELECT id FROM acme.hospital.patients) SELECT COUNT(*) AS n FROM patients',
  'SELECT COUNT(*) AS n FROM `acme.hospital.patients`',
  'SELECT COUNT(*) AS n FROM `acme.hospital`.staff AS hospital, `acme`.hospital.claims AS acme',
  'SELECT COUNT(*) AS n FROM acme.hospital.patients_deidentified',
])('whatever names look like, only those of tables are others: %s', async (sql) => {
  const call = await asked('ana', sql)
  let entry: ReplayedEntry | undefined
  const ran = await ranDuring(async () => (entry = await again(call)))
  expect(entry?.calls).toMatchObject([{ state: 'run', digest: 'same' }])
  expect(ran).toHaveLength(1)
  expect(ran.join()).not.toMatch(/`acme`\.|\bacme\.hospital|`acme\.hospital/)
})

guarantee('replay-only-in-sandbox', async () => {
  // A view of the sandbox that leads out of it.
  await lab.behind(
    'CREATE OR REPLACE VIEW `acme-sandbox`.hospital.way_out AS SELECT id FROM acme.hospital.patients',
  )
  await lab.behind(
    'CREATE OR REPLACE VIEW acme.hospital.way_out AS SELECT id FROM acme.hospital.patients',
  )
  const call = await asked('ana', 'SELECT COUNT(*) AS n FROM acme.hospital.way_out')
  let entry: ReplayedEntry | undefined
  expect(await ranDuring(async () => (entry = await again(call)))).toEqual([])
  expect(entry).toMatchObject({
    verdict: 'nothing-run',
    calls: [{ state: 'not-run', reason: 'outside-sandbox' }],
  })
})

test('what names a dataset without a place in the sandbox is not run', async () => {
  const call = await asked('etl', 'SELECT COUNT(*) AS n FROM acme.finance.payroll')
  let entry: ReplayedEntry | undefined
  expect(await ranDuring(async () => (entry = await again(call)))).toEqual([])
  expect(entry?.calls).toMatchObject([{ state: 'not-run', reason: 'not-mapped' }])
})

test('a difference shows when the data changed', async () => {
  const call = await asked('ana', 'SELECT COUNT(*) AS n FROM acme.hospital.claims')
  await lab.behind('DELETE FROM `acme-sandbox`.hospital.claims WHERE id IS NOT NULL')
  expect(await again(call)).toMatchObject({
    verdict: 'different',
    calls: [{ state: 'run', schema: 'same', rows: 'same', digest: 'different' }],
  })
})
