import { expect, test } from 'vitest'

import type { Flow, WrittenColumn } from '../../../shared/analysis/lineage.ts'
import type { SqlType } from '../../../shared/bigquery/sql-type.ts'
import type { DerivedTag } from '../../../shared/policy/derived-tags.ts'
import { evaluate } from '../../../shared/policy/evaluate.ts'
import { derivedTagsOf } from '../../../shared/policy/governed-data.ts'
import { GOVERNED, PATIENTS, STRING, flow, touching } from './columns.ts'
import { facts, policyOf } from './sample-policy.ts'

const policy = policyOf(GOVERNED)

const write = (
  target: string,
  sources: Readonly<Record<string, Flow>>,
  type: SqlType = STRING,
): WrittenColumn => ({ target, type, flow: flow(sources) })

function decide(
  written: WrittenColumn,
  statementType = 'INSERT',
  derived: readonly DerivedTag[] = [],
  groups: readonly string[] = ['analysts'],
) {
  const touched = touching({ writes: [written], derived })
  const decision = evaluate(policy, facts({ statementType }, { groups }), touched)
  return decision.effect === 'deny' ? [decision.reason, decision.uses] : decision.effect
}

const OTHER = 'acme.hospital.letters'
const denied = (...columns: readonly string[]) => [
  'unmasked-target',
  columns.map((column) => ({ column: `${PATIENTS}.${column}`, use: 'write' })),
]

test.each<readonly [string, string, Readonly<Record<string, Flow>>, unknown]>([
  ['what is not masked', `${OTHER}.name`, { name: 'copy', diagnosis: 'copy' }, 'permit'],
  ['a masked column elsewhere', `${OTHER}.text`, { ssn: 'copy' }, denied('ssn')],
  ['computed', `${OTHER}.text`, { ssn: 'derived' }, denied('ssn')],
  ['chosen by it', `${OTHER}.text`, { ssn: 'implicit' }, denied('ssn')],
  ['counted', `${OTHER}.n`, { ssn: 'count:COUNT' }, denied('ssn')],
  ['where the same mask is', `${OTHER}.ssn`, { ssn: 'copy' }, 'permit'],
  ['where the mask shows a part of it', `${OTHER}.ssn`, { ssn: 'derived' }, denied('ssn')],
  ['under another mask', `${OTHER}.ssn`, { phone: 'copy' }, denied('phone')],
  ['under a mask others have lifted', 'acme.hospital.staff.x', { ssn: 'copy' }, denied('ssn')],
  ['where NULL stands for it', `${PATIENTS}.address.city`, { 'address.zip': 'copy' }, 'permit'],
  ['under less than NULL', `${OTHER}.ssn`, { address: 'copy' }, denied('address')],
])('%s into %s: %j', (_, target, sources, expected) => {
  expect(decide(write(target, sources))).toEqual(expected)
})

test('who sees a column may not write it for all to see either', () => {
  const written = write(`${OTHER}.text`, { ssn: 'copy' })
  expect(decide(written, 'MERGE', [], ['clinicians'])).toEqual(denied('ssn'))
})

test('a target that carries the mask already takes it', () => {
  const written = write('acme.lab.new.x', { ssn: 'copy' })
  const tag = { column: 'acme.lab.new.x', sources: [`${PATIENTS}.ssn`], isCopy: true }
  expect(decide(written, 'INSERT', [tag])).toBe('permit')
  expect(decide(write('acme.lab.new.x', { ssn: 'derived' }), 'INSERT', [tag])).toEqual(
    denied('ssn'),
  )
  expect(decide(written, 'INSERT', [{ ...tag, isCopy: false }])).toBe('permit')
})

test.each(['CREATE_TABLE_AS_SELECT', 'CREATE_VIEW'])(
  '%s makes a target of its own',
  (statement) => {
    expect(decide(write('acme.lab.new.x', { ssn: 'copy' }), statement)).toBe('permit')
  },
)

function tagsOf(
  writes: readonly WrittenColumn[],
  rest: Partial<Parameters<typeof touching>[0]> = {},
) {
  return derivedTagsOf(policy, touching({ writes, ...rest }))
}

test('masks go with the data: what was written from what', () => {
  expect(
    tagsOf([
      write('acme.lab.new.b', { ssn: 'copy', phone: 'copy', name: 'derived' }),
      write('acme.lab.new.a', { ssn: 'derived' }),
      write('acme.lab.new.c', { name: 'copy' }),
      write('acme.lab.new.d', { ssn: 'count:COUNT' }),
      write('acme.lab.new.e', { diagnosis: 'copy' }),
    ]),
  ).toEqual([
    { column: 'acme.lab.new.a', sources: [`${PATIENTS}.ssn`], isCopy: false },
    { column: 'acme.lab.new.b', sources: [`${PATIENTS}.phone`, `${PATIENTS}.ssn`], isCopy: true },
    { column: 'acme.lab.new.d', sources: [`${PATIENTS}.ssn`], isCopy: false },
    { column: 'acme.lab.new.e', sources: [`${PATIENTS}.diagnosis`], isCopy: true },
  ])
})

test('a copy of a copy is traced to what policy knows', () => {
  const derived = [{ column: `${PATIENTS}.alias`, sources: [`${PATIENTS}.ssn`], isCopy: false }]
  const genome = 'projects/acme/locations/us/taxonomies/1/policyTags/2'
  const policyTags = new Map([[`${PATIENTS}.dna`, [genome]]])
  expect(
    tagsOf([write('acme.lab.x.a', { alias: 'copy' }), write('acme.lab.x.b', { dna: 'copy' })], {
      derived,
      policyTags,
    }),
  ).toEqual([
    { column: 'acme.lab.x.a', sources: [`${PATIENTS}.ssn`], isCopy: false },
    { column: 'acme.lab.x.b', sources: [genome], isCopy: true },
  ])
})

test('fields of what is written have tags of their own', () => {
  const type: SqlType = {
    kind: 'ARRAY',
    element: { kind: 'STRUCT', fields: ['a', 'b'].map((name) => ({ name, type: STRING })) },
  }
  const fields = [flow({ name: 'copy' }), flow({ ssn: 'copy' })]
  const tree = { sources: new Map(), element: { sources: new Map(), fields } }
  expect(tagsOf([{ target: 'acme.lab.x.list', type, flow: tree }])).toEqual([
    { column: 'acme.lab.x.list.b', sources: [`${PATIENTS}.ssn`], isCopy: true },
  ])
  expect(() => tagsOf([{ target: 'acme.lab.x.list', type: STRING, flow: tree }])).toThrow(
    'not shaped like its type',
  )
})
