import type { SearchFilter } from '../../../shared/recording/search/search-filter.ts'

const LAST_QUARTER = { from: '2026-07-01T00:00:00Z', to: '2026-10-01T00:00:00Z' }

/** Of the one who asks most, in one hour of it. */
const SESSION = `0s${(Date.UTC(2026, 6, 7, 9) / 3_600_000).toString(36)}`.padEnd(26, 'a')

/** What is searched for: each filter, and those that people combine, of much and of little. */
export const SEARCHES: readonly (readonly [string, SearchFilter])[] = [
  ['everything', {}],
  ['a quarter', LAST_QUARTER],
  ['principal', { principal: ['person-3'] }],
  ['principal by e-mail, a quarter', { principal: ['person-5@acme.example'], ...LAST_QUARTER }],
  ['group', { group: ['finance'] }],
  ['MCP server', { client: ['genai-toolbox'] }],
  ['agent and group', { client: ['agent-3'], group: ['etl'] }],
  ['CI run', { claim: ['run_id=700'] }],
  ['session', { session: SESSION }],
  ['table', { table: ['hospital.table_7'] }],
  ['column, a quarter', { column: ['hospital.table_1.ssn'], ...LAST_QUARTER }],
  ['any ssn, by principal', { column: ['ssn'], principal: ['person-40'] }],
  ['masked column and agent', { maskedColumn: ['ssn'], client: ['agent-9'] }],
  ['filtered column', { filterColumn: ['crm.table_2.created_at'] }],
  ['tag and decision', { tag: ['pii'], decision: 'require-approval' }],
  ['statement type and rule', { statementType: 'MERGE', rule: ['rule-30'] }],
  ['decision and group', { decision: 'deny', group: ['analysts'] }],
  ['approver', { approver: ['approver-7'] }],
  ['approval and table', { approval: 'DENIED', table: ['table_0'] }],
  ['outcome and tool', { outcome: 'failed', client: ['execute_sql'] }],
  ['job', { job: 'acme-prod:job_2s' }],
  ['fingerprint', { fingerprint: (9).toString(16).padStart(64, '0') }],
  ['flag and group', { flag: ['mass-read'], group: ['everybody'] }],
  ['bytes', { minBytes: 900_000_000_000 }],
  ['bytes between, by principal', { minBytes: 5_000, maxBytes: 9_000, principal: ['person-1'] }],
  ['words', { text: 'table_3 group by birth_date' }],
  ['a rare word and a common one', { text: 't4990 select' }],
  [
    'six filters',
    {
      principal: ['person-0'],
      group: ['everybody'],
      table: ['hospital.table_0'],
      column: ['ssn'],
      decision: 'permit',
      outcome: 'released',
    },
  ],
  ['common, and never together', { decision: 'deny', outcome: 'released' }],
  ['two groups, and nobody is in both', { group: ['analysts', 'finance'] }],
  ['two groups and an agent, the same', { group: ['analysts', 'support'], client: ['ci'] }],
]
