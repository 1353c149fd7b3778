import { expect, test } from 'vitest'

import { columnUses } from '../../../shared/analysis/lineage.ts'
import { evaluate } from '../../../shared/policy/evaluate.ts'
import { GOVERNED, PATIENTS, flow, output, touching } from './columns.ts'
import { facts, policyOf } from './sample-policy.ts'

const policy = policyOf(GOVERNED)

function decide(group: string, ...columns: readonly string[]) {
  const uses = columns.map((column) => ({ column, use: 'filter' as const }))
  const { effect, ...rest } = evaluate(policy, facts({}, { groups: [group] }), touching({ uses }))
  return [effect, 'reason' in rest ? rest.reason : undefined]
}

test.each([
  ['what is not masked', 'analysts', [`${PATIENTS}.name`, `${PATIENTS}.diagnosis`], 'permit'],
  ['a masked column', 'analysts', [`${PATIENTS}.ssn`], 'deny'],
  ['a masked column, in other case', 'analysts', [`${PATIENTS}.SSN`], 'deny'],
  ['a field of one', 'analysts', [`${PATIENTS}.address.city`], 'permit'],
  ['one whose tag allows it', 'analysts', [`${PATIENTS}.address`], 'permit'],
  ['one that needs approval', 'analysts', ['acme.hospital.staff.name'], 'require-approval'],
  ['one each', 'analysts', ['acme.hospital.staff.name', `${PATIENTS}.address`], 'require-approval'],
  ['the strictest counts', 'analysts', ['acme.hospital.staff.name', `${PATIENTS}.phone`], 'deny'],
  ['the strictest of a column', 'analysts', ['acme.hospital.staff.ssn'], 'deny'],
  ['for whom the mask is lifted', 'clinicians', [`${PATIENTS}.ssn`], 'permit'],
  ['for whom one of two is lifted', 'clinicians', [`${PATIENTS}.phone`], 'deny'],
])('%s: %s filter by %j: %s', (_, group, columns, effect) => {
  expect(decide(group, ...columns)).toEqual([effect, effect === 'deny' ? 'oracle' : undefined])
})

test.each(columnUses)('a masked column may not decide by %s', (use) => {
  const uses = [
    { column: `${PATIENTS}.name`, use },
    { column: `${PATIENTS}.ssn`, use, by: 'CAST' },
  ]
  expect(evaluate(policy, facts(), touching({ uses }))).toEqual({
    effect: 'deny',
    rules: ['analysts'],
    reason: 'oracle',
    uses: [{ column: `${PATIENTS}.ssn`, use, by: 'CAST' }],
    policyDigest: policy.digest,
  })
})

test('what is allowed to decide still makes a query one of masked data', () => {
  const uses = [{ column: `${PATIENTS}.address`, use: 'join' as const }]
  const outputs = [output('name', flow({ name: 'copy' }))]
  expect(evaluate(policy, facts(), touching({ uses, outputs }))).toMatchObject({
    effect: 'permit',
    obligations: { masks: [], governed: true },
  })
})

test('denied is denied, whatever rules would ask for', () => {
  const uses = [{ column: `${PATIENTS}.ssn`, use: 'order' as const }]
  expect(
    evaluate(policy, facts({}, { groups: ['researchers'] }), touching({ uses })),
  ).toMatchObject({ effect: 'deny', reason: 'oracle' })
})
