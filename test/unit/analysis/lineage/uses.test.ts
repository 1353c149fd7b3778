import { afterAll, expect, test } from 'vitest'

import { descriptorFile } from '../../../../shared/adapters/googlesql/package-files.ts'
import { loadProtocol } from '../../../../shared/adapters/googlesql/protocol.ts'
import { googleSqlResolver } from '../../../../shared/adapters/googlesql/resolver.ts'
import { superviseGoogleSql } from '../../../../shared/adapters/googlesql/supervised.ts'
import { traceWith } from '../../../../shared/analysis/trace-statement.ts'
import { relationsOf } from '../../../support/lineage-relations.ts'

const server = superviseGoogleSql()
afterAll(() => server.close())
const trace = traceWith(googleSqlResolver(server, () => loadProtocol(descriptorFile), {}))

const SCHEMAS = {
  'a.b.t': {
    id: 'INT64',
    s: 'STRING',
    d: 'DATE',
    n: 'NUMERIC',
    arr: 'ARRAY<STRING>',
    st: 'STRUCT<x STRING, y INT64>',
  },
}

/** What a query over `t` lets depend on columns, as `column use by`. */
async function usesOf(sql: string): Promise<readonly string[]> {
  const traced = await trace({
    sql,
    relations: relationsOf(SCHEMAS),
    functions: [],
    parameters: { mode: 'named', types: new Map() },
  })
  if (!traced.ok) throw new Error(JSON.stringify(traced.error))
  return traced.value.uses.map(({ column, use, by }) =>
    [column.replace('a.b.t.', ''), use, ...(by === undefined ? [] : [by])].join(' '),
  )
}

test.each([
  ['SELECT s FROM a.b.t', []],
  ['SELECT CAST(id AS STRING), CAST(d AS STRING) FROM a.b.t', []],
  ['SELECT CAST(s AS INT64) FROM a.b.t', ['s failure CAST']],
  ['SELECT CAST(s AS STRING(3)) FROM a.b.t', ['s failure CAST']],
  ["SELECT CAST(s AS DATE FORMAT 'YYYY') FROM a.b.t", ['s failure CAST']],
  ['SELECT SAFE_CAST(s AS INT64) FROM a.b.t', []],
  ['SELECT UPPER(s), s = "x", LENGTH(s), CONCAT(s, s) FROM a.b.t', []],
  ['SELECT id + 1 FROM a.b.t', ['id failure ADD']],
  ['SELECT SAFE_ADD(id, 1), SAFE_DIVIDE(id, 0) FROM a.b.t', []],
  ['SELECT IF(s = "x", 1, ERROR("y")) FROM a.b.t', ['s failure ERROR']],
  ['SELECT IF(s = "x", 1, 2) FROM a.b.t', []],
  ['SELECT s = "x" AND ERROR("y") FROM a.b.t', ['s failure ERROR']],
  ['SELECT ERROR("y") OR s = "x" FROM a.b.t', ['s failure ERROR']],
  ['SELECT COALESCE(s, ERROR("y")) FROM a.b.t', ['s failure ERROR']],
  [
    'SELECT CASE WHEN id = 1 THEN 1 WHEN s = "x" THEN DIV(1, 0) END FROM a.b.t',
    ['id failure DIV', 's failure DIV'],
  ],
  ['SELECT SAFE.PARSE_DATE("%Y", s) FROM a.b.t', []],
  ['SELECT PARSE_DATE("%Y", s) FROM a.b.t', ['s failure PARSE_DATE']],
  ['SELECT arr[OFFSET(0)] FROM a.b.t', ['arr failure ARRAY_AT_OFFSET']],
  ['SELECT arr[SAFE_OFFSET(0)] FROM a.b.t', []],
  ['SELECT REGEXP_CONTAINS(s, "x"), REGEXP_EXTRACT(s, "(x)") FROM a.b.t', []],
  ['SELECT REGEXP_CONTAINS("x", s) FROM a.b.t', ['s failure REGEXP_CONTAINS']],
  ['SELECT s LIKE "x%", "x" LIKE s FROM a.b.t', ['s failure LIKE']],
  ['SELECT SUM(id) FROM a.b.t', ['id failure SUM']],
  ['SELECT ARRAY_AGG(s) FROM a.b.t', ['s failure an array that may hold NULL']],
  ['SELECT ARRAY_AGG(s IGNORE NULLS), ARRAY_AGG(STRUCT(s)) FROM a.b.t', []],
  ['SELECT x FROM a.b.t, UNNEST(arr) x', ['arr join']],
  ['SELECT id FROM a.b.t WHERE s = "x" ORDER BY d', ['d order', 's filter']],
  ['SELECT COUNT(*) FROM a.b.t GROUP BY s HAVING MAX(d) > "2020-01-01"', ['d filter', 's group']],
  ['SELECT DISTINCT s FROM a.b.t', ['s group']],
  ['SELECT id, ROW_NUMBER() OVER (PARTITION BY s ORDER BY d) FROM a.b.t', ['d window', 's window']],
  ['SELECT s FROM a.b.t UNION DISTINCT SELECT "x"', ['s set-operation']],
  ['SELECT s FROM a.b.t UNION ALL SELECT "x"', []],
  ['SELECT st.x FROM a.b.t WHERE st.y = 1', ['st filter', 'st.y filter']],
])('%s', async (sql, expected) => {
  expect((await usesOf(sql)).map((each) => each.replaceAll('a.b.t.', ''))).toEqual(expected)
})
