import { rmSync } from 'node:fs'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { FlowTree, Use } from '../../../shared/analysis/lineage.ts'
import { nothing } from '../../../shared/analysis/walk/flow.ts'
import { type WalkRules, walkRules } from '../../../shared/analysis/walk/rules.ts'
import { type LabWorld, labWorld } from '../../support/lab-world.ts'
import { DATABASES, POLICY, writeDatabase } from './databases.ts'
import { shapes } from './queries.ts'
import { seen } from './seen.ts'

const forgets = (forgotten: Use): Partial<WalkRules> => ({
  usedSources: (flow, how) => (how === forgotten ? new Map() : walkRules.usedSources(flow, how)),
})

const withoutFields = (flow: FlowTree): FlowTree =>
  flow.fields === undefined ? flow : { ...flow, fields: flow.fields.map(() => nothing) }

/** Bugs a walker might have. Each lets something out that the comparison of two databases must show. */
const MUTANTS: Readonly<Record<string, Partial<WalkRules>>> = {
  'a value is computed of its first argument': {
    computed: ([first]) => walkRules.computed(first === undefined ? [] : [first]),
  },
  'a value is computed of its last argument': {
    computed: (trees) => walkRules.computed(trees.slice(-1)),
  },
  'a value is computed of nothing': { computed: () => nothing },
  'only the first branch counts': { either: (a) => a },
  'only the last branch counts': { either: (_, b) => b },
  'conditions decide nothing': { decidedBy: (tree) => tree },
  'WHERE is forgotten': forgets('filter'),
  'ON is forgotten': forgets('join'),
  'GROUP BY is forgotten': forgets('group'),
  'ORDER BY is forgotten': forgets('order'),
  'INTERSECT is forgotten': forgets('set-operation'),
  'no function fails': { totalArguments: () => 'all' },
  'no cast fails': { cannotFailToCast: () => true },
  'nothing flows out of columns': { columnFlow: () => nothing },
  'nothing flows out of the fields of a STRUCT': { columnFlow: withoutFields },
  'the elements of an ARRAY are clean': {
    columnFlow: (flow) =>
      flow.element === undefined ? flow : { sources: nothing.sources, element: nothing },
  },
}

const KILLERS = [
  ...shapes,
  'SELECT id, CONCAT(ssn, city) AS x FROM acme.lab.people ORDER BY id',
  'SELECT id, CONCAT(city, ssn) AS x FROM acme.lab.people ORDER BY id',
  'SELECT id, IF(id > 2, ssn, city) AS x FROM acme.lab.people ORDER BY id',
  'SELECT id, IF(id > 2, city, ssn) AS x FROM acme.lab.people ORDER BY id',
  "SELECT id, IF(ssn LIKE '1%', 'yes', 'no') AS x FROM acme.lab.people ORDER BY id",
  'SELECT id FROM acme.lab.people WHERE ssn IS NULL ORDER BY id',
  'SELECT p.id FROM acme.lab.people p JOIN acme.lab.orders o ON o.memo = p.note ORDER BY p.id',
  'SELECT COUNT(*) AS n FROM acme.lab.people GROUP BY ssn ORDER BY n',
  'SELECT id FROM acme.lab.people ORDER BY ssn, id',
  'SELECT ssn FROM acme.lab.people INTERSECT DISTINCT SELECT city FROM acme.lab.people',
  'SELECT id, DIV(7, salary) AS x FROM acme.lab.people ORDER BY id',
  'SELECT id, CAST(ssn AS INT64) AS x FROM acme.lab.people ORDER BY id',
  'SELECT status FROM acme.lab.orders INTERSECT DISTINCT SELECT ssn FROM acme.lab.people',
  'SELECT CAST(ssn AS INT64) AS x FROM acme.lab.people WHERE id = 3',
  'SELECT id, address.zip FROM acme.lab.people ORDER BY id',
]

const rules: { -readonly [Rule in keyof WalkRules]: WalkRules[Rule] } = { ...walkRules }
const folders = DATABASES.slice(0, 3).map(writeDatabase)
let worlds: readonly LabWorld[]
beforeAll(async () => {
  worlds = await Promise.all(folders.map((data) => labWorld({}, { data, policy: POLICY, rules })))
})
afterAll(async () => {
  await Promise.all(worlds.map((world) => world.close()))
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** The first query that shows a difference between two databases. */
async function caughtBy(mutant: string): Promise<string | undefined> {
  for (const sql of KILLERS.toReversed()) {
    // Another text each time: no answer is one that was remembered.
    const text = `${sql} -- ${mutant}`
    // oxlint-disable-next-line no-await-in-loop -- until the first that tells
    const [first, ...others] = await Promise.all(worlds.map((world) => seen(world, text)))
    if (others.some((other) => JSON.stringify(other) !== JSON.stringify(first))) return sql
  }
  return undefined
}

test('the walker as it is lets nothing out', { timeout: 60_000 }, async () => {
  expect(await caughtBy('none')).toBeUndefined()
})

test.each(Object.keys(MUTANTS))('%s: caught', { timeout: 60_000 }, async (mutant) => {
  Object.assign(rules, walkRules, MUTANTS[mutant])
  expect(await caughtBy(mutant)).toBeDefined()
})
