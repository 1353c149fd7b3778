import { afterAll, expect, test } from 'vitest'

import { fileCatalog } from '../../../shared/adapters/files/file-catalog.ts'
import { googleSqlAnalyzer } from '../../../shared/adapters/googlesql/analyzer.ts'
import type { Analysis } from '../../../shared/analysis/analysis.ts'
import type { FlowTree } from '../../../shared/analysis/lineage.ts'
import type { QueryParameter } from '../../../shared/bigquery/query-parameter.ts'
import { formatTable } from '../../../shared/bigquery/reference.ts'
import { nameDefaults, summarize } from '../../support/analyzer-world.ts'
import { dataFolder } from '../../support/local-bigquery.ts'

const field = (name: string, type: string, more: object = {}) => ({ name, type, ...more })
const people = [
  field('id', 'INTEGER', { mode: 'REQUIRED' }),
  field('ssn', 'STRING', { policyTags: { names: ['tags/ssn'] } }),
  field('address', 'RECORD', { fields: [field('street', 'STRING'), field('city', 'STRING')] }),
  field('visits', 'RECORD', { mode: 'REPEATED', fields: [field('notes', 'STRING')] }),
]
const view = (query: string, fields: readonly object[], more: object = {}) =>
  JSON.stringify({ type: 'VIEW', view: { query, ...more }, schema: { fields } })
const routine = (id: string, definitionBody: string, more: object = {}) =>
  JSON.stringify({
    routineReference: { projectId: 'acme', datasetId: 'crm', routineId: id },
    routineType: 'SCALAR_FUNCTION',
    language: 'SQL',
    arguments: [{ name: 'x', dataType: { typeKind: 'STRING' } }],
    returnType: { typeKind: 'STRING' },
    definitionBody,
    ...more,
  })

const catalog = fileCatalog(
  dataFolder(
    {
      'acme.crm.people.json': JSON.stringify(people),
      'acme.crm.parted.json': JSON.stringify({
        schema: { fields: [field('id', 'INT64')] },
        timePartitioning: { type: 'DAY' },
      }),
      'acme.crm.keys.json': view('SELECT id, ssn FROM acme.crm.people WHERE ssn IS NOT NULL', [
        field('id', 'INT64'),
        field('ssn', 'STRING'),
      ]),
      'acme.crm.keys_of_keys.json': view('SELECT ssn AS k FROM acme.crm.keys', [
        field('k', 'STRING'),
      ]),
      'acme.crm.renamed.json': view('SELECT id, ssn FROM acme.crm.people', [
        field('a', 'INT64'),
        field('b', 'STRING'),
      ]),
      'acme.crm.stale.json': view('SELECT id, ssn FROM acme.crm.people', [field('id', 'INT64')]),
      'acme.crm.legacy.json': view('SELECT 1', [field('a', 'INT64')], { useLegacySql: true }),
      'acme.crm.loop.json': view('SELECT a FROM acme.crm.pool', [field('a', 'INT64')]),
      'acme.crm.pool.json': view('SELECT a FROM acme.crm.loop', [field('a', 'INT64')]),
      'acme.crm.orphan.json': view('SELECT a FROM acme.crm.gone', [field('a', 'INT64')]),
      'acme.crm.model.json': JSON.stringify({ type: 'MODEL' }),
      'acme.crm.events_1.json': JSON.stringify([field('id', 'INT64'), field('who', 'STRING')]),
      'acme.crm.events_2.json': JSON.stringify([field('id', 'INT64'), field('who', 'STRING')]),
      'acme.crm.mixed_1.json': JSON.stringify([field('a', 'INT64'), field('b', 'INT64')]),
      'acme.crm.mixed_2.json': JSON.stringify([field('b', 'INT64'), field('a', 'INT64')]),
      'acme.crm.last4.json': routine('last4', 'RIGHT(x, 4)'),
      'acme.crm.look_up.json': routine(
        'look_up',
        '(SELECT ANY_VALUE(p.ssn) FROM acme.crm.people AS p WHERE p.address.city = x) -- !',
      ),
      'acme.crm.js.json': routine('js', 'return x', { language: 'JAVASCRIPT' }),
      'acme.crm.py.json': routine('py', 'return x', { language: 'PYTHON' }),
      'acme.crm.far.json': routine('far', '', { remoteFunctionOptions: {} }),
      'acme.crm.any.json': routine('any', 'x', {
        arguments: [{ name: 'x', argumentKind: 'ANY_TYPE' }],
      }),
      'acme.crm.rows.json': routine('rows', 'SELECT 1 AS a', {
        routineType: 'TABLE_VALUED_FUNCTION',
      }),
    },
    true,
  ),
)
const { analyze, close } = googleSqlAnalyzer()
afterAll(close)

