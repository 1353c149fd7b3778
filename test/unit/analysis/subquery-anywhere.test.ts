import { afterAll, expect, test } from 'vitest'

import { googleSqlAnalyzer } from '../../../shared/adapters/googlesql/analyzer.ts'
import { descriptorFile } from '../../../shared/adapters/googlesql/package-files.ts'
import { loadProtocol } from '../../../shared/adapters/googlesql/protocol.ts'
import { googleSqlEngine } from '../../../shared/adapters/googlesql/sql-engine.ts'
import { superviseGoogleSql } from '../../../shared/adapters/googlesql/supervised.ts'
import type { SyntaxNode } from '../../../shared/analysis/syntax-tree.ts'
import { nameDefaults, summarize } from '../../support/analyzer-world.ts'

const { analyze, close } = googleSqlAnalyzer()
const supervised = superviseGoogleSql()
const engine = googleSqlEngine(supervised, () => loadProtocol(descriptorFile), {})
afterAll(() => {
  close()
  supervised.close()
})

const defaults = nameDefaults('acme', 'hospital')

/** The ranges of all parts of a statement, without doubles. */
function ranges(node: SyntaxNode): readonly (readonly [number, number])[] {
  const found = new Map<string, readonly [number, number]>()
  const visit = ({ range, children }: SyntaxNode): void => {
    if (range !== undefined && range.end > range.start) {
      found.set(`${range.start} ${range.end}`, [range.start, range.end])
    }
    for (const child of children) visit(child.node)
  }
  visit(node)
  return [...found.values()]
}

/**
 * A table that goes unnoticed anywhere in a statement is a leak, so one is put everywhere: in place of each
 * part of these statements, whatever it is. Most of what comes out is no SQL; what is must not hide it.
 */
test.each([
  'WITH a AS (SELECT 1 AS x) SELECT DISTINCT a.x, COUNT(y ORDER BY z LIMIT 2) AS n FROM a JOIN b ON a.x = b.x',
  'SELECT * EXCEPT (a) REPLACE (b AS c) FROM t AS u, u.v, UNNEST(u.w) AS z WITH OFFSET AS o WHERE x IN (1, 2)',
  'SELECT SUM(a) OVER (PARTITION BY b ORDER BY c ROWS 1 PRECEDING), CASE a WHEN 1 THEN 2 ELSE 3 END FROM t',
  'SELECT ARRAY[STRUCT(a AS b)][OFFSET(0)].b, EXTRACT(YEAR FROM c), CAST(d AS STRING), NOT e, -f, g BETWEEN 1 AND 2',
  'SELECT a FROM t GROUP BY ROLLUP (a, b) HAVING c > 1 QUALIFY d WINDOW w AS (ORDER BY e) ORDER BY f LIMIT 1 OFFSET 2',
  'SELECT * FROM t PIVOT (SUM(a) AS b FOR c IN (1 AS d, 2)) UNION ALL SELECT * FROM u UNPIVOT (a FOR b IN (c, d))',
  'SELECT * FROM t FOR SYSTEM_TIME AS OF a TABLESAMPLE SYSTEM (10 PERCENT)',
  'INSERT INTO t (a, b) VALUES (1, DEFAULT), (c, 2)',
  'UPDATE t SET a = 1, b.c = d FROM u WHERE t.id = u.id',
  'MERGE t USING u ON t.id = u.id WHEN MATCHED AND a THEN UPDATE SET b = c WHEN NOT MATCHED THEN INSERT (d) VALUES (e)',
  'CREATE TABLE t (a INT64 DEFAULT 1, b STRING(3)) PARTITION BY c CLUSTER BY d OPTIONS (e = f) AS SELECT 1 AS a',
  'CREATE VIEW t (a OPTIONS (b = c)) OPTIONS (d = e) AS SELECT a FROM u',
])('a subquery is seen wherever it stands in %s', async (sql) => {
  const tree = await engine.parse(sql)
  if (!tree.ok) throw new Error(sql)
  const bytes = Buffer.from(sql)
  let seen = 0
  for (const [start, end] of ranges(tree.value)) {
    const [before, after] = [bytes.subarray(0, start).toString(), bytes.subarray(end).toString()]
    const mutant = `${before} (SELECT 1 FROM zz.marker) ${after}`
    const outcome = await analyze(mutant, defaults)
    if (outcome.ok) {
      expect(`${mutant}: ${summarize(outcome)}`).toContain('acme.zz.marker')
      seen += 1
    }
  }
  expect(seen).toBeGreaterThan(0)
})
