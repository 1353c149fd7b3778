import { expect, test } from 'vitest'

import { compileCondition } from '../../../shared/policy/compile-condition.ts'
import { askedOf } from '../../../shared/policy/evaluate.ts'
import type { Facts } from '../../../shared/policy/policy.ts'
import { cpuClock } from '../../support/cpu-clock.ts'
import { facts } from './sample-policy.ts'

const KNOWN = { claims: ['repository', 'kubernetes.io.namespace'], tags: ['identifier'] }

function holds(source: string, about: Facts = facts()): boolean {
  const condition = compileCondition(source, KNOWN)
  if (!condition.ok) throw new Error(condition.error.map(({ message }) => message).join('; '))
  return condition.value.when(askedOf(about, undefined))
}

/** Whether a rule with this condition applies. */
function applies(effect: 'permit' | 'deny', source: string, table: string): boolean {
  const condition = compileCondition(source, KNOWN, effect)
  if (!condition.ok) throw new Error(source)
  return condition.value.when(askedOf(facts({ tables: [table] }), undefined))
}

function problems(source: string): readonly string[] {
  const condition = compileCondition(source, KNOWN)
  return condition.ok ? [] : condition.error.map(({ offset, message }) => `${offset}: ${message}`)
}

const two = facts(
  { tables: ['acme.hospital.patients', 'acme.hospital.staff'], parameters: ['since'] },
  { groups: ['agents', 'analysts'], claims: { repository: 'acme/etl' } },
)

test.each<readonly [string, boolean]>([
  ['principal.issuer == "https://login.acme.example"', true],
  ['principal.sub in ["ana", "carla"] && principal.client == "bq"', true],
  ['"agents" in principal.groups', true],
  ['principal.groups.exists(g, g in ["agents", "x"])', true],
  ['principal.groups.exists_one(g, g.startsWith("a"))', false],
  ['principal.claims.repository == "acme/etl"', true],
  ['principal.claims["repository"].endsWith("/etl")', true],
  ['has(principal.claims.repository)', true],
  ['"kubernetes.io.namespace" in principal.claims', false],
  ['query.statementType == "SELECT" && !query.dryRun', true],
  ['query.statementType in ["INSERT", "UPDATE"]', false],
  ['query.tables.all(t, t.glob("acme.hospital.*"))', true],
  ['query.tables.all(t, t.glob("acme.HOSPITAL.*"))', false],
  ['query.tables.exists(t, t.contains("staff"))', true],
  ['query.tables.filter(t, t.glob("*.staff")).size() == 1', true],
  ['size(query.targets) == 0 && query.parameters == ["since"]', true],
  ['query.projects.all(p, p == "acme")', true],
  ['query.tables.all(t, principal.groups.exists(g, g == "agents" && t.glob("acme.*")))', true],
  ['request.time < timestamp("2026-03-04T09:30:01Z")', true],
  ['request.time >= timestamp("2026-03-04T10:30:00+01:00")', true],
  ['request.time.getHours() == 9 && request.time.getDayOfWeek() == 3', true],
  ['request.time.getHours("Asia/Tokyo") == 18', true],
  ['request.sourceAddress.startsWith("10.") && request.session == "s-1"', true],
  ['query.dryRun ? false : size(query.tables) * 2 - 1 == 3', true],
])('%s is %s', (source, expected) => {
  expect(holds(source, two)).toBe(expected)
})

const ONLY = 'query.tables.all(t, t.glob("acme.Hospital.*"))'
const BUT = 'query.tables.exists(t, !t.glob("acme.Hospital.*"))'

test.each([
  ['permit', ONLY, 'acme.Hospital.x', true],
  ['permit', ONLY, 'acme.hospital.x', false],
  ['deny', ONLY, 'acme.hospital.x', true],
  ['permit', `!(${BUT})`, 'acme.hospital.x', false],
  ['permit', BUT, 'acme.hospital.x', false],
  ['permit', BUT, 'acme.other.x', true],
  ['deny', BUT, 'acme.hospital.x', true],
  ['deny', BUT, 'acme.Hospital.x', false],
  ['deny', `!(${ONLY})`, 'acme.hospital.x', true],
  ['deny', `query.dryRun ? query.dryRun : ${ONLY}`, 'acme.HOSPITAL.x', true],
  [
    'deny',
    'query.tables.exists(t, t.glob("*.information_schema.*"))',
    'a.b.INFORMATION_SCHEMA.TABLES',
    true,
  ],
  ['deny', 'query.tables.exists(t, t.glob("A.*"))', 'a.b.INFORMATION_SCHEMA.TABLES', false],
] as const)(
  'a dataset may ignore case: %s when %s, for %s: %s',
  (effect, source, table, expected) => {
    expect(applies(effect, source, table)).toBe(expected)
  },
)

