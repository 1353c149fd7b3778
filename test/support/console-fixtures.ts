import type { CallSummary, CallView } from '../../shared/console/views/call-view.ts'
import type { Person } from '../../shared/console/views/wire.ts'
import { CALL, deliveries, entries } from './console-entries.ts'

/** What somebody may put where people read it: markup, a way out of attributes, and signs that turn others around. */
export const HOSTILE = `</code></pre><script>alert('x')</script><img src=x onerror=alert(1)> " ' & \u202Etxt\u202C مرحبا`

export const PERSON: Person = {
  issuer: 'https://login.acme.example',
  subject: 'ana',
  email: 'ana@acme.example',
  clientId: 'claude-desktop',
  groups: ['analysts', 'clinicians'],
  actors: [{ issuer: 'https://login.acme.example', subject: 'mcp-agent' }],
  claims: { run_id: '8814' },
}

export const SESSION = '01k9zq2a1b3c5d7e9f1g3h5j7k'

const SQL = `SELECT p.id, p.ssn, p.email, COUNT(e.id) AS encounters FROM \`acme.hospital.patients\` AS p JOIN \`acme.hospital.encounters\` AS e ON e.patient_id = p.id WHERE p.birth_date < DATE '1950-01-01' AND e.kind IN ('inpatient', 'emergency') GROUP BY p.id, p.ssn, p.email ORDER BY encounters DESC LIMIT 50`

const FORMATTED = `SELECT
  p.id,
  p.ssn,
  p.email,
  COUNT(e.id) AS encounters
FROM
  \`acme.hospital.patients\` AS p
  JOIN \`acme.hospital.encounters\` AS e ON e.patient_id = p.id
WHERE
  p.birth_date < DATE '1950-01-01'
  AND e.kind IN ('inpatient', 'emergency')
GROUP BY
  p.id,
  p.ssn,
  p.email
ORDER BY
  encounters DESC
LIMIT
  50`

/** A permitted read of two tables with masks, through an agent. */
export function aSummary(changes: Partial<CallSummary> = {}): CallSummary {
  return {
    call: CALL,
    at: '2026-11-20T09:12:31.204Z',
    principal: PERSON,
    session: SESSION,
    claimed: {
      server: 'bigquery-mcp',
      tool: 'execute_sql',
      name: 'triage',
      userAgent: 'claude-desktop/1.4.2',
    },
    sourceAddress: '10.20.30.40',
    method: 'jobs.query',
    statementType: 'SELECT',
    strippedSql: SQL.replaceAll(/'[^']*'|\b50\b/g, '?'),
    fingerprint: '5f2c7e1a9b3d4f60',
    tables: ['acme.hospital.patients', 'acme.hospital.encounters'],
    targets: [],
    columns: [
      'acme.hospital.patients.id',
      'acme.hospital.patients.ssn',
      'acme.hospital.patients.email',
      'acme.hospital.patients.birth_date',
      'acme.hospital.encounters.id',
      'acme.hospital.encounters.patient_id',
      'acme.hospital.encounters.kind',
    ],
    filterColumns: ['acme.hospital.patients.birth_date', 'acme.hospital.encounters.kind'],
    masked: [
      { column: 'acme.hospital.patients.ssn', mask: 'LAST_FOUR_CHARACTERS' },
      { column: 'acme.hospital.patients.email', mask: 'EMAIL_MASK' },
    ],
    tags: ['pii', 'phi'],
    decision: 'permit',
    rules: ['analysts-read-hospital'],
    approvers: [],
    outcome: 'released',
    durationMs: 1_284,
    job: { projectId: 'acme', jobId: 'job_8f3aQ', location: 'EU' },
    rows: 50,
    bytesProcessed: 48_234_496,
    bytesBilled: 52_428_800,
    flags: [],
    ...changes,
  }
}

/** That call, all of it, as somebody sees it who may read what is private. */
export function aCall(changes: Partial<CallView> = {}): CallView {
  return {
    summary: aSummary({
      flags: [{ rule: 'first-read', why: 'first read of `acme.hospital.patients` by this person' }],
    }),
    private: {
      state: 'shown',
      sql: SQL,
      formattedSql: FORMATTED,
      parameters: [
        { name: 'since', parameterType: { type: 'DATE' }, parameterValue: { value: '1950-01-01' } },
      ],
      justification: 'Quarterly audit of elderly inpatients, ticket AUD-311',
    },
    lineage: [
      {
        output: 'ssn',
        mask: 'LAST_FOUR_CHARACTERS',
        columns: ['acme.hospital.patients.ssn'],
      },
      {
        output: 'contact',
        mask: 'EMAIL_MASK',
        columns: ['acme.hospital.patients.email', 'acme.hospital.patients.phone'],
      },
    ],
    decision: { effect: 'permit', rules: ['analysts-read-hospital'] },
    matchedRules: [
      {
        id: 'analysts-read-hospital',
        text: '- id: analysts-read-hospital\n  who: { groups: [analysts] }\n  may: [read]\n  on: acme.hospital.*\n',
      },
      { id: 'gone' },
    ],
    policyDigest: '9d'.repeat(32),
    approvals: [],
    deliveries: deliveries(),
    entries: entries(),
    receipts: [
      { entry: `${CALL}~request`, proofUrl: `/log/proof/${CALL}~request` },
      { entry: `${CALL}~outcome`, proofUrl: `/log/proof/${CALL}~outcome` },
    ],
    jobUrl: 'https://console.cloud.google.com/bigquery?project=acme&j=bq:EU:job_8f3aQ',
    replays: [{ call: '01k9zreplay0000000000000aa', at: '2026-11-20T10:00:00.000Z' }],
    ...changes,
  }
}