const defaults = nameDefaults('acme', 'crm')
const ask = (sql: string, parameters: readonly QueryParameter[] = [], parameterMode?: string) =>
  analyze(sql, defaults, { catalog, parameters, parameterMode })

async function touched(sql: string, parameters?: readonly QueryParameter[]): Promise<Analysis> {
  const outcome = await ask(sql, parameters)
  if (!outcome.ok) throw new Error(summarize(outcome))
  return outcome.value
}

/** `copy people.ssn`, or for what has parts `{…; …}` or `[…]`; `-` for nothing. */
function show({ sources, fields, element }: FlowTree): string {
  const own = [...sources].map(([column, flow]) => `${flow} ${column.replace('acme.crm.', '')}`)
  const parts = fields && `{${fields.map(show).join('; ')}}`
  const inner = element && `[${show(element)}]`
  return [...own.toSorted(), parts, inner].filter((part) => part).join(', ') || '-'
}

const flows = (analysis: Analysis) =>
  analysis.touched?.lineage.outputs.map(({ name, flow }) => `${name}: ${show(flow)}`)
const uses = (analysis: Analysis) =>
  analysis.touched?.lineage.uses.map(
    ({ column, use }) => `${use} ${column.replace('acme.crm.', '')}`,
  )

test.each([
  ['SELECT id, ssn FROM people', ['id: copy people.id', 'ssn: copy people.ssn']],
  [
    'SELECT address.city, address FROM `acme.crm.people`',
    [
      'city: copy people.address, copy people.address.city',
      'address: copy people.address, {copy people.address.street; copy people.address.city}',
    ],
  ],
  ['SELECT k FROM keys_of_keys', ['k: copy people.ssn']],
  ['SELECT _PARTITIONDATE AS d FROM parted', ['d: copy parted._PARTITIONDATE']],
  ['SELECT id FROM people FOR SYSTEM_TIME AS OF TIMESTAMP "2026-01-01"', ['id: copy people.id']],
  ['SELECT crm.last4(ssn) AS s FROM people', ['s: derived people.ssn']],
  ['SELECT crm.js(ssn) AS s FROM people', ['s: derived people.ssn']],
  [
    'SELECT crm.look_up("Rome") AS s',
    ['s: derived people.ssn, implicit people.address, implicit people.address.city'],
  ],
  ['SELECT who FROM `events_*`', ['who: copy events_1.who, copy events_2.who']],
])('%s', async (sql, expected) => {
  const found = flows(await touched(sql))
  expect(found?.map((each) => each.replaceAll('(derived|implicit)', ''))).toEqual(expected)
})

test('a view lets what it filters by decide its rows', async () => {
  expect(uses(await touched('SELECT id FROM keys'))).toContain('filter people.ssn')
  expect(uses(await touched('SELECT k FROM keys_of_keys'))).toContain('filter people.ssn')
})

test('a view that names its columns itself mixes them all: no column is told from another', async () => {
  expect(flows(await touched('SELECT a, b FROM renamed'))).toEqual([
    'a: derived people.id, derived people.ssn',
    'b: derived people.id, derived people.ssn',
  ])
})

test('all that was looked up is told, with tags of columns under views', async () => {
  const analysis = await touched('SELECT k, crm.last4(k) AS l FROM keys_of_keys')
  expect(analysis.touched?.sources.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'routine acme.crm.last4',
    'table acme.crm.keys',
    'table acme.crm.keys_of_keys',
    'table acme.crm.people',
  ])
  expect(analysis.touched?.policyTags.get('acme.crm.people.ssn')).toEqual(['tags/ssn'])
  expect(analysis.touched?.lineage.routines).toEqual(['acme.crm.last4'])
  expect(analysis.tables.map(formatTable)).toEqual(['acme.crm.keys_of_keys'])
})

