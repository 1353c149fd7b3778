import { afterAll, expect, test } from 'vitest'

import { googleSqlAnalyzer } from '../../../shared/adapters/googlesql/analyzer.ts'
import { nameDefaults, summarize } from '../../support/analyzer-world.ts'
import { guarantee } from '../../support/guarantee.ts'

const { analyze, close } = googleSqlAnalyzer()
afterAll(close)

const defaults = nameDefaults('acme', 'hospital')
const [p, c, s] = ['acme.hospital.patients', 'acme.hospital.claims', 'acme.hospital.staff']

test.each([
  // Names.
  ['SELECT 1', 'SELECT'],
  ['SELECT * FROM patients', `SELECT ${p}`],
  ['SELECT * FROM hospital.patients, acme.hospital.claims', `SELECT ${c}, ${p}`],
  ['SELECT * FROM `acme.hospital.patients`', `SELECT ${p}`],
  ['SELECT * FROM `acme`.`hospital`.`patients`', `SELECT ${p}`],
  ['SELECT * FROM `acme.hospital`.patients', `SELECT ${p}`],
  ['SELECT * FROM `ac\\x6de.hospital`.`patient\\163`', `SELECT ${p}`],
  ['SELECT * FROM acme-prod.hospital.patients', 'SELECT acme-prod.hospital.patients'],
  ['SELECT * FROM `example.com:acme`.a.b', 'SELECT example.com:acme.a.b'],
  ['SELECT * FROM Patients, patients', `SELECT acme.hospital.Patients, ${p}`],
  ['SELECT * FROM patients AS a JOIN patients AS b USING (id)', `SELECT ${p}`],
  [
    'SELECT * FROM hospital.INFORMATION_SCHEMA.TABLES',
    'SELECT acme.hospital.INFORMATION_SCHEMA.TABLES',
  ],
  // Where tables can stand.
  ['SELECT (SELECT 1 FROM patients), EXISTS (SELECT 1 FROM claims)', `SELECT ${c}, ${p}`],
  ['SELECT ARRAY(SELECT id FROM patients)[OFFSET(0)]', `SELECT ${p}`],
  [
    'SELECT 1 IN (SELECT id FROM patients), 1 LIKE ANY (SELECT id FROM claims)',
    `SELECT ${c}, ${p}`,
  ],
  ['SELECT * FROM (patients JOIN claims USING (id)) CROSS JOIN staff', `SELECT ${c}, ${p}, ${s}`],
  [
    'SELECT * FROM patients JOIN claims JOIN staff ON TRUE ON EXISTS (SELECT 1 FROM a.b)',
    `SELECT acme.a.b, ${c}, ${p}, ${s}`,
  ],
  ['(SELECT 2 FROM patients) UNION ALL (SELECT 3 FROM claims) LIMIT 1', `SELECT ${c}, ${p}`],
  ['SELECT 1 FROM patients ORDER BY (SELECT MAX(x) FROM claims), 1 LIMIT 2', `SELECT ${c}, ${p}`],
  [
    'SELECT SUM(x) OVER (ORDER BY (SELECT 1 FROM claims)) FROM patients WINDOW w AS ()',
    `SELECT ${c}, ${p}`,
  ],
  [
    'SELECT 1 FROM patients WHERE a GROUP BY ALL HAVING (SELECT TRUE FROM claims)',
    `SELECT ${c}, ${p}`,
  ],
  ['SELECT * FROM patients FOR SYSTEM_TIME AS OF TIMESTAMP "2024-01-01"', `SELECT ${p}`],
  ['SELECT * FROM patients TABLESAMPLE SYSTEM (10 PERCENT)', `SELECT ${p}`],
  ['SELECT * FROM patients PIVOT (SUM(x) FOR q IN ("a" AS b)) AS t, claims', `SELECT ${c}, ${p}`],
  ['SELECT * FROM UNNEST(ARRAY(SELECT id FROM patients))', `SELECT ${p}`],
  [
    'SELECT IF((SELECT TRUE FROM patients), 1, 2), CASE (SELECT 1 FROM claims) WHEN 1 THEN 2 END',
    `SELECT ${c}, ${p}`,
  ],
  // Where names are not tables.
  ['WITH patients AS (SELECT * FROM patients) SELECT * FROM PATIENTS', `SELECT ${p}`],
  [
    'WITH a AS (SELECT 1), b AS (SELECT * FROM a) SELECT * FROM b, (WITH claims AS (SELECT 1) SELECT * FROM claims)',
    'SELECT',
  ],
  ['WITH b AS (SELECT * FROM a), a AS (SELECT 1) SELECT * FROM b', 'SELECT acme.hospital.a'],
  ['WITH RECURSIVE b AS (SELECT * FROM a), a AS (SELECT 1) SELECT * FROM b', 'SELECT'],
  ['WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r', 'SELECT'],
  ['SELECT * FROM (WITH patients AS (SELECT 1) SELECT 1), patients', `SELECT ${p}`],
  ['SELECT * FROM patients, patients.visits', `SELECT ${p}`],
  ['SELECT * FROM `acme.hospital.patients`, patients.visits', `SELECT ${p}`],
  ['SELECT * FROM patients AS x, X.visits v, v.codes, UNNEST(v.codes)', `SELECT ${p}`],
  ['SELECT (SELECT 1 FROM x.visits) FROM patients AS x', `SELECT ${p}`],
  ['SELECT * FROM patients, (SELECT * FROM patients.visits)', `SELECT ${p}, acme.patients.visits`],
  ['SELECT * FROM patients.visits, patients', `SELECT ${p}, acme.patients.visits`],
  ['SELECT (SELECT 1 FROM UNNEST(visits)) FROM patients', `SELECT ${p}`],
  // Statements.
  ['INSERT INTO claims (a) SELECT a FROM patients', `INSERT ${p} > ${c}`],
  ['INSERT claims VALUES (1, DEFAULT, (SELECT MAX(a) FROM patients))', `INSERT ${p} > ${c}`],
  ['INSERT claims SELECT * FROM claims', `INSERT ${c} > ${c}`],
  ['UPDATE claims SET a = 1 WHERE TRUE', `UPDATE ${c} > ${c}`],
  [
    'UPDATE claims c SET c.a = p.a FROM patients p, c.lines WHERE p.id = c.id',
    `UPDATE ${c}, ${p} > ${c}`,
  ],
  ['DELETE FROM claims WHERE id IN (SELECT id FROM patients)', `DELETE ${c}, ${p} > ${c}`],
  [
    'MERGE claims c USING patients p ON c.id = p.id WHEN MATCHED THEN UPDATE SET a = (SELECT MAX(a) FROM staff) WHEN NOT MATCHED THEN INSERT ROW',
    `MERGE ${c}, ${p}, ${s} > ${c}`,
  ],
  ['TRUNCATE TABLE claims', `TRUNCATE_TABLE > ${c}`],
  [
    'CREATE TABLE a.b (x INT64 NOT NULL, y ARRAY<STRUCT<z STRING(3)>>, PRIMARY KEY (x) NOT ENFORCED) PARTITION BY x CLUSTER BY y OPTIONS (description = "d")',
    'CREATE_TABLE > acme.a.b',
  ],
  [
    'CREATE OR REPLACE TABLE a.b AS SELECT * FROM patients',
    `CREATE_TABLE_AS_SELECT ${p} > acme.a.b`,
  ],
  ['CREATE OR REPLACE VIEW a.b (x) AS SELECT id FROM patients', `CREATE_VIEW ${p} > acme.a.b`],
  ['DROP TABLE IF EXISTS `acme.a.b`', 'DROP_TABLE > acme.a.b'],
  ['DROP VIEW a.b', 'DROP_VIEW > acme.a.b'],
])('%s', async (sql, expected) => {
  expect(summarize(await analyze(sql, defaults))).toBe(expected)
})

