import { expect, test } from 'vitest'

import type { CatalogColumn, CatalogTable } from '../../../shared/analysis/catalog.ts'
import { tableReference } from '../../../shared/bigquery/reference.ts'
import { evaluate } from '../../../shared/policy/evaluate.ts'
import { isGoverned, readsGoverned } from '../../../shared/policy/governed-data.ts'
import { limitsFor } from '../../../shared/policy/limits-for.ts'
import { needsEstimate, needsSchemas } from '../../../shared/policy/needs.ts'
import { readingColumns } from '../../../shared/policy/reading-columns.ts'
import { sureDenial } from '../../../shared/policy/sure-denial.ts'
import { GOVERNED, PATIENTS, STRING, selecting } from './columns.ts'
import { SAMPLE, facts, policyOf, sample, withRules } from './sample-policy.ts'

const governed = policyOf(GOVERNED)
const YES = 'query.statementType == "SELECT"'

test.each([
  [['permit', 'require-approval'], 'require-approval', ['r0', 'r1']],
  [['require-approval'], 'require-approval', ['r0']],
  [['require-approval', 'deny'], 'deny', ['r0', 'r1']],
])('%j together: %s', (effects, effect, rules) => {
  const policy = policyOf(withRules(...effects.map((one) => [one, YES] as const)))
  expect(evaluate(policy, facts())).toMatchObject({ effect, rules })
})

test('a rule that cannot be ruled out asks for approval, and opens nothing by itself', () => {
  const unknown = 'principal.claims.repository == "acme/etl"'
  const alone = policyOf(withRules(['require-approval', unknown]))
  expect(evaluate(alone, facts())).toMatchObject({ effect: 'deny', reason: 'no-matching-rule' })
  const both = policyOf(withRules(['require-approval', unknown], ['permit', YES]))
  expect(evaluate(both, facts())).toMatchObject({ effect: 'require-approval', rules: ['r0', 'r1'] })
})

test('what runs with approval runs under what the rule that asks for it lifts', () => {
  const policyTags = new Map([
    [`${PATIENTS}.dna`, ['projects/acme/locations/us/taxonomies/1/policyTags/2']],
  ])
  const touched = { ...selecting('dna', 'ssn'), policyTags }
  expect(evaluate(governed, facts({}, { groups: ['researchers'] }), touched)).toMatchObject({
    effect: 'require-approval',
    obligations: { masks: [{ path: [1] }] },
  })
})

const two = (first: string, second: string) =>
  policyOf(
    `${sample(`when: ${YES}`, `when: ${YES}\n    ${first}`)}  - id: others
    description: O.
    effect: permit
    when: ${YES}
    ${second}
`,
  )

test('the fewest rows of all rules that match are handed out', () => {
  expect(evaluate(two('maximumRows: 10', 'maximumRows: 5'), facts())).toMatchObject({
    obligations: { maximumRows: 5 },
  })
  expect(evaluate(two('maximumRows: 10', 'maximumBytesBilled: 5'), facts())).toMatchObject({
    obligations: { maximumRows: 10, maximumBytesBilled: 5 },
  })
})

test('a justification that one rule asks for is asked for', () => {
  const policy = two('justification: required', 'maximumRows: 5')
  for (const justification of ['', ' \n'])
    expect(evaluate(policy, facts({ justification }))).toMatchObject({
      effect: 'deny',
      reason: 'justification-missing',
      rules: ['others', 'readers'],
    })
  expect(evaluate(policy, facts({ justification: 'ticket 7' })).effect).toBe('permit')
})

test('conditions see columns, tags and what filters look at', () => {
  const policy = policyOf(
    GOVERNED.replace(
      /rules:\n[\s\S]*/,
      `rules:
  - id: columns
    description: C.
    effect: permit
    when: query.columns.all(c, c.glob("acme.hospital.*"))
  - { id: health, description: H., effect: deny, when: '"health" in query.tags' }
  - { id: filters, description: F., effect: deny, when: 'query.filterColumns.exists(c, c.glob("*.NAME"))' }
`,
    ),
  )
  expect(evaluate(policy, facts(), selecting('ssn', 'name')).rules).toEqual(['columns'])
  expect(evaluate(policy, facts(), selecting('diagnosis')).rules).toEqual(['columns', 'health'])
  const { lineage, ...rest } = selecting('name')
  const using = (use: 'filter' | 'failure') =>
    evaluate(policy, facts(), {
      ...rest,
      lineage: { ...lineage, uses: [{ column: `${PATIENTS}.name`, use }] },
    })
  expect(using('filter').rules).toEqual(['columns', 'filters'])
  expect(using('failure').rules).toEqual(['columns'])
})

