import { expect, test } from 'vitest'

import { localBigQuery } from '../../support/local-bigquery.ts'

const { get, query, rows, insert } = await localBigQuery()

const defaultDataset = { defaultDataset: { projectId: 'acme', datasetId: 'crm' } }

test.each<[sql: string, expected: readonly (readonly unknown[])[], more?: object]>([
  ['SELECT id FROM acme.crm.people ORDER BY id', [['1'], ['2'], ['3']]],
  ['SELECT id FROM `acme.crm.people` ORDER BY id LIMIT 1', [['1']]],
  ['SELECT people.id FROM `acme.crm.people` WHERE people.name = "Bob"', [['2']]],
  ['SELECT p.id FROM `acme.crm`.people AS p, p.tags t WHERE t = "a"', [['1']]],
  ['SELECT people.id FROM crm.people, people.tags t ORDER BY t', [['1'], ['1']]],
  ['SELECT id FROM people WHERE id = 3', [['3']], defaultDataset],
  ['WITH people AS (SELECT id FROM people) SELECT COUNT(*) FROM people', [['3']], defaultDataset],
  ['SELECT COUNT(*) FROM crm.people a JOIN crm.people b USING (id)', [['3']]],
  [
    'SELECT id, name FROM crm.adults ORDER BY id',
    [
      ['2', 'Bob'],
      ['3', null],
    ],
  ],
  ['SELECT adults.id FROM `acme.crm.adults` ORDER BY 1 DESC', [['3'], ['2']]],
  ['SELECT id FROM crm.adult_ids JOIN crm.adults USING (id) ORDER BY id', [['2'], ['3']]],
  [
    'SELECT crm.initial("Zoe"), acme.crm.initial("Max"), `acme.crm.initial`("Lea")',
    [['Z', 'M', 'L']],
  ],
  [
    'SELECT * FROM crm.after(1) ORDER BY id',
    [
      ['2', 'B'],
      ['3', null],
    ],
  ],
  ['SELECT initial FROM `acme.crm.after`(1) WHERE id = 2', [['B']]],
  ['SELECT SESSION_USER()', [['local@sluice.example']]],
  [
    "SELECT REGEXP_CONTAINS(GENERATE_UUID(), r'^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$')",
    [['true']],
  ],
  ['SELECT COUNT(DISTINCT GENERATE_UUID()) FROM UNNEST([1, 2, 3])', [['3']]],
  ['SELECT APPROX_COUNT_DISTINCT( x) FROM UNNEST([1, 1, 2]) x', [['2']]],
  [
    'SELECT MAX_BY(a, b), MIN_BY(a, b) FROM UNNEST([STRUCT("x" AS a, 1 AS b), ("y", 2)])',
    [['y', 'x']],
  ],
  [
    'SELECT * FROM (SELECT name, id FROM crm.people) PIVOT(COUNT(id) FOR name IN ("Ann", "Bob"))',
    [['1', '1']],
  ],
  ['SELECT id FROM crm.people QUALIFY ROW_NUMBER() OVER (ORDER BY id DESC) = 1', [['3']]],
  [
    'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT SUM(n) FROM r',
    [['6']],
  ],
])('%s', async (sql, expected, more) => {
  expect(await rows(sql, more)).toEqual(expected)
})

const stats = (inserted: string, updated: string, deleted: string) => ({
  insertedRowCount: inserted,
  updatedRowCount: updated,
  deletedRowCount: deleted,
})