test.each([
  [
    'SELECT * FROM patients',
    'Table "patients" must be qualified with a dataset (e.g. dataset.table).',
  ],
  ['SELEC 1', 'Syntax error: Unexpected identifier "SELEC" at [1:1]'],
  ['-- c\nSELECT 1 FROM', 'Syntax error: Unexpected end of script at [2:14]'],
  ['SELECT /* é */ 1 +* 2', 'Syntax error: Unexpected "*" at [1:19]'],
  ['SELECT "a', 'Syntax error: Unclosed string literal at [1:8]'],
  ['', 'Syntax error: Unexpected end of script'],
  ['# legacySQL', 'Syntax error: Unexpected end of script'],
  ['SELECT 1; SELEC 2', 'Syntax error: Expected end of input but got identifier "SELEC" at [1:11]'],
])('errors are in the words of BigQuery: %s', async (sql, message) => {
  expect(summarize(await analyze(sql, nameDefaults('acme')))).toBe(message)
})

const notUnderstood: readonly (readonly [string, string])[] = [
  // Scripts, and what runs other SQL.
  ['SELECT 1; SELECT 2', 'one statement at a time'],
  ['DECLARE x INT64 DEFAULT (SELECT MAX(ssn) FROM patients); SELECT x', 'one statement at a time'],
  ['DECLARE x INT64', 'one statement at a time'],
  ['BEGIN SELECT 1; END', 'one statement at a time'],
  ['IF TRUE THEN SELECT 1; END IF', 'one statement at a time'],
  ['FOR r IN (SELECT ssn FROM patients) DO SELECT r.ssn; END FOR', 'one statement at a time'],
  ['CREATE TEMP FUNCTION f() AS ((SELECT MAX(ssn) FROM patients)); SELECT f()', 'one statement'],
  ['SET x = 1', 'one statement at a time'],
  ['SET @@dataset_id = "billing"', 'one statement at a time'],
  ['EXECUTE IMMEDIATE "SELECT ssn FROM patients"', 'EXECUTE IMMEDIATE'],
  ['CALL hospital.f()', 'CALL'],
  ['BEGIN TRANSACTION', 'BEGIN'],
  ['EXPLAIN SELECT 1', 'EXPLAIN'],
  // Other statements.
  ['EXPORT DATA OPTIONS (uri = "gs://b/*") AS SELECT ssn FROM patients', 'EXPORT DATA'],
  ['LOAD DATA INTO hospital.t FROM FILES (uris = ["gs://b/x"], format = "CSV")', 'LOAD DATA'],
  ['GRANT `roles/bigquery.dataViewer` ON TABLE patients TO "user:x@y.z"', 'GRANT'],
  ['ALTER TABLE patients RENAME COLUMN ssn TO note', 'ALTER TABLE'],
  ['CREATE TEMP TABLE t AS SELECT * FROM patients', 'TEMPORARY'],
  ['CREATE TEMP FUNCTION f() AS (1)', 'CREATE FUNCTION'],
  ['CREATE FUNCTION hospital.f() AS ((SELECT MAX(ssn) FROM hospital.patients))', 'CREATE FUNCTION'],
  ['CREATE PROCEDURE hospital.f() BEGIN SELECT ssn FROM hospital.patients; END', 'PROCEDURE'],
  ['CREATE MODEL hospital.m OPTIONS (model_type = "x") AS SELECT * FROM patients', 'CREATE MODEL'],
  ['CREATE EXTERNAL TABLE a.b OPTIONS (uris = ["gs://b/x"])', 'CREATE EXTERNAL TABLE'],
  ['CREATE TABLE a.b CLONE patients', 'CLONE'],
  ['CREATE TABLE a.b COPY patients', 'COPY'],
  ['CREATE TABLE a.b LIKE patients', 'LIKE'],
  ['CREATE SNAPSHOT TABLE a.b CLONE patients', 'SNAPSHOT'],
  ['CREATE MATERIALIZED VIEW a.b AS SELECT 1 FROM hospital.patients', 'MATERIALIZED VIEW'],
  ['CREATE RECURSIVE VIEW a.b AS SELECT 1', 'CREATE VIEW'],
  ['CREATE TABLE a.b (x INT64 REFERENCES patients (id) NOT ENFORCED)', 'REFERENCES'],
  ['DROP SCHEMA hospital CASCADE', 'DROP SCHEMA'],
  ['DROP MATERIALIZED VIEW a.b', 'MATERIALIZED VIEW'],
  ['INSERT OR REPLACE INTO claims SELECT * FROM patients', 'REPLACE'],
  ['INSERT INTO claims (a) VALUES (1) THEN RETURN *', 'RETURNING'],
  ['UPDATE claims SET (DELETE lines WHERE TRUE) WHERE TRUE', 'DELETE'],
  ['DELETE claims.lines[0] WHERE TRUE', ''],
  ['INSERT INTO hospital.INFORMATION_SCHEMA.TABLES (a) VALUES (1)', 'INFORMATION_SCHEMA'],
  // What reads data without naming it.
  ['SELECT hospital.f(ssn) FROM patients', 'routine `hospital.f`'],
  ['SELECT `acme.hospital.f`(1)', 'routine `acme.hospital.f`'],
  ['SELECT f(1)', 'routine `f`'],
  ['SELECT OFFSET(1)', 'routine `OFFSET`'],
  ['SELECT a[f(1)] FROM patients', 'routine `f`'],
  ['SELECT SAFE.hospital.f(1)', 'routine'],
  ['SELECT SUM(hospital.f(x)) OVER (ORDER BY 1) FROM patients', 'routine `hospital.f`'],
  ['SELECT 1 FROM a JOIN b JOIN c ON hospital.f(1) ON TRUE', 'routine `hospital.f`'],
  ['SELECT * FROM hospital.f(1)', 'table function `hospital.f`'],
  ['SELECT * FROM hospital.f(TABLE patients)', 'table function'],
  ['SELECT * FROM EXTERNAL_QUERY("us.c", "SELECT ssn FROM patients")', 'table function'],
  ['SELECT * FROM ML.PREDICT(MODEL hospital.m, TABLE patients)', 'table function `ML.PREDICT`'],
  ['SELECT * FROM APPENDS(TABLE patients, NULL, NULL)', 'table function `APPENDS`'],
  ['SELECT * FROM VECTOR_SEARCH(TABLE a.b, "e", TABLE patients)', 'table function'],
  ['SELECT AI.GENERATE(ssn) FROM patients', 'routine `AI.GENERATE`'],
  ['SELECT * FROM UNNEST(hospital.patients.visits)', 'UNNEST(hospital.patients.visits)'],
  ['SELECT * FROM claims, UNNEST(hospital.patients.visits[0].codes)', 'UNNEST('],
  ['SELECT @@project_id', 'system variable'],
  ['SELECT @@session_id FROM patients', 'system variable'],
  ['SELECT WITH DIFFERENTIAL_PRIVACY OPTIONS (epsilon = 1) COUNT(*) FROM patients', 'SELECT WITH'],
  ['SELECT @{x=1} 1 FROM patients', 'hint'],
  // Names with more than one reading.
  ['SELECT * FROM `events_*`', 'wildcard'],
  ['SELECT * FROM hospital.__TABLES__', 'not the name'],
  ['SELECT * FROM `hospital.patients$20240101`', 'not the name'],
  ['SELECT * FROM `region-us`.INFORMATION_SCHEMA.JOBS', 'INFORMATION_SCHEMA'],
  ['SELECT * FROM INFORMATION_SCHEMA.SCHEMATA', 'INFORMATION_SCHEMA'],
  ['SELECT * FROM hospital.information_schema.tables', 'INFORMATION_SCHEMA'],
  ['WITH `hospital.patients` AS (SELECT 1) SELECT * FROM `hospital.patients`', 'alias'],
  ['SELECT 1 FROM claims AS `acme.hospital`, `acme.hospital`.patients', 'alias'],
  // Written out in full, the second would be a field of the first.
  ['SELECT * FROM claims AS acme, patients', 'alias'],
  // Where GoogleSQL's own list of table names is silent.
  ['SELECT 1 FROM patients QUALIFY (SELECT TRUE FROM staff)', 'QUALIFY'],
  ['SELECT 1 FROM patients WINDOW w AS (ORDER BY (SELECT 1 FROM staff))', 'WINDOW'],
  ['SELECT 1 FROM patients FOR SYSTEM_TIME AS OF (SELECT t FROM staff)', 'FOR SYSTEM_TIME'],
  ['CREATE TABLE a.b (x INT64 DEFAULT (SELECT 1 FROM patients))', 'DEFAULT'],
  // Syntax that only newer releases know.
  ['FROM patients |> SELECT ssn', '|>'],
  ['SELECT 1 AS a UNION ALL BY NAME SELECT 2 AS a', 'BY NAME'],
  ['GRAPH hospital.g MATCH (p) RETURN p.ssn', 'GRAPH'],
]

test.each(notUnderstood)('not understood: %s', async (sql, hint) => {
  const outcome = await analyze(sql, defaults)
  expect(outcome).toMatchObject({ ok: false, error: { problem: 'not-understood' } })
  expect(summarize(outcome)).toContain(hint)
})

guarantee('unknown-means-no', async () => {
  for (const [sql] of notUnderstood) {
    const outcome = await analyze(sql, defaults)
    expect(outcome).not.toHaveProperty('value')
  }
})