const tables = 'query.tables.all(t, t.glob("acme.*"))'
const routines = `${tables} && query.routines.all(r, r.glob("acme.hospital.*"))`

test.each([
  ['a rule of tables', [['permit', tables]], ['acme.hospital.f'], 'no-matching-rule'],
  ['a rule of routines', [['permit', routines]], ['acme.hospital.f'], 'permit'],
  [
    'another routine',
    [['permit', routines]],
    ['acme.hospital.f', 'acme.lab.f'],
    'no-matching-rule',
  ],
  [
    'a project without connection',
    [['permit', 'query.routines != []']],
    ['x.y.z'],
    'no-connection',
  ],
  ['approval of tables', [['require-approval', tables]], ['acme.hospital.f'], 'no-matching-rule'],
  [
    'approval, and a rule of routines',
    [
      ['require-approval', tables],
      ['permit', routines],
    ],
    ['acme.hospital.f'],
    'require-approval',
  ],
  [
    'a denial of tables',
    [
      ['deny', tables],
      ['permit', routines],
    ],
    ['acme.hospital.f'],
    'denied-by-rule',
  ],
] as const)('what a routine reads is in no list of tables: %s', (_, rules, names, expected) => {
  const policy = policyOf(withRules(...rules))
  const { lineage, ...rest } = selecting('name')
  const traced = { ...rest, lineage: { ...lineage, routines: names } }
  for (const decision of [
    evaluate(policy, facts(), traced),
    evaluate(policy, facts({ routines: names }), selecting('name')),
  ])
    expect(decision.effect === 'deny' ? decision.reason : decision.effect).toBe(expected)
})

test('a condition on an estimate holds only where there is one', () => {
  const policy = policyOf(
    withRules(['permit', YES], ['deny', 'query.estimatedBytes > 10 * 1024 * 1024']),
  )
  const effect = (estimatedBytes: number | undefined) =>
    evaluate(policy, facts({ estimatedBytes })).effect
  expect([effect(0), effect(10485760), effect(10485761), effect(undefined)]).toEqual([
    'permit',
    'permit',
    'deny',
    'deny',
  ])
})

test.each([
  ['the sample', SAMPLE, false, false],
  ['data', GOVERNED, true, false],
  ['policy tags', sample('rules:', 'policyTags: {}\nrules:'), true, false],
  ['columns', withRules(['deny', 'query.columns.size() > 5']), true, false],
  ['filters', withRules(['deny', '!(size(query.filterColumns) == 0)']), true, false],
  ['tags', withRules(['permit', 'query.tags.all(t, t == "a")']), true, false],
  ['routines', withRules(['permit', 'query.routines == []']), true, false],
  ['bytes', withRules(['permit', 'true ? query.estimatedBytes < 5 : false']), false, true],
])('%s: whether schemas and estimates are asked for', (_, text, schemas, estimate) => {
  const policy = policyOf(text)
  expect([needsSchemas(policy), needsEstimate(policy)]).toEqual([schemas, estimate])
})

test.each([
  ['nothing matches', [['permit', 'query.dryRun']], 'no-matching-rule'],
  [
    'a deny matches',
    [
      ['permit', YES],
      ['deny', YES],
    ],
    'denied-by-rule',
  ],
  ['columns may permit', [['permit', '"a" == query.columns[0]']], undefined],
  [
    'columns may deny',
    [
      ['permit', YES],
      ['deny', 'size(query.tags) == 0'],
    ],
    undefined,
  ],
  [
    'bytes may deny',
    [
      ['permit', YES],
      ['deny', 'query.estimatedBytes > 0'],
    ],
    undefined,
  ],
  [
    'whatever the columns',
    [
      ['permit', 'query.columns == []'],
      ['deny', YES],
    ],
    'denied-by-rule',
  ],
] as const)('before columns are known: %s', (_, rules, reason) => {
  const denial = sureDenial(policyOf(withRules(...rules)), facts())
  expect(denial?.reason).toBe(reason)
  expect(denial?.rules ?? []).toEqual(
    reason === 'denied-by-rule'
      ? [`r${rules.length - 1}`, ...(rules[0][1] === YES ? ['r0'] : [])].toSorted()
      : [],
  )
})

