import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { googleSqlAnalyzer } from '../../../shared/adapters/googlesql/analyzer.ts'
import type { Catalog } from '../../../shared/analysis/catalog.ts'
import { formatTable, tableReference } from '../../../shared/bigquery/reference.ts'
import type { SqlType } from '../../../shared/bigquery/sql-type.ts'
import { err, ok } from '../../../shared/kernel/result.ts'
import { nameDefaults } from '../../support/analyzer-world.ts'

/** Statements with the type and tables they have, written by hand; beside the repository, if at all. */
const file = join(import.meta.dirname, '../../../../shared/vectors/analysis/corpus.json')

interface Case {
  readonly id: string
  readonly sql: string
  readonly stmt: string
  readonly tables: readonly string[]
}

const cases: readonly Case[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
const { analyze, close } = googleSqlAnalyzer()
afterAll(close)

test.skipIf(cases.length > 0)('the corpus is not here: its cases are skipped', () => {
  expect(cases).toEqual([])
})

/** As the corpus writes it: with a project only where the statement has one. */
const shorten = (name: string): string => name.replace(/^acme\.(?:hospital\.)?/, '')

test.each(cases)('$id: $sql', async ({ sql, stmt, tables }) => {
  const outcome = await analyze(sql, nameDefaults('acme', 'hospital'))
  if (!outcome.ok) {
    expect(outcome.error.problem).toBe('not-understood')
    return
  }
  const { statementType, tables: reads, targets } = outcome.value
  expect(statementType).toBe(stmt)
  const found = new Set([...reads, ...targets].map((table) => shorten(formatTable(table))))
  expect([...found].toSorted()).toEqual(tables.toSorted())
})

test.runIf(cases.length > 0)('most of the corpus is understood', async () => {
  const outcomes = await Promise.all(
    cases.map(({ sql }) => analyze(sql, nameDefaults('acme', 'hospital'))),
  )
  const understood = outcomes.filter((each) => each.ok).length
  expect(understood / outcomes.length).toBeGreaterThan(0.5)
})

const COLUMNS: readonly (readonly [string, SqlType])[] = [
  ...['id', 'a', 'b', 'c', 'x', 'n', 'k', 'v', 'amount'].map(
    (name) => [name, { kind: 'INT64' }] as const,
  ),
  ...['name', 'ssn', 'city', 'email', 'table', 'select', 'from', 'a b'].map(
    (name) => [name, { kind: 'STRING' }] as const,
  ),
  ['ts', { kind: 'TIMESTAMP' }],
  ['d', { kind: 'DATE' }],
  ['arr', { kind: 'ARRAY', element: { kind: 'INT64' } }],
  ['j', { kind: 'JSON' }],
]

/** Tables of the corpus have these columns, whatever their names. */
const anyTable: Catalog = {
  table: (reference) =>
    Promise.resolve(
      ok({
        reference,
        type: 'TABLE',
        etag: '',
        columns: COLUMNS.map(([name, type]) => ({ name, type, policyTags: [], fields: [] })),
        pseudoColumns: [{ name: '_PARTITIONTIME', type: { kind: 'TIMESTAMP' } }],
        view: undefined,
      }),
    ),
  routine: ({ projectId, datasetId }, routineId) =>
    Promise.resolve(
      err({ problem: 'not-in-catalog', what: `${projectId}.${datasetId}.${routineId}` }),
    ),
  tablesLike: (dataset, prefix) =>
    Promise.resolve(
      ok(
        ['1', '2'].flatMap(
          (n) => tableReference(dataset.projectId, dataset.datasetId, `${prefix}${n}`) ?? [],
        ),
      ),
    ),
}

test.each(cases)('with schemas: $id: $sql', async ({ sql, stmt, tables }) => {
  const schemas = { catalog: anyTable, parameters: [], parameterMode: undefined }
  const outcome = await analyze(sql, nameDefaults('acme', 'hospital'), schemas)
  if (!outcome.ok) {
    expect(['not-understood', 'not-in-catalog', 'syntax-error']).toContain(outcome.error.problem)
    return
  }
  const { statementType, tables: reads, targets, touched } = outcome.value
  expect(touched).toBeDefined()
  expect(statementType).toBe(stmt)
  const found = new Set([...reads, ...targets].map((table) => shorten(formatTable(table))))
  const stars = new Set([...found].map((name) => name.replace(/(_)[12]$/, '$1*')))
  expect([[...found].toSorted(), [...stars].toSorted()]).toContainEqual(tables.toSorted())
})

test.runIf(cases.length > 0)(
  'a good part of the corpus is understood with schemas too',
  async () => {
    const schemas = { catalog: anyTable, parameters: [], parameterMode: undefined }
    const outcomes = await Promise.all(
      cases.map(({ sql }) => analyze(sql, nameDefaults('acme', 'hospital'), schemas)),
    )
    expect(outcomes.filter((each) => each.ok).length / outcomes.length).toBeGreaterThan(0.25)
  },
)
