import { LRUCache } from 'lru-cache'

import { formatTable } from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type { Analysis, AnalysisProblem, NameDefaults } from './analysis.ts'
import { sameNames } from './compare-names.ts'
import { exceededLimit } from './limits.ts'
import { distinctTables, type NamedTable, type NamedTables, nameTables } from './name-tables.ts'
import { qualifyTables } from './qualify-tables.ts'
import { sameTree } from './same-tree.ts'
import type { EngineProblem, SqlEngine } from './sql-engine.ts'
import { readStatement, type Statement } from './statement.ts'
import { stripLiterals } from './strip-literals.ts'
import { syntaxProblem } from './syntax-error.ts'
import { pathParts } from './syntax-tree.ts'
import { type Named, touch, type Tracing, withWildcards } from './touch.ts'

const SPLIT_READING =
  'use other aliases, and no subquery in QUALIFY, WINDOW, FOR SYSTEM_TIME or DEFAULT: it can be read in more than one way'
const GAVE_UP = 'make it simpler: GoogleSQL gives up on it'

/** How far an analysis goes beyond names: not at all, later, or now. */
export type Depth = Omit<Tracing, 'readNames'> | 'later' | undefined

/**
 * What `sql` would do. The text is read, its table names are written out in full, GoogleSQL formats it,
 * and that canonical text is read again from the start: the two readings must agree in everything, and
 * with GoogleSQL's own list of table names. Rejects when the engine does.
 */
export async function analyzeStatement(
  engine: SqlEngine,
  sql: string,
  defaults: NameDefaults,
  depth?: Depth,
): Promise<Result<Analysis, AnalysisProblem>> {
  const canonical = await canonicalReading(engine, sql, defaults, depth !== undefined)
  if (!canonical.ok) return canonical
  const { canonicalSql, reading } = canonical.value
  const [routine] = reading.statement.routines
  if (depth === undefined && routine !== undefined)
    return refuse(
      `it calls routine \`${pathParts(routine)?.join('.')}\`, which reads what it likes`,
    )
  const byName = conclude(canonicalSql, reading)
  if (depth === undefined || depth === 'later') return ok(byName)

  const readNames = async (text: string, names: NameDefaults) => {
    const inner = await canonicalReading(engine, text, names, true)
    return inner.ok ? ok(namedOf(inner.value)) : inner
  }
  const touched = await touch({ ...depth, readNames }, namedOf(canonical.value), defaults)
  if (!touched.ok) return touched
  const { wildcardTables, ...rest } = touched.value
  return ok({ ...byName, tables: withWildcards(byName.tables, wildcardTables), touched: rest })
}

/** A statement in canonical text, read from that. */
interface Canonical {
  readonly canonicalSql: string
  readonly reading: Reading
}

const named = ({ path, ...rest }: NamedTable) => ({ path: pathParts(path) ?? [], ...rest })

function namedOf({ canonicalSql, reading: { statement, names } }: Canonical): Named {
  const { target } = names
  return {
    canonicalSql,
    statementType: statement.type,
    reads: names.reads.map((each) => named(each)),
    writes: target === undefined || !statement.extractsTarget ? undefined : named(target),
    calls: statement.routines.map((path) => pathParts(path) ?? []),
  }
}

/**
 * Readings of each engine: a statement is read by its names first and then with schemas, and the text of a
 * view whenever it is used. As many as make up 1 MiB of SQL.
 */
const readings = new WeakMap<SqlEngine, LRUCache<string, Promise<Read>>>()

type Read = Result<Canonical, AnalysisProblem>

function canonicalReading(
  engine: SqlEngine,
  sql: string,
  defaults: NameDefaults,
  wildcards: boolean,
): Promise<Read> {
  const known: LRUCache<string, Promise<Read>> = readings.get(engine) ??
  new LRUCache({ maxSize: 1024 * 1024, sizeCalculation: (_, key) => key.length })
  readings.set(engine, known)
  const { projectId, defaultDataset } = defaults
  const key = JSON.stringify([
    projectId,
    defaultDataset?.projectId,
    defaultDataset?.datasetId,
    wildcards,
    sql,
  ])
  const before = known.get(key)
  if (before !== undefined) return before
  const reading = readCanonical(engine, sql, defaults, wildcards)
  known.set(key, reading)
  // An outage says nothing about the text.
  reading.catch(() => known.delete(key))
  return reading
}

