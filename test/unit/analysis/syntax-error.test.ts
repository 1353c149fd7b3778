import { expect, test } from 'vitest'

import { syntaxProblem } from '../../../shared/analysis/syntax-error.ts'

test('a message of GoogleSQL becomes one of BigQuery', () => {
  const message = 'Syntax error: Unexpected identifier "SELEC" [at 1:1]\nSELEC 1\n^'
  expect(syntaxProblem('SELEC 1', message)).toEqual({
    problem: 'syntax-error',
    message: 'Syntax error: Unexpected identifier "SELEC" at [1:1]',
  })
})

test.each([
  ['FROM t |> WHERE a', '`|>`'],
  ['SELECT 1 UNION ALL BY NAME SELECT 2', '`BY NAME`'],
  ['SELECT 1 UNION ALL by /* x */ name SELECT 2', '`BY NAME`'],
  ['SELECT * FROM t MATCH_RECOGNIZE (x)', '`MATCH_RECOGNIZE`'],
  ['GRAPH g MATCH (p) RETURN p.x', '`GRAPH`'],
  ['SELECT * FROM GRAPH_TABLE(g MATCH (p) COLUMNS (p.x))', '`GRAPH`'],
  ['FROM hospital.patients', 'SELECT'],
  [`SELECT 'a' "b"`, '`||`'],
])('newer syntax gets a hint: %s', (sql, hint) => {
  expect(syntaxProblem(sql, 'Syntax error: … [at 1:1]')).toMatchObject({
    problem: 'not-understood',
    hint: expect.stringContaining(hint),
  })
})

test.each([`SELECT '|>' FROM`, 'SELECT 1 -- |>\n FROM', 'SELECT `BY NAME` FROM'])(
  'only where it is syntax: %s',
  (sql) => {
    expect(syntaxProblem(sql, 'Syntax error: … [at 1:1]').problem).toBe('syntax-error')
  },
)