test('INSERT, UPDATE, DELETE and TRUNCATE change what later queries see', async () => {
  await query(
    'CREATE TABLE crm.t (id INT64 NOT NULL, s STRUCT<a STRING, b INT64>, xs ARRAY<INT64>)',
  )
  const run = async (sql: string) => {
    const { body } = await query(sql)
    return [body.numDmlAffectedRows, body.dmlStats]
  }
  expect(await run('INSERT INTO crm.t (id, s) VALUES (1, ("a", 1)), (2, NULL)')).toEqual([
    '2',
    stats('2', '0', '0'),
  ])
  expect(await run('INSERT crm.t SELECT id + 10, s, [id] FROM `acme.crm.t`')).toEqual([
    '2',
    stats('2', '0', '0'),
  ])
  expect(await run('UPDATE crm.t SET s.b = s.b + 1, xs = [id, id] WHERE s IS NOT NULL')).toEqual([
    '2',
    stats('0', '2', '0'),
  ])
  expect(
    await run('UPDATE `acme.crm.t` SET id = p.id FROM crm.people p WHERE t.id - 9 = p.id'),
  ).toEqual(['2', stats('0', '2', '0')])
  expect(await rows('SELECT id, s.b, ARRAY_LENGTH(xs) FROM crm.t ORDER BY id, s.b')).toEqual([
    ['1', '2', '2'],
    ['2', null, '0'],
    ['2', '2', '2'],
    ['3', null, '1'],
  ])
  expect(await run('DELETE FROM crm.t WHERE id IN (SELECT id FROM crm.adults)')).toEqual([
    '3',
    stats('0', '0', '3'),
  ])
  expect(await run('DELETE crm.t WHERE FALSE')).toEqual(['0', stats('0', '0', '0')])
  expect(await run('TRUNCATE TABLE crm.t')).toEqual(['1', stats('0', '0', '1')])
  expect(await rows('SELECT COUNT(*) FROM crm.t')).toEqual([['0']])
})

test('a change that fails changes nothing', async () => {
  await query('CREATE TABLE crm.strict (id INT64 NOT NULL)')
  const failed = await query('INSERT crm.strict SELECT IF(n = 2, NULL, n) FROM UNNEST([1, 2]) n')
  expect(failed.body.error.message).toBe('Required field id cannot be null')
  expect(await rows('SELECT COUNT(*) FROM crm.strict')).toEqual([['0']])
})

test('changes to one table at the same time are all made', async () => {
  await query('CREATE TABLE crm.busy AS SELECT 0 AS n')
  const answers = await Promise.all([
    ...Array.from({ length: 6 }, () => query('UPDATE crm.busy SET n = n + 1 WHERE TRUE')),
    ...Array.from({ length: 6 }, () => query('INSERT crm.busy VALUES (1000)')),
  ])
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200))
  expect(await rows('SELECT COUNT(*), SUM(MOD(n, 1000)) >= 6 FROM crm.busy')).toEqual([
    ['7', 'true'],
  ])
})

/** Which statement did what to which table, or the reason why not. */
const done = async (sql: string) => {
  const { status, body } = await query(sql)
  if (status !== 200) return body.error.errors[0].reason
  const job = await get(`/jobs/${body.jobReference.jobId}`)
  const { ddlOperationPerformed, ddlTargetTable, statementType } = job.body.statistics.query
  return `${statementType} ${ddlOperationPerformed} ${ddlTargetTable.tableId}`
}

test('CREATE and DROP say what they did', async () => {
  expect(await done('CREATE TABLE crm.made (a INT64)')).toBe('CREATE_TABLE CREATE made')
  expect(await done('CREATE TABLE crm.made (a INT64)')).toBe('duplicate')
  expect(await done('CREATE TABLE IF NOT EXISTS crm.made (b INT64)')).toBe('CREATE_TABLE SKIP made')
  expect(await done('CREATE OR REPLACE TABLE `acme.crm.made` AS (SELECT id FROM crm.adults)')).toBe(
    'CREATE_TABLE_AS_SELECT REPLACE made',
  )
  expect(await rows('SELECT * FROM crm.made ORDER BY id')).toEqual([['2'], ['3']])
  expect(await done('CREATE VIEW crm.seen AS SELECT id AS i FROM crm.made')).toBe(
    'CREATE_VIEW CREATE seen',
  )
  expect(await done('CREATE OR REPLACE VIEW crm.seen AS SELECT id * 2 AS i FROM crm.made')).toBe(
    'CREATE_VIEW REPLACE seen',
  )
  expect(await rows('SELECT i FROM crm.seen ORDER BY i')).toEqual([['4'], ['6']])
  expect(await done('DROP TABLE crm.seen')).toBe('invalidQuery')
  expect(await done('DROP VIEW crm.seen')).toBe('DROP_VIEW DROP seen')
  expect(await done('DROP VIEW IF EXISTS crm.seen')).toBe('DROP_VIEW SKIP seen')
  expect(await done('DROP TABLE crm.made')).toBe('DROP_TABLE DROP made')
  expect(await done('DROP TABLE crm.made')).toBe('notFound')
})

