import { expect, test } from 'vitest'

import {
  claimAt,
  claimStrings,
  claimText,
  claimsMatch,
  namedClaim,
} from '../../../shared/identity/claim-values.ts'

const claims = {
  groups: ['a', 'b'],
  realm_access: { roles: ['admin'] },
  'kubernetes.io': { namespace: 'etl', serviceaccount: { name: 'loader' } },
  'a.b': { c: 'long' },
  a: { 'b.c': 'other', b: { d: 1 } },
  'https://acme.example/team': 'data',
}

test.each([
  ['groups', ['a', 'b']],
  [['realm_access', 'roles'], ['admin']],
  [['realm_access', 'none'], undefined],
  [['groups', '0'], undefined],
  [['groups', 'length'], undefined],
  ['constructor', undefined],
  [['realm_access', '__proto__'], undefined],
  [[], claims],
])('the claim at %j', (path, value) => {
  expect(claimAt(claims, path)).toEqual(value)
})

test.each([
  ['https://acme.example/team', 'data'],
  ['kubernetes.io.namespace', 'etl'],
  ['kubernetes.io.serviceaccount.name', 'loader'],
  ['realm_access.roles', ['admin']],
  ['a.b.c', 'long'],
  ['a.b.d', 1],
  ['a.b.e', undefined],
  ['toString', undefined],
  ['groups.length', undefined],
])('the claim named %s', (key, value) => {
  expect(namedClaim(claims, key)).toEqual(value)
})

test.each([
  ['acme/etl', 'acme/etl', true],
  ['acme/etl', 'acme/*', true],
  ['acme/', 'acme/*', true],
  ['acme', 'acme/*', false],
  ['evil-acme/etl', 'acme/*', false],
  ['refs/heads/main', 'refs/*/main', true],
  ['refs/main', 'refs/*/main', false],
  ['refs/heads/main2', 'refs/*/main', false],
  ['aXbXc', 'a*b*c', true],
  ['ab', 'a*b*c', false],
  ['aa', 'a*a', true],
  ['a', 'a*a', false],
  ['anything', '*', true],
  ['a.c', 'a?c', false],
  ['abc', 'a.c', false],
  ['Acme/etl', 'acme/*', false],
])('`%s` and the pattern `%s`: %s', (text, pattern, expected) => {
  expect(claimsMatch(() => text, { claim: [pattern] })).toBe(expected)
})

test.each([
  ['any pattern will do', { groups: ['x', 'a'] }, true],
  ['every claim must match', { groups: ['a'], 'a.b.d': ['2'] }, false],
  ['numbers match as text', { 'a.b.d': ['1'] }, true],
  ['an absent claim does not match *', { missing: ['*'] }, false],
  ['an object does not match *', { realm_access: ['*'] }, false],
  ['no pattern, no match', { groups: [] }, false],
])('%s', (_why, patterns, expected) => {
  expect(claimsMatch((key) => namedClaim(claims, key), patterns)).toBe(expected)
})

test.each([
  ['main', 'main'],
  [true, 'true'],
  [7, '7'],
  [['a', 1], '["a",1]'],
  [{ a: 'b' }, '{"a":"b"}'],
  // eslint-disable-next-line unicorn/no-null
  [null, 'null'],
])('%j is recorded as %s', (value, text) => {
  expect(claimText(value)).toBe(text)
})

test.each([
  ['analysts', ['analysts']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [['a', 1, {}, ['c']], ['a']],
  [undefined, []],
  [42, []],
  [{ groups: ['a'] }, []],
])('the strings of %j', (value, strings) => {
  expect(claimStrings(value)).toEqual(strings)
})

test('a pattern of many stars takes no time over a long claim', () => {
  const pattern = `${'*a'.repeat(200)}*b`
  expect(claimsMatch(() => 'a'.repeat(16_000), { claim: [pattern] })).toBe(false)
})