test('once columns are known, only the estimate is still open', () => {
  const policy = policyOf(
    `${GOVERNED}  - { id: large, description: L., effect: permit, when: query.estimatedBytes > 5 }\n`,
  )
  const stranger = facts({}, { groups: [] })
  expect(sureDenial(policy, stranger, selecting('ssn'))).toBeUndefined()
  expect(sureDenial(governed, stranger, selecting('ssn'))?.reason).toBe('no-matching-rule')
  const { lineage, ...rest } = selecting('ssn')
  const uses = [{ column: `${PATIENTS}.ssn`, use: 'filter' as const }]
  const filtering = { ...rest, lineage: { ...lineage, uses } }
  expect(sureDenial(policy, stranger, filtering)).toMatchObject({ reason: 'oracle', rules: [] })
})

test('of limits for somebody the strictest of each kind counts, and groups count as such', () => {
  const policy = policyOf(
    sample(
      'rules:',
      `limits:
  everybody: { queriesPerMinute: 100, concurrentJobs: 5 }
  groups:
    agents:
      each: { queriesPerMinute: 10, governedRowsPerDay: 1000 }
      together: { bytesPerDay: 1 TiB }
    analysts: { each: { queriesPerMinute: 50 } }
rules:`,
    ),
  )
  const of = (...groups: readonly string[]) =>
    limitsFor(policy, { issuer: 'https://i', subject: 's', groups }).map(
      ({ meter, subject, most }) => `${subject}: ${most} ${meter}`,
    )
  expect(of()).toEqual(['https://i s: 100 queries-per-minute', 'https://i s: 5 concurrent-jobs'])
  expect(of('analysts', 'agents', 'others')).toEqual([
    'https://i s: 10 queries-per-minute',
    'https://i s: 1000 governed-rows-per-day',
    'https://i s: 5 concurrent-jobs',
    'group agents: 1099511627776 bytes-per-day',
  ])
  expect(limitsFor(governed, { issuer: 'https://i', subject: 's', groups: ['agents'] })).toEqual([])
})

const column = (name: string, rest: Partial<CatalogColumn> = {}): CatalogColumn => ({
  name,
  type: STRING,
  policyTags: [],
  fields: [],
  ...rest,
})

function table(name: string, ...columns: readonly CatalogColumn[]): CatalogTable {
  const reference = tableReference('acme', 'hospital', name)
  if (reference === undefined) throw new Error('no table')
  return { reference, type: 'TABLE', etag: '', columns, pseudoColumns: [], view: undefined }
}

test('rows that are read without SQL are masked like those of a SELECT', () => {
  const visits = column('visits', {
    type: {
      kind: 'ARRAY',
      element: {
        kind: 'STRUCT',
        fields: ['code', 'notes'].map((name) => ({ name, type: STRING })),
      },
    },
    fields: [column('code'), column('notes')],
  })
  const dna = column('dna', { policyTags: ['projects/acme/policyTags/x'] })
  const touched = readingColumns(table('patients', column('SSN'), column('name'), visits, dna), [])
  expect(evaluate(governed, facts(), touched)).toMatchObject({
    obligations: {
      masks: [
        { path: [0], name: 'SSN', columns: [`${PATIENTS}.SSN`] },
        { path: [2, 1], name: 'visits.notes' },
        { path: [3], name: 'dna', mask: { expression: 'DEFAULT_MASKING_VALUE' } },
      ],
      governed: true,
    },
  })
  expect(readsGoverned(governed, touched)).toBe(true)
  expect(readsGoverned(governed, selecting('name'))).toBe(false)
})

test('a table is governed when one of its columns is, for whatever reason', () => {
  expect(isGoverned(governed, table('claims', column('id')), [])).toBe(false)
  expect(isGoverned(governed, table('claims', column('id'), column('ssn')), [])).toBe(true)
  expect(isGoverned(governed, table('STAFF', column('id')), [])).toBe(true)
  const tag = { column: 'acme.hospital.claims.ID', sources: [`${PATIENTS}.ssn`], isCopy: true }
  expect(isGoverned(governed, table('claims', column('id')), [tag])).toBe(true)
})