test.each([
  ['query.tables.all(t, t.glob("a"))', ['tables']],
  [
    '!(query.columns == []) && query.tags.exists(t, t in query.routines)',
    ['columns', 'tags', 'routines'],
  ],
  ['principal.sub == "columns"', []],
])('%s mentions %j', (source, fields) => {
  const condition = compileCondition(source, KNOWN)
  expect([...(condition.ok ? condition.value.mentions : [])]).toEqual(fields)
})

test('all tables of a query without any are whatever one likes', () => {
  expect(holds('query.tables.all(t, t.glob("acme.hospital.*"))', facts({ tables: [] }))).toBe(true)
})

test.each([
  'principal.claims.repository == "acme/etl"',
  'principal.claims["kubernetes.io.namespace"] == "x"',
  '!(principal.claims.repository == "acme/etl")',
  'query.tables[7] == "acme.hospital.patients"',
  '1 / (size(query.targets)) == 1',
])('%s throws where what it asks for is not there', (source) => {
  expect(() => holds(source)).toThrow(/no such key|division by zero/i)
})

test('what settles a condition settles it, whether or not the rest can be told', () => {
  expect(holds('has(principal.claims.repository) && principal.claims.repository == "x"')).toBe(
    false,
  )
  expect(holds('principal.claims.repository == "x" || query.statementType == "SELECT"')).toBe(true)
})

test('members that objects have anyway are no claims', () => {
  for (const name of ['toString', 'constructor', '__proto__']) {
    const condition = compileCondition(`"${name}" in principal.claims`, {
      claims: [name],
      tags: [],
    })
    expect(condition.ok && condition.value.when(askedOf(facts(), undefined))).toBe(false)
  }
})

