import { formatTable, type TableReference } from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type {
  Analysis,
  AnalysisProblem,
  CatalogSource,
  NameDefaults,
  Schemas,
  Touched,
} from './analysis.ts'
import { openRoutine } from './open-routine.ts'
import { openTable } from './open-table.ts'
import { openWildcard } from './open-wildcard.ts'
import type { Opened, Opening } from './opened.ts'
import { parameterTypes } from './parameter-types.ts'
import type { Relation, RoutineSignature, Trace, TraceRequest } from './trace.ts'

/** How deep views and routines may build on each other, and how many there may be in all. */
const DEEPEST = 16
const MOST = 100

/** A statement with its names known: what each path of its canonical text stands for. */
export interface Named {
  readonly canonicalSql: string
  readonly statementType: Analysis['statementType']
  readonly reads: readonly NamedPath[]
  /** The table it writes, if that must be there already. */
  readonly writes: NamedPath | undefined
  /** The paths of the routines it calls. */
  readonly calls: readonly (readonly string[])[]
}

export interface NamedPath {
  readonly path: readonly string[]
  /** Of a wildcard, what stands before the `*`. */
  readonly table: TableReference
  readonly isWildcard: boolean
}

/** What tracing needs of the world. */
export interface Tracing {
  readonly trace: Trace
  /** The names in the text of a view or of a routine's body. */
  readonly readNames: (
    sql: string,
    defaults: NameDefaults,
  ) => Promise<Result<Named, AnalysisProblem>>
  readonly schemas: Schemas
}

/** What a statement touches, and the tables its wildcards stand for. */
export interface TouchedTables extends Touched {
  readonly wildcardTables: readonly TableReference[]
}

/** What `statement` does with columns; views and routines are opened. Rejects when a part cannot be asked. */
export async function touch(
  tracing: Tracing,
  statement: Named,
  defaults: NameDefaults,
): Promise<Result<TouchedTables, AnalysisProblem>> {
  const { parameters, parameterMode } = tracing.schemas
  const types = parameterTypes(parameters, parameterMode)
  if (types === undefined) return refuse('give each parameter one of the types of BigQuery')
  return touchNamed({ tracing, seen: new Map(), above: [] }, statement, defaults, types)
}

/** Where in views and routines we are. */
interface Place {
  readonly tracing: Tracing
  /** Views and routines by name, each looked into once. */
  readonly seen: Map<string, Result<Touched, AnalysisProblem>>
  readonly above: readonly string[]
}

async function touchNamed(
  place: Place,
  statement: Named,
  defaults: NameDefaults,
  parameters: TraceRequest['parameters'],
): Promise<Result<TouchedTables, AnalysisProblem>> {
  const { trace, schemas } = place.tracing
  const opening: Opening = {
    catalog: schemas.catalog,
    lookInside: (sql, names, name) => lookInside(place, sql, names, name),
  }
  const paths = distinct([
    ...statement.reads,
    ...(statement.writes === undefined ? [] : [statement.writes]),
  ])
  // Fail closed: to GoogleSQL's catalog these are one table, to BigQuery they may be two.
  if (new Set(paths.map((each) => pathKey(each).toLowerCase())).size < paths.length)
    return refuse('write the name of each table in one way, also in upper and lower case')
  const relations: Opened<Relation>[] = []
  const wildcardTables: TableReference[] = []
  for (const { path, table, isWildcard } of paths) {
    if (isWildcard) {
      // oxlint-disable-next-line no-await-in-loop -- the engine answers one after the other anyway
      const opened = await openWildcard(schemas.catalog, path, table)
      if (!opened.ok) return opened
      relations.push(opened.value)
      wildcardTables.push(...opened.value.tables)
    } else {
      // oxlint-disable-next-line no-await-in-loop
      const opened = await openTable(opening, path, table)
      if (!opened.ok) return opened
      relations.push(opened.value)
    }
  }
  const routines: Opened<RoutineSignature>[] = []
  for (const path of distinctCalls(statement.calls)) {
    // oxlint-disable-next-line no-await-in-loop
    const opened = await openRoutine(opening, path, defaults)
    if (!opened.ok) return opened
    routines.push(opened.value)
  }
  const traced = await trace({
    sql: statement.canonicalSql,
    relations: relations.map(({ part }) => part),
    functions: routines.map(({ part }) => part),
    parameters,
  })
  if (!traced.ok) return traced
  const all = [...relations, ...routines]
  const mayFail = traced.value.mayFail || all.some((each) => each.mayFail)
  return ok({
    lineage: { ...traced.value, mayFail },
    policyTags: new Map(all.flatMap(({ policyTags }) => [...policyTags])),
    sources: distinctSources(all.flatMap(({ sources }) => sources)),
    wildcardTables,
  })
}

/** The text of a view or routine called `name`, as a query of its own. */
async function lookInside(
  { tracing, seen, above }: Place,
  sql: string,
  defaults: NameDefaults,
  name: string,
): Promise<Result<Touched, AnalysisProblem>> {
  const key = `${name}\n${sql}`
  const known = seen.get(key)
  if (known !== undefined) return known
  if (above.includes(name) || above.length === DEEPEST || seen.size === MOST)
    return refuse(`query the tables of \`${above[0] ?? name}\`: it builds on too many others`)
  const named = await tracing.readNames(sql, defaults)
  // What is wrong in there is nothing the caller wrote.
  if (!named.ok)
    return named.error.problem === 'analyzer-unavailable'
      ? named
      : refuse(`query the tables of \`${name}\`: Sluice does not understand its definition`)
  if (named.value.statementType !== 'SELECT') return refuse(`\`${name}\` is not a query`)
  // Views and routines have no parameters of their own, and see none.
  const none = { mode: 'named', types: new Map() } as const
  const inside = { tracing, seen, above: [...above, name] }
  const touched = await touchNamed(inside, named.value, defaults, none)
  const outcome =
    touched.ok || touched.error.problem === 'not-understood'
      ? touched
      : refuse(`query the tables of \`${name}\`: what it is made of is not there`)
  seen.set(key, outcome)
  return outcome
}

const pathKey = ({ path }: NamedPath): string => path.join('\n')

function distinct(paths: readonly NamedPath[]): readonly NamedPath[] {
  return [...new Map(paths.map((each) => [pathKey(each), each])).values()]
}

function distinctCalls(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(paths.map((path) => [path.join('\n').toLowerCase(), path])).values()]
}

function distinctSources(sources: readonly CatalogSource[]): readonly CatalogSource[] {
  // Listed wins: what is read by its own name too, BigQuery does list.
  const inOrder = sources.toSorted(
    (a, b) => Number(b.unlisted ?? false) - Number(a.unlisted ?? false),
  )
  const byName = new Map(inOrder.map((each) => [`${each.kind} ${each.name}`, each]))
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
}

/** `project.dataset.table` of every table of a wildcard is a table of the statement. */
export function withWildcards(
  tables: readonly TableReference[],
  more: readonly TableReference[],
): readonly TableReference[] {
  const byName = new Map([...tables, ...more].map((table) => [formatTable(table), table]))
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, table]) => table)
}

function refuse(hint: string): Result<never, AnalysisProblem> {
  return err({ problem: 'not-understood', hint })
}
