import { afterAll, expect, test } from 'vitest'

import { bigQueryCatalog } from '../../../shared/adapters/bigquery/catalog.ts'
import { noCredential } from '../../../shared/adapters/bigquery/credential.ts'
import { bigQueryDryRun } from '../../../shared/adapters/bigquery/dry-run.ts'
import { ownQuestions } from '../../../shared/adapters/bigquery/own-questions.ts'
import { googleSqlAnalyzer } from '../../../shared/adapters/googlesql/analyzer.ts'
import { crossCheck } from '../../../shared/analysis/cross-check.ts'
import type { DryRunFacts } from '../../../shared/analysis/dry-run.ts'
import { passesUngoverned } from '../../../shared/analysis/ungoverned.ts'
import { nameDefaults, summarize } from '../../support/analyzer-world.ts'
import { localBigQuery } from '../../support/local-bigquery.ts'

const { url } = await localBigQuery()
const clock = () => 0
const { ask, close } = ownQuestions({
  baseUrl: new URL(url),
  credentials: () => noCredential,
  clock,
})
const analyzer = googleSqlAnalyzer()
afterAll(async () => {
  analyzer.close()
  await close()
})

const defaults = nameDefaults('acme', 'crm')
const { projectId } = defaults
const catalog = bigQueryCatalog({ ask, connection: 'main', projectId, clock })
const dryRun = bigQueryDryRun(ask, 'main')

async function analyzed(sql: string) {
  const schemas = { catalog, parameters: [], parameterMode: undefined }
  const outcome = await analyzer.analyze(sql, defaults, schemas)
  if (!outcome.ok || outcome.value.touched === undefined) throw new Error(summarize(outcome))
  return { ...outcome.value, touched: outcome.value.touched }
}

async function factsOf(sql: string): Promise<DryRunFacts> {
  const answer = await dryRun({
    projectId,
    sql,
    defaultDataset: undefined,
    parameters: [],
    parameterMode: undefined,
    location: undefined,
  })
  if (!answer.ok) throw new Error(JSON.stringify(answer.error))
  return answer.value
}

test.each([
  'SELECT 1',
  'SELECT ID, name, COUNT(*), 1 FROM people GROUP BY 1, 2',
  'SELECT * FROM people',
  'SELECT STRUCT(1, "a" AS b) AS s, [1.5] AS l, NULL AS n',
  'SELECT a.id FROM adults AS a JOIN people USING (id)',
  'SELECT id FROM adult_ids',
  'SELECT crm.initial(name) FROM people',
  'SELECT table_name FROM crm.INFORMATION_SCHEMA.TABLES',
  'INSERT INTO people (id) SELECT id FROM adults',
  'INSERT INTO people (id) VALUES (4)',
  'UPDATE people SET name = "x" WHERE id = 1',
  'DELETE FROM people WHERE id = 1',
  'CREATE TABLE crm.copied AS SELECT id, name FROM people',
  'CREATE VIEW crm.seen AS SELECT id FROM people',
])('BigQuery sees the same in %s', async (sql) => {
  const analysis = await analyzed(sql)
  expect(crossCheck(analysis, await factsOf(analysis.canonicalSql))).toEqual({
    ok: true,
    value: undefined,
  })
})

const sql = 'SELECT id, crm.initial(name) AS i FROM adults'
const agreed = await factsOf((await analyzed(sql)).canonicalSql)

test.each<[string, Partial<DryRunFacts>]>([
  ['kind of statement', { statementType: 'SCRIPT' }],
  ['table', { referencedTables: [] }],
  ['table', { referencedTables: [...agreed.referencedTables, 'acme.hr.pay'] }],
  ['routine', { referencedRoutines: ['acme.crm.other'] }],
  ['parameters', { undeclaredParameters: 1 }],
  ['result', { schema: agreed.schema?.slice(0, 1) ?? [] }],
  ['result', { schema: agreed.schema?.toReversed() ?? [] }],
  [
    'result',
    { schema: agreed.schema?.map(({ name }) => ({ name, type: { kind: 'BYTES' } })) ?? [] },
  ],
])('a %s of its own is a difference', async (what, change) => {
  const checked = crossCheck(await analyzed(sql), { ...agreed, ...change })
  expect(checked).toMatchObject({ ok: false, error: { problem: 'not-understood' } })
  expect(!checked.ok && JSON.stringify(checked.error)).toContain(`another ${what} in it`)
})

test.each([
  ['FROM acme.hr.pay |> SELECT id', agreed, true],
  ['FROM acme.hr.pay |> SELECT id', { ...agreed, statementType: 'INSERT' }, false],
  ['FROM x |> SELECT id', { ...agreed, referencedTables: ['acme.crm.secret'] }, false],
  ['FROM x |> SELECT id', { ...agreed, referencedRoutines: ['acme.crm.secret'] }, false],
  ['FROM EXTERNAL_QUERY("c", "…") |> SELECT id', agreed, false],
  ['FROM ML.PREDICT(x, y) |> SELECT id', agreed, false],
  ['FROM `\\u0045XTERNAL_QUERY`("c") |> SELECT id', agreed, false],
  ['FROM a.INFORMATION_SCHEMA.JOBS |> SELECT id', agreed, false],
])('what nobody understands: %s', (text, facts, passes) => {
  expect(passesUngoverned(text, facts, (_, name) => name.endsWith('.secret'))).toBe(passes)
})
