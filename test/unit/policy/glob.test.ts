import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { matchesGlob, matchesName, matchesNameInAnyCase } from '../../../shared/policy/glob.ts'
import { cpuClock } from '../../support/cpu-clock.ts'

test.each([
  ['acme.hospital.patients', 'acme.hospital.*', true],
  ['acme.hospital.', 'acme.hospital.*', true],
  ['acme.hospital2.patients', 'acme.hospital.*', false],
  ['acme.hospital', 'acme.hospital.*', false],
  ['evil.acme.hospital.patients', 'acme.hospital.*', false],
  ['acme.hospital.Patients', 'acme.hospital.patients', false],
  ['acme.hospital.patients\n', 'acme.hospital.patients', false],
  ['acmexhospital.patients', 'acme.hospital.*', false],
  ['acme.hospital.INFORMATION_SCHEMA.TABLES', 'acme.hospital.*', true],
  ['a.b.events_2026', 'a.*.events_*', true],
  ['a.events_2026', 'a.*.events_*', false],
  ['', '', true],
  ['', '*', true],
  ['x', '', false],
  ['anything', '**', true],
  ['a*c', 'a*c', true],
  ['abc', 'a*c', true],
  ['a*', 'ab', false],
  ['aab', '*ab', true],
  ['ababac', '*abac', true],
  ['a.b', 'a?b', false],
  ['a', '[a]', false],
])('%j matches %j: %s', (text, pattern, expected) => {
  expect(matchesGlob(text, pattern)).toBe(expected)
})

test('means what the regular expression would', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 12 })
  fc.assert(
    fc.property(letters, letters, (text, pattern) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*')
      expect(matchesGlob(text, pattern)).toBe(new RegExp(`^${source}$`).test(text))
    }),
  )
})

test('a pattern that would make a regular expression backtrack takes no time', () => {
  const cpuMs = cpuClock()
  expect(matchesGlob('a'.repeat(100_000), `${'*a'.repeat(127)}b`)).toBe(false)
  expect(cpuMs()).toBeLessThan(2000)
})

test.each([
  ['acme.lab.INFORMATION_SCHEMA.TABLES', 'acme.lab.*', false],
  ['acme.lab.INFORMATION_SCHEMA.TABLES', '*', false],
  ['acme.lab.INFORMATION_SCHEMA.TABLES', 'acme.lab.INFORMATION_SCHEMA.*', true],
  ['acme.lab.INFORMATION_SCHEMA.TABLES', 'acme.*.INFORMATION_SCHEMA.TABLES', true],
  ['acme.lab.INFORMATION_SCHEMA_notes', 'acme.lab.*', true],
  ['acme.lab.runs', 'acme.lab.*', true],
])(
  'the names of all tables, %s, are let out by %s only if it says so: %s',
  (name, pattern, matches) => {
    expect(matchesName(name, pattern)).toBe(matches)
  },
)

test.each([
  ['acme.lab.Runs', 'ACME.*.runs', true],
  ['acme.lab.runs', 'acme.labs.*', false],
  ['acme.lab.INFORMATION_SCHEMA.TABLES', 'acme.lab.*', false],
  ['acme.lab.INFORMATION_SCHEMA.TABLES', 'acme.lab.information_schema.*', true],
])('in any case %s matches %s: %s', (name, pattern, matches) => {
  expect(matchesNameInAnyCase(name, pattern)).toBe(matches)
})