test.each<readonly [string, string]>([
  // what does not type-check
  ['principal.grups == ["a"]', '10: unknown field `grups`, did you mean `groups`?'],
  ['principle.sub == "a"', '0: unknown name `principle`, did you mean `principal`?'],
  ['principal.sub == 5', '0: no such overload: string == int'],
  ['principal.sub', '0: a condition is true or false, this is a string'],
  ['query.tables', '0: a condition is true or false, this is a list<string>'],
  ['principal.groups == "analysts"', '0: no such overload: list<string> == string'],
  ['principal.sub in "ana,carla"', '0: no such overload: string in string'],
  ['query.tables.all(t, t)', "20: all(var, predicate) predicate must return bool, got 'string'"],
  ['request.time > "2026-01-01"', '0: no such overload: google.protobuf.Timestamp > string'],
  ['query.tables.all(t)', '0: `all` takes a name for the element and a condition'],
  // what does not parse
  ['principal.sub = "a"', '14: to compare, write `==`'],
  ['principal.sub ==', '16: the condition ends too early'],
  ['"abc', '0: unterminated string'],
  ['query.dryRun and true', "13: unexpected character: 'd'"],
  // what would never be true, or always
  [
    'query.statementType == "SELCT"',
    '23: BigQuery knows no statement type `SELCT`, did you mean `SELECT`?',
  ],
  ['"drop" != query.statementType', '0: BigQuery knows no statement type `drop`'],
  [
    'query.statementType in ["SELECT", "select"]',
    '34: BigQuery knows no statement type `select`, did you mean `SELECT`?',
  ],
  [
    'principal.claims.repo == "a"',
    '17: never there, as no issuer requires, maps or records it: claim `repo`',
  ],
  [
    '"repositori" in principal.claims',
    '0: never there, as no issuer requires, maps or records it: claim `repositori`, did you mean `repository`?',
  ],
  ['has(principal.clams)', '0: only a claim may be missing: write `has(principal.claims.NAME)`'],
  ['has(query.tables)', '0: only a claim may be missing: write `has(principal.claims.NAME)`'],
  [
    '"identifer" in query.tags',
    '0: no column of `data` or `policyTags` has the tag `identifer`, did you mean `identifier`?',
  ],
  ['principal.sub.globInAnyCase("a")', '0: unknown method `globInAnyCase`'],
  ['query.estimatedBytes == "1 GiB"', '0: no such overload: double == string'],
  [
    'has(principal.claims.repo)',
    '21: never there, as no issuer requires, maps or records it: claim `repo`',
  ],
  [
    'request.time.getHours("Europe/Pariss") == 1',
    '0: `getHours` takes a time zone such as `Europe/Paris` in quotes',
  ],
  [
    'request.time < timestamp("2026-01-01")',
    '15: `timestamp` takes a time such as `2026-01-31T08:00:00Z` in quotes',
  ],
  [
    'request.time < timestamp("2026-13-01T00:00:00Z")',
    '15: `timestamp` takes a time such as `2026-01-31T08:00:00Z` in quotes',
  ],
  // what callers could turn against it
  [
    'principal.sub.matches("(a+)+$")',
    '0: regular expressions are not available, use `glob`, in which `*` stands for any characters',
  ],
  [
    'query.tables.all(t, t.glob(principal.sub))',
    '20: `glob` takes a pattern in quotes; to compare values use `==`',
  ],
  [
    'query.tables.all(t, t.glob("acme." + principal.sub))',
    '20: `glob` takes a pattern in quotes; to compare values use `==`',
  ],
  [`principal.sub.glob("${'a'.repeat(257)}")`, '0: a pattern has at most 256 characters'],
  // what turns the type check off, or is not needed
  ['dyn(principal.sub) == 5', '0: unknown function `dyn`'],
  ['principal["sub"] == "a"', '0: only claims and lists have elements to pick'],
  ['principal["constructor"] == "a"', '0: only claims and lists have elements to pick'],
  ['principal.constructor == "a"', '10: unknown field `constructor`'],
  ['principal.__proto__ == "a"', '10: unknown field `__proto__`'],
  ['type(principal.sub) == string', '0: unknown function `type`'],
  ['string == string', '0: unknown name `string`'],
  ['cel.bind(x, 1, x == 1)', '0: unknown method `bind`'],
  ['b"{}".json() == {}', '0: unknown method `json`'],
  ['{"a": 1}["a"] == 1', '0: only claims and lists have elements to pick'],
  ['principal.sub.lowerAscii() == "ana"', '0: unknown method `lowerAscii`'],
  ['principal.sub.startWith("a")', '0: unknown method `startWith`, did you mean `startsWith`?'],
  ['1.5 > 1.0', '0: only texts, whole numbers, true and false may be written here'],
  ['query.tables.all(principal, principal == "x")', '17: the name is taken: `principal`'],
  [
    'query.tables.all(a, query.tables.all(b, query.tables.all(c, a == b && b == c)))',
    '40: loops nest at most 2 deep',
  ],
])('%s → %s', (source, problem) => {
  expect(problems(source)).toContain(problem)
})

test('all that is wrong with a condition at once', () => {
  expect(
    problems('principal.grups == [] || query.tabels.all(t, t.matches("x")) || foo == query.x'),
  ).toHaveLength(5)
})

test.each([
  ['too long', 'true ||'.repeat(600) + 'true'],
  ['many terms', `${'true||'.repeat(600)}true`],
  ['a long list', `principal.sub in [${'"a",'.repeat(900)}"a"]`],
  ['parentheses', `${'('.repeat(1000)}true${')'.repeat(1000)}`],
  ['negations', `${'!'.repeat(4000)}true`],
  ['minuses', `${'-'.repeat(4000)}1 == 1`],
  ['lists in lists', `${'['.repeat(1000)}${']'.repeat(1000)} == []`],
  ['choices', `${'true ? true : '.repeat(250)}true`],
  ['fields', `principal${'.claims'.repeat(500)} == "a"`],
  ['calls', `principal.sub${'.size()'.repeat(500)} == 1`],
  ['digits', `${'9'.repeat(4000)} == 1`],
])('a huge condition is refused, not run: %s', (_, source) => {
  const cpuMs = cpuClock()
  expect(problems(source)).not.toEqual([])
  expect(cpuMs()).toBeLessThan(1000)
})