test('a view follows its table, and fails without it', async () => {
  await query('CREATE TABLE crm.base AS SELECT 1 AS x')
  await query('CREATE VIEW crm.over AS SELECT x FROM crm.base')
  await query('INSERT crm.base VALUES (2)')
  expect(await rows('SELECT SUM(x) FROM crm.over')).toEqual([['3']])
  await query('CREATE OR REPLACE TABLE crm.base AS SELECT 10 AS x')
  expect(await rows('SELECT SUM(x) FROM crm.over')).toEqual([['10']])
  await query('DROP TABLE crm.base')
  expect((await query('SELECT * FROM crm.over')).body.error.message).toBe(
    'Not found: Table acme:crm.base was not found in location US',
  )
})

test('PARTITION BY, CLUSTER BY and keys say how to store, so they are accepted', async () => {
  const { status } = await query(
    'CREATE TABLE crm.stored (d DATE, x INT64, PRIMARY KEY (x) NOT ENFORCED) PARTITION BY d CLUSTER BY x',
  )
  expect(status).toBe(200)
})

test('labels of jobs can be read back with SQL', async () => {
  const labels = { session: 's-1', entry: 'abc' }
  await insert('SELECT 7 AS x FROM crm.people', { jobId: 'labelled' }, { labels })
  await get('/queries/labelled')
  const read = `
    SELECT j.job_id, j.statement_type, j.state, j.user_email, j.query, j.cache_hit,
      (SELECT value FROM UNNEST(j.labels) WHERE key = 'session'),
      (SELECT STRING_AGG(table_id) FROM UNNEST(referenced_tables)),
      j.error_result.reason, j.total_bytes_processed, end_time >= start_time
    FROM \`region-us\`.INFORMATION_SCHEMA.JOBS AS j
    WHERE EXISTS (SELECT 1 FROM UNNEST(j.labels) WHERE key = 'entry' AND value = 'abc')`
  const row = [
    'labelled',
    'SELECT',
    'DONE',
    'local@sluice.example',
    'SELECT 7 AS x FROM crm.people',
    'false',
    's-1',
    'people',
    null,
    '0',
    'true',
  ]
  expect(await rows(read)).toEqual([row])
  const spelled = read.replace(
    '`region-us`.INFORMATION_SCHEMA.JOBS',
    'acme.`region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT',
  )
  expect(await rows(spelled)).toEqual([row])
})

test.each([
  [
    'SELECT table_name, table_type FROM crm.INFORMATION_SCHEMA.TABLES WHERE table_name IN ("people", "adults") ORDER BY 1',
    [
      ['adults', 'VIEW'],
      ['people', 'BASE TABLE'],
    ],
  ],
  [
    'SELECT column_name, data_type, is_nullable FROM `acme.crm`.INFORMATION_SCHEMA.COLUMNS WHERE table_name = "people" ORDER BY ordinal_position DESC LIMIT 3',
    [
      ['tags', 'ARRAY<STRING>', 'YES'],
      ['address', 'STRUCT<street STRING, city STRING>', 'YES'],
      ['born', 'DATE', 'YES'],
    ],
  ],
  [
    'SELECT DISTINCT table_schema FROM `region-us`.INFORMATION_SCHEMA.TABLES ORDER BY 1',
    [['crm'], ['hr']],
  ],
  ['SELECT schema_name FROM INFORMATION_SCHEMA.SCHEMATA ORDER BY 1', [['crm'], ['hr']]],
  [
    'SELECT ddl FROM hr.INFORMATION_SCHEMA.TABLES',
    [['CREATE TABLE `acme.hr.pay`\n(\n  id INT64,\n  gross NUMERIC\n);']],
  ],
])('%s', async (sql, expected) => {
  expect(await rows(sql)).toEqual(expected)
})
