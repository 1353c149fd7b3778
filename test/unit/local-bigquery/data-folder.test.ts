import { expect, test } from 'vitest'

import { startLocalBigQuery } from '../../../infra/local/bigquery/start-local-bigquery.ts'
import { dataFolder } from '../../support/local-bigquery.ts'

const SCHEMA =
  '[\n  {"name": "id", "type": "INT64", "mode": "REQUIRED"},\n  {"name": "at", "type": "DATE"}\n]'

const schema = (fields: string) => ({ 'p/d/t.schema.json': fields })
const rows = (lines: string) => ({ 'p/d/t.schema.json': SCHEMA, 'p/d/t.ndjson': lines })
const view = (sql: string) => ({ 'p/d/t.schema.json': SCHEMA, 'p/d/v.view.sql': sql })
const routine = (sql: string) => ({ 'p/d/t.schema.json': SCHEMA, 'p/d/f.routine.sql': sql })

test.each<[string, Record<string, string>, string]>([
  ['a schema that is no JSON', schema('[\n{,}'), 't.schema.json:2: not JSON, mend it'],
  [
    'a schema that is no list',
    schema('{"a": 1}'),
    't.schema.json:1: not a schema as `bq mk` takes it',
  ],
  [
    'an unknown type',
    schema('[{"name": "a", "type": "STRING"},\n{"name": "b", "type": "TEXT"}]'),
    't.schema.json:2: unknown type `TEXT` of field `b`',
  ],
  [
    'GEOGRAPHY',
    schema('[{"name": "a", "type": "GEOGRAPHY"}]'),
    't.schema.json:1: the local BigQuery has no GEOGRAPHY',
  ],
  [
    'an unknown mode',
    schema('[{"name": "a", "type": "STRING", "mode": "MANY"}]'),
    't.schema.json:1: unknown mode `MANY`',
  ],
  ['an unknown key', schema('[{"name": "a", "type": "STRING", "maxLength": 3}]'), 'maxLength'],
  [
    'a RECORD without fields',
    schema('[{"name": "a", "type": "RECORD"}]'),
    'the RECORD `a` needs `fields`',
  ],
  [
    'two fields of one name',
    schema('[{"name": "a", "type": "STRING"},\n{"name": "A", "type": "STRING"}]'),
    'there are two fields `A`',
  ],
  [
    'a row that is no JSON',
    rows('{"id": 1}\nid=2'),
    't.ndjson:2: not JSON, write one object on a line',
  ],
  ['a row that is no object', rows('[1]'), 't.ndjson:1: the row must be a JSON object'],
  [
    'a field that is not in the schema',
    rows('{"id": 1}\n\n{"id": 2, "x": 1}'),
    't.ndjson:3: no field `x` in the schema',
  ],
  [
    'a value of another type',
    rows('{"id": 1, "at": "yesterday"}'),
    't.ndjson:1: `at` is no DATE: `"yesterday"`',
  ],
  ['a missing value', rows('{"at": null}'), 't.ndjson:1: `id` is REQUIRED and missing'],
  [
    'rows without a schema',
    { 'p/d/t.ndjson': '{}' },
    't.ndjson:1: rows without a schema; add `t.schema.json`',
  ],
  ['a file of another kind', { 'p/d/t.csv': '1' }, 't.csv:1: not data'],
  [
    'bad SQL in a view',
    view('SELECT id\nFROM p.d.nope'),
    'v.view.sql:1: mend the SQL: Not found: Table p:d.nope',
  ],
  [
    'a name that a view does not know',
    view('SELECT id,\n  x FROM p.d.t'),
    'v.view.sql:2: mend the SQL: Unrecognized name: x at [2:3]',
  ],
  [
    'views that need each other',
    { 'p/d/v.view.sql': 'SELECT * FROM p.d.w', 'p/d/w.view.sql': 'SELECT * FROM p.d.v' },
    'mend the SQL: Not found: Table',
  ],
  [
    'a view that is no query',
    view('DELETE FROM p.d.t WHERE TRUE'),
    'a view file holds the SELECT of the view',
  ],
  [
    'a routine of another name',
    routine('\nCREATE FUNCTION p.d.g() AS (1)'),
    'f.routine.sql:2: the function is called `p.d.g`; call it `p.d.f`',
  ],
  [
    'a routine that is none',
    routine('SELECT 1'),
    'a routine file holds CREATE FUNCTION or CREATE TABLE FUNCTION',
  ],
  [
    'a JavaScript function',
    routine('CREATE FUNCTION p.d.f() RETURNS INT64 LANGUAGE js AS "return 1"'),
    'functions in JS',
  ],
])('%s stops the start and says where', async (_what, files, message) => {
  const start = startLocalBigQuery({ data: dataFolder(files) })
  await expect(start).rejects.toThrow(message)
})

test('a folder that is not there stops the start', async () => {
  await expect(startLocalBigQuery({ data: '/nowhere' })).rejects.toThrow(
    '/nowhere:1: no such folder',
  )
})
