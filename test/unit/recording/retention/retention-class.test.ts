import { expect, test } from 'vitest'

import type { RefusalEntry, RequestEntry } from '../../../../shared/recording/entry.ts'
import {
  keepMsOf,
  retentionClassOf,
} from '../../../../shared/recording/retention/retention-class.ts'
import { SAMPLE, policyOf } from '../../policy/sample-policy.ts'

const DAY = 86_400_000

const { retention } = policyOf(`${SAMPLE}
record:
  retention:
    classes:
      - { id: claims, keep: 10y, tables: acme.hospital.Claims* }
      - { id: trials, keep: 90d, tables: [acme.trials.*, acme.lab.*] }
      - { id: refused, keep: 30d, decisions: deny }
      - { id: refused-claims, keep: 12y, decisions: [deny], tables: acme.hospital.claims }
`).record

function asked(
  type: 'request' | 'refusal',
  tables: readonly string[],
  targets: readonly string[] = [],
): RequestEntry | RefusalEntry {
  const decision = { effect: 'permit', rules: [], obligations: undefined, policyDigest: '' }
  const entry: unknown = { type, id: `c~${type}`, call: 'c', at: 1, tables, targets, decision }
  return entry as RequestEntry | RefusalEntry
}

test.each([
  ['what no class names', asked('request', ['acme.hospital.patients']), 'default'],
  ['a query of no table', asked('request', []), 'default'],
  [
    'a table of a class, whatever the case',
    asked('request', ['acme.hospital.CLAIMS_2020']),
    'claims',
  ],
  ['a table that is written', asked('request', [], ['acme.hospital.claims']), 'claims'],
  ['tables that are all kept shorter', asked('request', ['acme.trials.a', 'acme.lab.b']), 'trials'],
  [
    'a table that is kept shorter, beside one that is not',
    asked('request', ['acme.trials.a', 'acme.hospital.patients']),
    'default',
  ],
  [
    'a table that is kept shorter, beside one that is kept longer',
    asked('request', ['acme.trials.a', 'acme.hospital.claims']),
    'claims',
  ],
  ['a refusal', asked('refusal', ['acme.hospital.patients']), 'refused'],
  ['a refusal without tables', asked('refusal', []), 'refused'],
  ['a refusal in several classes', asked('refusal', ['acme.trials.a']), 'trials'],
  [
    'a refusal in a class that asks for both',
    asked('refusal', ['acme.hospital.claims']),
    'refused-claims',
  ],
])('%s', (_what, entry, expected) => {
  expect(retentionClassOf(entry, undefined, retention)).toBe(expected)
})

test('all of a call is kept as long as its request', () => {
  const request = asked('request', ['acme.hospital.claims']) as RequestEntry
  const outcome = { type: 'outcome', call: 'c' } as never
  expect(retentionClassOf(outcome, request, retention)).toBe('claims')
})

test('what belongs to no call, or to one that is not known, is kept as long as anything', () => {
  const outcome = { type: 'outcome', call: 'c' } as never
  for (const entry of [outcome, { type: 'writer-opened' } as never]) {
    expect(retentionClassOf(entry, undefined, retention)).toBe('record')
    expect(keepMsOf('record', retention)).toBe(12 * 366 * DAY)
  }
})

test('what says of itself what was deleted is never deleted', () => {
  for (const type of ['sealed-batch', 'retention-deleted'])
    expect(retentionClassOf({ type } as never, undefined, retention)).toBe('log')
  expect(keepMsOf('log', retention)).toBe(Infinity)
})

test('a class that policy no longer has keeps as long as anything', () => {
  expect(keepMsOf('long-gone', retention)).toBe(12 * 366 * DAY)
  expect(keepMsOf('trials', retention)).toBe(90 * DAY)
  expect(keepMsOf('default', retention)).toBe(6 * 366 * DAY)
})
