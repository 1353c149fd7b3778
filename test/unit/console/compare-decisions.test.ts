import { expect, test } from 'vitest'

import { compareDecisions } from '../../../shared/console/what-if/compare-decisions.ts'
import type { Decision } from '../../../shared/policy/decision.ts'
import type { Mask, MaskingExpression } from '../../../shared/policy/mask.ts'

const denied: Decision = {
  effect: 'deny',
  rules: [],
  reason: 'no-matching-rule',
  policyDigest: 'a',
}
const permit = (...masks: readonly (readonly [readonly number[], Mask])[]) =>
  ({
    effect: 'permit',
    rules: ['reads'],
    obligations: {
      maximumBytesBilled: undefined,
      jobTimeoutMs: undefined,
      maximumRows: undefined,
      masks: masks.map(([path, mask]) => ({ path, name: 'ssn', mask, columns: ['a.b.c.ssn'] })),
      governed: masks.length > 0,
    },
    policyDigest: 'a',
  }) satisfies Decision
const held = (approvals: readonly string[], by = permit()): Decision => ({
  ...by,
  effect: 'require-approval',
  approvals,
})
const as = (expression: MaskingExpression): Mask => ({ kind: 'expression', expression })
const ssn = as('LAST_FOUR_CHARACTERS')
const hash = as('SHA256')

test.each<[string, Decision, Decision, string]>([
  ['permitted twice', permit(), permit(), 'same'],
  ['denied twice, for other reasons', denied, { ...denied, reason: 'oracle' }, 'same'],
  ['permitted, then denied', permit(), denied, 'newly-denied'],
  ['held, then denied', held(['office']), denied, 'newly-denied'],
  ['permitted, then held', permit(), held(['office']), 'newly-held'],
  ['denied, then held: people still decide', denied, held(['office']), 'newly-held'],
  ['held, then by more', held(['office']), held(['office', 'ward']), 'newly-held'],
  ['held, then by fewer', held(['office', 'ward']), held(['office']), 'let-out'],
  ['held, then by others', held(['office']), held(['ward']), 'let-out'],
  ['held, then permitted', held(['office']), permit(), 'let-out'],
  ['denied, then permitted', denied, permit([[0], ssn]), 'let-out'],
  ['masked, as before', permit([[0], ssn]), permit([[0], ssn]), 'same'],
  ['a mask more', permit([[0], ssn]), permit([[0], ssn], [[1], hash]), 'newly-masked'],
  ['a mask fewer', permit([[0], ssn], [[1], hash]), permit([[0], ssn]), 'let-out'],
  ['a stricter mask', permit([[0], ssn]), permit([[0], as('ALWAYS_NULL')]), 'newly-masked'],
  ['a weaker mask', permit([[0], as('ALWAYS_NULL')]), permit([[0], ssn]), 'let-out'],
  ['a mask that shows something else', permit([[0], ssn]), permit([[0], hash]), 'let-out'],
  ['the same mask elsewhere', permit([[0], ssn]), permit([[1], ssn]), 'let-out'],
  ['one field more of a STRUCT', permit([[0, 1], ssn]), permit([[0], ssn]), 'newly-masked'],
  ['only a field of a STRUCT', permit([[0], ssn]), permit([[0, 1], ssn]), 'let-out'],
  ['masked, then held in clear', permit([[0], ssn]), held(['office']), 'let-out'],
  ['in clear, then held under masks', permit(), held(['office'], permit([[0], ssn])), 'newly-held'],
  ['held, then held under masks', held(['a']), held(['a'], permit([[0], ssn])), 'newly-masked'],
])('%s: %#', (_, before, after, change) => expect(compareDecisions(before, after)).toBe(change))