async function readCanonical(
  engine: SqlEngine,
  sql: string,
  defaults: NameDefaults,
  wildcards: boolean,
): Promise<Read> {
  const limit = exceededLimit(sql)
  if (limit !== undefined) return refuse(limit)
  const written = await read(engine, sql, defaults, wildcards)
  if (!written.ok) return written

  const formatted = await engine.format(qualifyTables(sql, written.value.names))
  if (!formatted.ok) return refuse(GAVE_UP)
  const canonicalSql = formatted.value.replace(/;$/, '')
  const canonicalLimit = exceededLimit(canonicalSql)
  if (canonicalLimit !== undefined) return refuse(canonicalLimit)

  const [canonical, reported] = await Promise.all([
    read(engine, canonicalSql, defaults, wildcards),
    engine.tableNames(canonicalSql),
  ])
  // Fail closed: an alias hides a table; or GoogleSQL's list misses one, as it does where SPLIT_READING
  // says; or the formatter or a rule of scope is not what we take it for.
  if (
    !canonical.ok ||
    !reported.ok ||
    !agree(written.value, canonical.value) ||
    !listed(canonical.value, reported.value)
  ) {
    return refuse(SPLIT_READING)
  }
  return ok({ canonicalSql, reading: canonical.value })
}

/** A statement and the tables its names stand for. */
interface Reading {
  readonly statement: Statement
  readonly names: NamedTables
}

async function read(
  engine: SqlEngine,
  sql: string,
  defaults: NameDefaults,
  wildcards: boolean,
): Promise<Result<Reading, AnalysisProblem>> {
  const tree = await engine.parse(sql)
  if (!tree.ok) return err(engineProblem(sql, tree.error))
  const statement = readStatement(tree.value)
  if (statement === undefined) {
    return err({ problem: 'syntax-error', message: 'Syntax error: Unexpected end of script' })
  }
  if (!statement.ok) return statement
  const names = nameTables(statement.value, defaults, wildcards)
  return names.ok ? ok({ statement: statement.value, names: names.value }) : names
}

/** Whether two readings are of the same statement on the same tables. */
function agree(a: Reading, b: Reading): boolean {
  const [ours, theirs] = [namesIn(a), namesIn(b)]
  const paths = new Set([...ours, ...theirs].map(({ path }) => path))
  return (
    sameTree(a.statement.node, b.statement.node, paths) &&
    ours.map(spell).join(' ') === theirs.map(spell).join(' ')
  )
}

const spell = ({ table, isWildcard }: NamedTable): string =>
  `${formatTable(table)}${isWildcard ? '*' : ''}`

function namesIn({ names: { reads, target } }: Reading): readonly NamedTable[] {
  return target === undefined ? reads : [...reads, target]
}

/** Whether GoogleSQL lists the names that we found, and no other. */
function listed({ statement, names }: Reading, reported: readonly (readonly string[])[]): boolean {
  const target = statement.extractsTarget ? names.target : undefined
  const all = target === undefined ? names.reads : [...names.reads, target]
  return sameNames(
    all.map(({ path }) => path),
    reported,
  )
}

function conclude(canonicalSql: string, { statement, names }: Reading): Analysis {
  const targets = names.target === undefined ? [] : [names.target]
  return {
    statementType: statement.type,
    canonicalSql,
    ...stripLiterals(canonicalSql, statement.node),
    tables: distinctTables([...names.reads, ...(statement.readsTarget ? targets : [])]),
    targets: distinctTables(targets),
    touched: undefined,
  }
}

function engineProblem(sql: string, problem: EngineProblem): AnalysisProblem {
  return problem.problem === 'invalid'
    ? syntaxProblem(sql, problem.message)
    : { problem: 'not-understood', hint: GAVE_UP }
}

function refuse(hint: string): Result<never, AnalysisProblem> {
  return err({ problem: 'not-understood', hint })
}
