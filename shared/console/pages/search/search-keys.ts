import type { CallFilter } from '../../views/call-filter.ts'

/** Something calls are searched by, as people write it. */
export interface SearchKey {
  /** Before the colon. */
  readonly key: string
  readonly filter: keyof CallFilter
  readonly label: string
  readonly hint: string
  /** May be given several times: each value has to hold. */
  readonly isList?: true
  readonly kind?: 'time' | 'bytes' | 'decision'
  /** Part of the form in which it is. */
  readonly part: SearchPart
}

export type SearchPart = 'Who' | 'What' | 'Decision' | 'Result'

/** All there are: one for each filter of the API but the words. */
export const searchKeys: readonly SearchKey[] = [
  {
    key: 'principal',
    filter: 'principal',
    label: 'Principal',
    hint: 'ana@acme.example',
    isList: true,
    part: 'Who',
  },
  { key: 'group', filter: 'group', label: 'Group', hint: 'analysts', isList: true, part: 'Who' },
  {
    key: 'client',
    filter: 'client',
    label: 'Agent or client',
    hint: 'bigquery-mcp',
    isList: true,
    part: 'Who',
  },
  { key: 'claim', filter: 'claim', label: 'Claim', hint: 'run_id=8814', isList: true, part: 'Who' },
  { key: 'session', filter: 'session', label: 'Session', hint: 'its id', part: 'Who' },
  {
    key: 'table',
    filter: 'table',
    label: 'Table',
    hint: 'hospital.patients',
    isList: true,
    part: 'What',
  },
  {
    key: 'column',
    filter: 'column',
    label: 'Column read',
    hint: 'patients.ssn',
    isList: true,
    part: 'What',
  },
  {
    key: 'masked',
    filter: 'maskedColumn',
    label: 'Column masked',
    hint: 'patients.ssn',
    isList: true,
    part: 'What',
  },
  {
    key: 'filtered',
    filter: 'filterColumn',
    label: 'Column filtered on',
    hint: 'patients.birth_date',
    isList: true,
    part: 'What',
  },
  { key: 'tag', filter: 'tag', label: 'Tag', hint: 'phi', isList: true, part: 'What' },
  { key: 'type', filter: 'statementType', label: 'Statement', hint: 'SELECT', part: 'What' },
  {
    key: 'fingerprint',
    filter: 'fingerprint',
    label: 'Fingerprint',
    hint: 'of queries alike',
    part: 'What',
  },
  {
    key: 'decision',
    filter: 'decision',
    label: 'Decision',
    hint: 'deny',
    kind: 'decision',
    part: 'Decision',
  },
  {
    key: 'rule',
    filter: 'rule',
    label: 'Rule',
    hint: 'analysts-read',
    isList: true,
    part: 'Decision',
  },
  { key: 'problem', filter: 'problem', label: 'Refused for', hint: 'denied', part: 'Decision' },
  {
    key: 'approver',
    filter: 'approver',
    label: 'Approved by',
    hint: 'petra@acme.example',
    isList: true,
    part: 'Decision',
  },
  { key: 'approval', filter: 'approval', label: 'Approval', hint: 'DENIED', part: 'Decision' },
  { key: 'flag', filter: 'flag', label: 'Flag', hint: 'mass-read', isList: true, part: 'Decision' },
  { key: 'outcome', filter: 'outcome', label: 'Outcome', hint: 'released', part: 'Result' },
  { key: 'job', filter: 'job', label: 'BigQuery job', hint: 'its id', part: 'Result' },
  { key: 'replay', filter: 'replayOf', label: 'Replay of', hint: 'a call', part: 'Result' },
  {
    key: 'min',
    filter: 'minBytes',
    label: 'At least',
    hint: '100MiB',
    kind: 'bytes',
    part: 'Result',
  },
  {
    key: 'max',
    filter: 'maxBytes',
    label: 'At most',
    hint: '10GiB',
    kind: 'bytes',
    part: 'Result',
  },
  { key: 'after', filter: 'from', label: 'From', hint: '2026-07-01', kind: 'time', part: 'Result' },
  {
    key: 'before',
    filter: 'to',
    label: 'Before',
    hint: '2026-10-01',
    kind: 'time',
    part: 'Result',
  },
]

/** By what people write. */
export function keyNamed(key: string): SearchKey | undefined {
  const lower = key.toLowerCase()
  return searchKeys.find((each) => each.key === lower || each.filter.toLowerCase() === lower)
}

/** By the API's name of the filter. */
export function keyOfFilter(filter: string): SearchKey | undefined {
  return searchKeys.find((each) => each.filter === filter)
}
