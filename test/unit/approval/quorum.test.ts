import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { isMet } from '../../../shared/approval/quorum.ts'
import type { ApprovalTerms } from '../../../shared/policy/approval-terms.ts'
import { MINUTE, sampleTerms } from '../../support/sample-grant.ts'

function terms(
  of: 'all' | 'any',
  groups: Readonly<Record<string, number>>,
  quorum = 1,
): ApprovalTerms {
  return sampleTerms({
    approvers: {
      of,
      groups: Object.entries(groups).map(([group, votes]) => ({ group, votes })),
    },
    quorum,
    escalation: { afterMs: MINUTE, group: 'duty', slackChannel: undefined },
  })
}

const people = (...groups: readonly string[]) =>
  groups.map((names) => ({ groups: names.split(' ').filter((name) => name !== '') }))

test.each<[string, ApprovalTerms, readonly string[], boolean]>([
  ['nobody', terms('any', { a: 1 }), [], false],
  ['one of one', terms('any', { a: 1 }), ['a'], true],
  ['somebody else', terms('any', { a: 1 }), ['b'], false],
  ['one of two groups', terms('any', { a: 1, b: 1 }), ['b'], true],
  ['two of one group', terms('any', { a: 2, b: 2 }), ['a', 'a'], true],
  ['one of each is not two of one', terms('any', { a: 2, b: 2 }), ['a', 'b'], false],
  ['one person in both is not two', terms('any', { a: 2, b: 2 }), ['a b'], false],
  ['all of two', terms('all', { a: 1, b: 1 }), ['a', 'b'], true],
  ['all, one missing', terms('all', { a: 1, b: 1 }), ['a', 'a'], false],
  [
    'one person in three groups fills one place',
    terms('all', { a: 1, b: 1, c: 1 }),
    ['a b c'],
    false,
  ],
  ['two of them fill two', terms('all', { a: 1, b: 1, c: 1 }), ['a b c', 'a b c'], false],
  ['three fill three', terms('all', { a: 1, b: 1, c: 1 }), ['a b c', 'a b c', 'a b c'], true],
  ['whoever can only be b is b', terms('all', { a: 1, b: 1 }), ['a b', 'a'], true],
  ['in whichever order', terms('all', { a: 1, b: 1 }), ['a', 'a b'], true],
  ['a chain of swaps', terms('all', { a: 1, b: 1, c: 1 }), ['a b', 'b c', 'a'], true],
  ['counts in all', terms('all', { a: 2, b: 1 }), ['a b', 'a', 'b'], true],
  ['counts in all, one missing', terms('all', { a: 2, b: 1 }), ['a b', 'b', 'b'], false],
  ['quorum beyond the groups', terms('any', { a: 1, b: 1 }, 2), ['a'], false],
  ['quorum over all groups', terms('any', { a: 1, b: 1 }, 2), ['a', 'b'], true],
  ['quorum is of people who are asked', terms('any', { a: 1 }, 2), ['a', 'x'], false],
  ['a quorum of nobody still takes one', terms('any', { a: 0 }, 0), [], false],
  ['duty before it escalates', terms('any', { a: 1 }), ['duty'], false],
])('%s', (_, given, groups, expected) => {
  expect(isMet(given, people(...groups), false)).toBe(expected)
})

test.each<[string, ApprovalTerms, readonly string[], boolean]>([
  ['duty in place of one', terms('any', { a: 1 }), ['duty'], true],
  ['duty in place of any of all', terms('all', { a: 1, b: 1 }), ['a', 'duty'], true],
  ['one on duty fills one place', terms('all', { a: 1, b: 1 }), ['duty a b'], false],
  ['two on duty', terms('all', { a: 1, b: 1 }), ['duty', 'duty'], true],
])('once it has escalated: %s', (_, given, groups, expected) => {
  expect(isMet(given, people(...groups), true)).toBe(expected)
})

const someone = fc.subarray(['a', 'b', 'c']).map((groups) => ({ groups }))
const counts = fc.record({ a: fc.nat(2), b: fc.nat(2), c: fc.nat(2) })

/** Tries every way of seating people: slow, and plainly right. */
function bySeating(
  places: readonly string[],
  seated: readonly { groups: readonly string[] }[],
): boolean {
  const [place, ...others] = places
  return (
    place === undefined ||
    seated.some(
      (person, index) =>
        person.groups.includes(place) &&
        bySeating(
          others,
          seated.filter((_, other) => other !== index),
        ),
    )
  )
}

test('places are filled exactly when there is a way to fill them', () => {
  fc.assert(
    fc.property(counts, fc.array(someone, { maxLength: 5 }), (votes, all) => {
      const places = Object.entries(votes).flatMap(([group, n]) =>
        Array.from({ length: n }, () => group),
      )
      const asked = all.filter(({ groups }) => groups.length > 0)
      expect(isMet(terms('all', votes), all, false)).toBe(
        asked.length > 0 && bySeating(places, all),
      )
    }),
    { numRuns: 500 },
  )
})

test('one more yes never takes an approval away, nor does the order matter', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('all' as const, 'any' as const),
      counts,
      fc.array(someone, { maxLength: 6 }),
      someone,
      (of, votes, all, more) => {
        const given = terms(of, votes, 2)
        const before = isMet(given, all, false)
        expect(isMet(given, all.toReversed(), false)).toBe(before)
        if (before) expect(isMet(given, [more, ...all], false)).toBe(true)
      },
    ),
  )
})
