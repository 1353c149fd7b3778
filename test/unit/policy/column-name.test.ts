import { expect, test } from 'vitest'

import { pathsUp, splitName } from '../../../shared/policy/column-name.ts'
import { protectionsByName } from '../../../shared/policy/protections.ts'

test.each([
  ['acme.ds.t.a', ['acme.ds.t|a']],
  ['acme.ds.t.a.b.c', ['acme.ds.t|a.b.c']],
  ['acme.ds.t', ['acme.ds.t|']],
  ['acme.ds', []],
  ['acme.ds.INFORMATION_SCHEMA.TABLES', ['acme.ds.INFORMATION_SCHEMA.TABLES|']],
  ['acme.ds.information_schema.tables.x', ['acme.ds.information_schema.tables|x']],
  ['example.com:old.ds.t.a', ['example.com:old.ds|t.a', 'example.com:old.ds.t|a']],
  ['acme.ds.t.a:b', ['acme.ds.t|a:b']],
  ['acme.ds.t.a:b.c.d.e', ['acme.ds.t|a:b.c.d.e', 'acme.ds.t.a:b.c.d|e']],
])('%s is %j', (name, ways) => {
  expect(splitName(name).map(({ table, column }) => `${table}|${column}`)).toEqual(ways)
})

test('a path lies in all that it begins with', () => {
  expect(pathsUp('a.b.c')).toEqual(['a.b.c', 'a.b', 'a'])
})

const governance = {
  data: [
    { tables: ['acme.ds.t'], columns: ['a:b'], tags: ['one'], mask: undefined },
    { tables: ['example.com:old.ds.t'], columns: ['*x'], tags: ['two'], mask: undefined },
  ],
  policyTags: undefined,
  oracles: { default: 'deny' as const, tags: new Map(), approval: undefined },
  aggregates: { functions: [], minimumGroupSize: 10 },
}

test.each([
  ['acme.ds.t.A:B.c.d.e', ['one']],
  ['acme.ds.t.a:b', ['one']],
  ['acme.ds.t.a', []],
  ['Example.com:old.ds.t.ax', ['two']],
  ['example.com:old.ds.t.x.y', ['two']],
])('a colon opens nothing: %s has %j', (name, tags) => {
  expect(protectionsByName(governance, name).flatMap((one) => one.tags)).toEqual(tags)
})

test('what names no column is a bug, and not a column without a mask', () => {
  for (const name of ['acme.ds.t', 'a'])
    expect(() => protectionsByName(governance, name)).toThrow('has no column')
})
