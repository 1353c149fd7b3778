import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, expect, test } from 'vitest'

import { googleSqlAnalyzer } from '../../../shared/adapters/googlesql/analyzer.ts'
import { formatTable } from '../../../shared/bigquery/reference.ts'
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
  const understood = outcomes.filter(({ ok }) => ok).length
  expect(understood / outcomes.length).toBeGreaterThan(0.5)
})
