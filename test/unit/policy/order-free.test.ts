import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Flow } from '../../../shared/analysis/lineage.ts'
import type { Decision } from '../../../shared/policy/decision.ts'
import { askedOf, evaluate } from '../../../shared/policy/evaluate.ts'
import type { TouchedColumns } from '../../../shared/policy/governed-columns.ts'
import type { Facts, Policy, Rule } from '../../../shared/policy/policy.ts'
import { guarantee } from '../../support/guarantee.ts'
import { GOVERNED, PATIENTS, flow, output, touching } from './columns.ts'
import { facts, policyOf, withRules } from './sample-policy.ts'

const conditions = [
  'true',
  'false',
  'query.statementType == "SELECT"',
  '"analysts" in principal.groups',
  'query.tables.all(t, t.glob("acme.hospital.*"))',
  'query.tables.exists(t, t.glob("*.staff"))',
  'has(principal.claims.repository) && principal.claims.repository == "acme/etl"',
  // These throw where the claim, the target or the parameter is missing.
  'principal.claims.repository == "acme/etl"',
  'query.targets[0] == "acme.hospital.staff"',
  'query.parameters[0] == "a" || query.dryRun',
]
const { rules: compiled, ...base } = policyOf(
  withRules(...conditions.map((condition) => ['permit', condition] as const)),
)

const rule = fc.record({
  when: fc.constantFrom(...compiled.map(({ when }) => when)),
  mentions: fc.constant(new Set<string>()),
  effect: fc.constantFrom<Rule['effect']>('permit', 'permit', 'require-approval', 'deny'),
  maximumBytesBilled: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  maximumRows: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  needsJustification: fc.constantFrom(false, false, true),
  approval: fc.constantFrom('a', 'b', undefined),
  unmask: fc.subarray(['identifier', 'contact']).map((tags) => new Set(tags)),
})
const rules = fc
  .array(rule, { maxLength: 8 })
  .map((list): readonly Rule[] =>
    list.map((one, index) => ({ id: `r${index}`, description: '', ...one })),
  )
const about: fc.Arbitrary<Facts> = fc
  .record({
    statementType: fc.constantFrom('SELECT', 'INSERT'),
    tables: fc.subarray(['acme.hospital.patients', 'acme.hospital.staff', 'acme.other.t']),
    targets: fc.subarray(['acme.hospital.staff']),
    parameters: fc.subarray(['a', 'b']),
    projects: fc.subarray(['acme', 'other']),
    dryRun: fc.boolean(),
    groups: fc.subarray(['agents', 'analysts']),
    claims: fc.constantFrom<Readonly<Record<string, string>>>({}, { repository: 'acme/etl' }),
  })
  .map(({ groups, claims, ...query }) => facts(query, { groups, claims }))

const policyWith = (list: readonly Rule[]): Policy => ({ ...base, rules: list })
const decide = (list: readonly Rule[], asked: Facts): Decision => evaluate(policyWith(list), asked)

test('the order of rules, projects and tables changes nothing', () => {
  fc.assert(
    fc.property(
      rules.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray([...list], { minLength: list.length })),
      ),
      about,
      ([list, shuffled], asked) => {
        const { query } = asked
        const reversed = {
          ...asked,
          query: {
            ...query,
            projects: query.projects.toReversed(),
            tables: query.tables.toReversed(),
          },
        }
        expect(decide(shuffled, reversed)).toEqual(decide(list, asked))
      },
    ),
  )
})

guarantee('deny-wins', () => {
  fc.assert(
    fc.property(rules, rule, about, (list, added, asked) => {
      const before = decide(list, asked)
      const after = decide(
        [{ id: 'added', description: '', ...added, effect: 'deny' }, ...list],
        asked,
      )
      // Either it matched, and everything is denied, or it is as if it were not there.
      if (after.rules.includes('added')) expect(after.effect).toBe('deny')
      else expect(after).toEqual(before)
    }),
  )
})

test('a permit rule more never loosens a limit, and opens nothing when it does not match', () => {
  fc.assert(
    fc.property(rules, rule, about, (list, added, asked) => {
      const before = decide(list, asked)
      const after = decide(
        [...list, { id: 'added', description: '', ...added, effect: 'permit' }],
        asked,
      )
      if (!after.rules.includes('added')) expect(after).toEqual(before)
      if (before.effect === 'permit' && after.effect === 'permit')
        expect(after.obligations.maximumBytesBilled ?? Infinity).toBeLessThanOrEqual(
          before.obligations.maximumBytesBilled ?? Infinity,
        )
      if (before.effect === 'deny' && before.reason !== 'no-matching-rule')
        expect(after.effect).toBe('deny')
    }),
  )
})

test('only what a permit rule matches, in a project of a connection, is permitted', () => {
  fc.assert(
    fc.property(rules, about, (list, asked) => {
      const decision = decide(list, asked)
      if (decision.effect === 'deny') return
      expect(asked.query.projects).toEqual(['acme'])
      expect(decision.rules.length).toBeGreaterThan(0)
      for (const { id, effect, when } of list) {
        if (effect === 'deny') expect(when(askedOf(asked, undefined))).toBe(false)
        else if (effect === 'permit' && decision.rules.includes(id))
          expect(when(askedOf(asked, undefined))).toBe(true)
      }
    }),
  )
})

const governed = policyOf(GOVERNED)
const touched: fc.Arbitrary<TouchedColumns> = fc
  .record({
    outputs: fc.array(
      fc.dictionary(
        fc.constantFrom('ssn', 'phone', 'address', 'visits.notes', 'name'),
        fc.constantFrom<Flow>('copy', 'derived', 'implicit', 'count:COUNT'),
        { minKeys: 1, maxKeys: 3 },
      ),
      { maxLength: 4 },
    ),
    filtered: fc.subarray(['ssn', 'address', 'name']),
  })
  .map(({ outputs, filtered }) =>
    touching({
      outputs: outputs.map((sources) => output('x', flow(sources))),
      uses: filtered.map((name) => ({ column: `${PATIENTS}.${name}`, use: 'filter' })),
    }),
  )

test('what is masked does not depend on the order of rules, sources and entries', () => {
  fc.assert(
    fc.property(rules, about, touched, (list, asked, columns) => {
      const reversed = touching({
        outputs: columns.lineage.outputs.map((one) => ({
          ...one,
          flow: { sources: new Map([...one.flow.sources].toReversed()) },
        })),
        uses: columns.lineage.uses.toReversed(),
      })
      const { governance } = governed
      const backwards = { ...governance, data: governance.data.toReversed() }
      const there = evaluate({ ...governed, rules: list }, asked, columns)
      const back = evaluate(
        { ...governed, governance: backwards, rules: list.toReversed() },
        asked,
        reversed,
      )
      const { uses = [], ...rest } = there.effect === 'deny' ? there : { ...there, uses: [] }
      const { uses: others = [], ...last } = back.effect === 'deny' ? back : { ...back, uses: [] }
      expect(last).toEqual(rest)
      expect(new Set(others)).toEqual(new Set(uses))
    }),
  )
})

test('a rule more that lifts nothing masks nothing less, and nothing more', () => {
  fc.assert(
    fc.property(rules, rule, about, touched, (list, added, asked, columns) => {
      const before = evaluate({ ...governed, rules: list }, asked, columns)
      const one: Rule = { id: 'added', description: '', ...added, unmask: new Set() }
      const after = evaluate({ ...governed, rules: [...list, one] }, asked, columns)
      if (before.effect === 'deny' || after.effect === 'deny') return
      expect(after.obligations.masks).toEqual(before.obligations.masks)
    }),
  )
})
