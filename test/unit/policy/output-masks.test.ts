import { expect, test } from 'vitest'

import type { Flow } from '../../../shared/analysis/lineage.ts'
import type { SqlType } from '../../../shared/bigquery/sql-type.ts'
import { evaluate } from '../../../shared/policy/evaluate.ts'
import type { TouchedColumns } from '../../../shared/policy/governed-columns.ts'
import type { Mask } from '../../../shared/policy/mask.ts'
import { GOVERNED, PATIENTS, STRING, flow, output, selecting, touching } from './columns.ts'
import { facts, policyOf } from './sample-policy.ts'

const policy = policyOf(GOVERNED)

function masksOf(touched: TouchedColumns, ...groups: readonly string[]): readonly string[] {
  const decision = evaluate(policy, facts({}, { groups }), touched)
  if (decision.effect === 'deny') throw new Error(`denied: ${decision.reason}`)
  return decision.obligations.masks.map(
    ({ path, name, mask }) => `${path.join('.')} ${name}: ${written(mask)}`,
  )
}

function written(mask: Mask): string {
  switch (mask.kind) {
    case 'expression':
      return mask.expression
    case 'detect':
      return mask.infoTypes.join()
    case 'small-count':
      return `<${mask.below}`
  }
}

const one = (sources: Readonly<Record<string, Flow>>, type?: SqlType): TouchedColumns =>
  touching({ outputs: [output('x', flow(sources), type)] })

test.each<readonly [string, Readonly<Record<string, Flow>>, string | undefined]>([
  ['nothing governed', { name: 'copy', id: 'derived' }, undefined],
  ['tags without a mask', { diagnosis: 'copy' }, undefined],
  ['a copy', { ssn: 'copy' }, 'LAST_FOUR_CHARACTERS'],
  ['a copy in other case', { SSN: 'copy' }, 'LAST_FOUR_CHARACTERS'],
  ['a copy among what is not governed', { ssn: 'copy', name: 'derived' }, 'LAST_FOUR_CHARACTERS'],
  ['a pattern', { work_Email2: 'copy' }, 'SHA256'],
  ['two copies of one mask', { phone: 'copy', email: 'copy' }, 'SHA256'],
  ['two copies of two masks', { phone: 'copy', ssn: 'copy' }, 'DEFAULT_MASKING_VALUE'],
  ['copies, one of them NULL', { phone: 'copy', address: 'copy' }, 'ALWAYS_NULL'],
  ['computed', { ssn: 'derived' }, 'DEFAULT_MASKING_VALUE'],
  ['computed, NULL before', { address: 'derived' }, 'ALWAYS_NULL'],
  ['chosen', { ssn: 'implicit' }, 'DEFAULT_MASKING_VALUE'],
  ['copied, and chosen by another', { ssn: 'copy', phone: 'implicit' }, 'DEFAULT_MASKING_VALUE'],
  ['a field of a governed column', { 'address.city': 'copy' }, 'ALWAYS_NULL'],
  ['a governed field', { 'visits.notes': 'copy' }, 'EMAIL_ADDRESS'],
  ['a governed field, computed', { 'visits.notes': 'derived' }, 'DEFAULT_MASKING_VALUE'],
  ['what is around a governed field', { visits: 'copy' }, undefined],
  ['another field', { 'visits.code': 'copy' }, undefined],
  ['a name that only ends alike', { my_ssn: 'copy' }, undefined],
  ['a count', { ssn: 'count:COUNT' }, '<10'],
  ['two counts', { ssn: 'count:COUNT', phone: 'count:APPROX_COUNT_DISTINCT' }, '<10'],
  ['another function', { ssn: 'count:MAX' }, 'DEFAULT_MASKING_VALUE'],
  ['a count and a copy', { ssn: 'count:COUNT', phone: 'copy' }, 'DEFAULT_MASKING_VALUE'],
])('%s: %j → %s', (_, sources, mask) => {
  expect(masksOf(one(sources), 'analysts')).toEqual(mask === undefined ? [] : [`0 x: ${mask}`])
})

const STRUCT: SqlType = {
  kind: 'STRUCT',
  fields: [
    { name: 'a', type: STRING },
    { name: '', type: STRING },
  ],
}

test('fields of a STRUCT are masked one by one, and in arrays of it', () => {
  const fields = [flow({ name: 'copy' }), flow({ ssn: 'copy' })]
  const touched = touching({
    outputs: [
      output('', { sources: new Map(), fields }, STRUCT),
      output(
        'list',
        { sources: new Map(), element: { sources: new Map(), fields } },
        { kind: 'ARRAY', element: STRUCT },
      ),
    ],
  })
  expect(masksOf(touched, 'analysts')).toEqual([
    '0.1 f0_._field_2: LAST_FOUR_CHARACTERS',
    '1.1 list._field_2: LAST_FOUR_CHARACTERS',
  ])
})