test('a wildcard is every table it stands for', async () => {
  const analysis = await touched('SELECT id FROM `acme.crm.events_*` WHERE _TABLE_SUFFIX = "1"')
  expect(analysis.canonicalSql).toContain('`events_*`')
  expect(analysis.tables.map(formatTable)).toEqual(['acme.crm.events_1', 'acme.crm.events_2'])
})

test.each([
  ['SELECT a FROM `mixed_*`', 'have the same columns'],
  ['SELECT a FROM `keys*`', 'plain tables'],
  ['WITH `events_*` AS (SELECT 1 AS id) SELECT id FROM `events_*`', 'another alias'],
  ['DELETE FROM `events_*` WHERE TRUE', 'instead of the wildcard'],
  ['SELECT a FROM `*`', 'name the tables one by one'],
  ['SELECT id FROM stale', 'its columns have changed'],
  ['SELECT a FROM legacy', 'legacy SQL'],
  ['SELECT a FROM loop', 'too many others'],
  ['SELECT a FROM orphan', 'is not there'],
  ['SELECT a FROM model', 'MODEL'],
  ['SELECT crm.py(ssn) FROM people', 'PYTHON'],
  ['SELECT crm.far(ssn) FROM people', 'outside BigQuery'],
  ['SELECT crm.any(ssn) FROM people', 'any type'],
  ['SELECT crm.rows(ssn) FROM people', 'no scalar function'],
  ['SELECT ML.DISTANCE([1.0], [2.0])', 'none of the functions'],
  ['SELECT `AI.GENERATE`(ssn) FROM people', 'none of the functions'],
  ['SELECT safe.ml.distance(ssn) FROM people', 'none of the functions'],
  ['SELECT * FROM crm.rows("a")', 'query its tables instead'],
  ['SELECT * FROM EXTERNAL_QUERY("c", "SELECT 1")', 'query its tables instead'],
  ['SELECT a.id FROM acme.crm.people a JOIN acme.CRM.people b USING (id)', 'in one way'],
])('refused: %s', async (sql, hint) => {
  const outcome = await ask(sql)
  expect(summarize(outcome)).toContain('not understood')
  expect(summarize(outcome)).toContain(hint)
})

test.each([
  ['SELECT a FROM nobody', 'nobody'],
  ['SELECT crm.nothing(1)', 'nothing'],
  ['SELECT a FROM `nobody_*`', 'nobody_*'],
])('not there: %s', async (sql, what) => {
  const outcome = await ask(sql)
  expect(outcome).toMatchObject({ ok: false, error: { problem: 'not-in-catalog' } })
  expect(!outcome.ok && 'what' in outcome.error && outcome.error.what).toContain(what)
})

test('a column that is not there is an error of the SQL', async () => {
  expect(summarize(await ask('SELECT nothing FROM people'))).toMatch(
    /^Unrecognized name: nothing at \[\d+:\d+\]$/,
  )
})

test('parameters have the types of the request', async () => {
  const ids = [{ name: 'ids', parameterType: { type: 'ARRAY', arrayType: { type: 'INT64' } } }]
  const sql = 'SELECT ssn FROM people WHERE id IN UNNEST(@ids)'
  const parameters = ids.map((each) => ({ ...each, parameterValue: {} }))
  expect(uses(await touched(sql, parameters))).toContain('filter people.id')
  expect((await ask(sql)).ok).toBe(false)
})

test('without schemas neither routines nor wildcards are understood', async () => {
  for (const sql of ['SELECT crm.last4("a")', 'SELECT id FROM `events_*`'])
    expect(summarize(await analyze(sql, defaults))).toContain('not understood')
})

test('an analysis is remembered until what it was made of changes', async () => {
  let etag = 'one'
  let looked = 0
  const changing = {
    ...catalog,
    table: async (table: Parameters<typeof catalog.table>[0]) => {
      looked += 1
      const found = await catalog.table(table)
      return found.ok
        ? {
            ok: true as const,
            value: {
              ...found.value,
              etag,
              columns: found.value.columns.slice(0, etag === 'one' ? 4 : 1),
            },
          }
        : found
    },
  }
  const again = () =>
    analyze('SELECT ssn FROM people', defaults, {
      catalog: changing,
      parameters: [],
      parameterMode: undefined,
    })
  expect((await again()).ok).toBe(true)
  expect((await again()).ok).toBe(true)
  expect(looked).toBe(2)
  etag = 'two'
  expect((await again()).ok).toBe(false)
})