test.each<readonly [string, SqlType]>([
  ['an array', { kind: 'ARRAY', element: STRING }],
  ['a STRUCT', STRUCT],
  ['a range', { kind: 'RANGE', element: { kind: 'DATE' } }],
])('%s that is governed as such is masked whole, by a constant', (_, type) => {
  expect(masksOf(one({ ssn: 'copy' }, type), 'analysts')).toEqual(['0 x: DEFAULT_MASKING_VALUE'])
})

test('an array of governed values is masked whole, by a constant', () => {
  const array: SqlType = { kind: 'ARRAY', element: STRING }
  const tree = { sources: new Map(), element: flow({ ssn: 'copy' }) }
  expect(masksOf(touching({ outputs: [output('x', tree, array)] }), 'analysts')).toEqual([
    '0 x: DEFAULT_MASKING_VALUE',
  ])
})

test('a flow that is not shaped like its type is a bug, and nobody gets the value', () => {
  const tree = { sources: new Map(), fields: [flow({ ssn: 'copy' })] }
  for (const type of [STRING, STRUCT])
    expect(() => masksOf(touching({ outputs: [output('x', tree, type)] }), 'analysts')).toThrow(
      'not shaped like its type',
    )
})

test.each([
  [['analysts'], ['LAST_FOUR_CHARACTERS', 'SHA256']],
  [['clinicians'], ['SHA256']],
  [['analysts', 'clinicians'], ['SHA256']],
  [['callers'], ['LAST_FOUR_CHARACTERS', 'SHA256']],
  [['clinicians', 'callers'], []],
  [['analysts', 'callers', 'clinicians'], []],
])('%j see an identifier and a contact under %j', (groups, masks) => {
  const seen = masksOf(selecting('ssn', 'email'), ...groups)
  expect(seen.map((line) => line.split(': ')[1])).toEqual(masks)
})

test('masks say which columns they hide, and whether any has part in it', () => {
  const touched = touching({
    outputs: [output('x', flow({ phone: 'copy', ssn: 'derived', name: 'copy' }))],
  })
  expect(evaluate(policy, facts(), touched)).toMatchObject({
    obligations: {
      masks: [{ columns: [`${PATIENTS}.phone`, `${PATIENTS}.ssn`] }],
      governed: true,
    },
  })
  expect(evaluate(policy, facts(), selecting('name', 'diagnosis'))).toMatchObject({
    obligations: { masks: [], governed: false },
  })
})

const tag = (name: string): TouchedColumns => ({
  ...selecting('dna'),
  policyTags: new Map([[`${PATIENTS}.DNA`, [`projects/acme/${name}`]]]),
})

test('policy tags of BigQuery mask, and those policy does not know all the more', () => {
  expect(masksOf(tag('locations/us/taxonomies/1/policyTags/2'), 'analysts')).toEqual([
    '0 dna: ALWAYS_NULL',
  ])
  expect(masksOf(tag('locations/us/taxonomies/1/policyTags/3'), 'analysts')).toEqual([
    '0 dna: DEFAULT_MASKING_VALUE',
  ])
  const ignoring = policyOf(
    GOVERNED.replace(/policyTags:\n.*\n/, '').replace('[genome]', '[staff]'),
  )
  expect(evaluate(ignoring, facts(), tag('x'))).toMatchObject({ obligations: { masks: [] } })
})

const derived = (isCopy: boolean, ...sources: readonly string[]): TouchedColumns => ({
  ...touching({ outputs: [output('x', flow({ 'a.b': 'copy' }, 'acme.lab.new'))] }),
  derived: [{ column: 'acme.lab.NEW.a', sources, isCopy }],
})

test('what was written from masked columns is masked like them', () => {
  expect(masksOf(derived(true, `${PATIENTS}.ssn`), 'analysts')).toEqual([
    '0 x: LAST_FOUR_CHARACTERS',
  ])
  expect(masksOf(derived(false, `${PATIENTS}.ssn`), 'analysts')).toEqual([
    '0 x: DEFAULT_MASKING_VALUE',
  ])
  expect(masksOf(derived(false, `${PATIENTS}.ssn`), 'clinicians')).toEqual([])
  const genome = 'projects/acme/locations/us/taxonomies/1/policyTags/2'
  expect(masksOf(derived(true, genome), 'analysts')).toEqual(['0 x: ALWAYS_NULL'])
})

test('tags that come later are seen, although the lineage is one that is known', () => {
  const touched = touching({ outputs: [output('x', flow({ a: 'copy' }, 'acme.lab.new'))] })
  expect(masksOf(touched, 'analysts')).toEqual([])
  const tags = [{ column: 'acme.lab.new.a', sources: [`${PATIENTS}.ssn`], isCopy: true }]
  expect(masksOf({ ...touched, derived: tags }, 'analysts')).toEqual(['0 x: LAST_FOUR_CHARACTERS'])
  expect(masksOf(touched, 'analysts')).toEqual([])
})

test('without lineage there is no decision on data, only one by names', () => {
  expect(() => evaluate(policy, facts())).toThrow('without their lineage')
})
