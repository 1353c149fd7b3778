import {
  formatTable,
  parseDatasetId,
  parseProjectId,
  type TableReference,
} from '../bigquery/reference.ts'
import { err, ok, type Result } from '../kernel/result.ts'
import type {
  Analysis,
  AnalysisProblem,
  CatalogSource,
  NameDefaults,
  Schemas,
  Touched,
} from './analysis.ts'
import { baseColumns, policyTagsOf } from './base-columns.ts'
import type { CatalogRoutine, CatalogTable } from './catalog.ts'
import type { ColumnName, Lineage } from './lineage.ts'
import { parameterTypes } from './parameter-types.ts'
import { bodyQuery } from './routine-body.ts'
import type { Relation, RelationColumn, RoutineSignature, Trace } from './trace.ts'
import { allSources, flowing, joinSources, type Sources } from './walk/flow.ts'

/** How deep views and routines may build on each other. */
const DEEPEST = 16

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

interface NamedPath {
  readonly path: readonly string[]
  readonly table: TableReference
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

/** What `statement` does with columns; views and routines are opened. Rejects when a part cannot be asked. */
export function touch(
  tracing: Tracing,
  statement: Named,
  defaults: NameDefaults,
): Promise<Result<Touched, AnalysisProblem>> {
  return touchNamed(tracing, statement, defaults, [])
}

async function touchNamed(
  tracing: Tracing,
  statement: Named,
  defaults: NameDefaults,
  above: readonly string[],
): Promise<Result<Touched, AnalysisProblem>> {
  const { schemas, trace } = tracing
  const types = parameterTypes(schemas.parameters, schemas.parameterMode)
  if (types === undefined) return refuse('give each parameter one of the types of BigQuery')
  const paths = [...statement.reads, ...(statement.writes === undefined ? [] : [statement.writes])]
  const relations: Opened<Relation>[] = []
  for (const { path, table } of distinct(paths)) {
    // oxlint-disable-next-line no-await-in-loop -- the engine answers one after the other anyway
    const opened = await openTable(tracing, path, table, above)
    if (!opened.ok) return opened
    relations.push(opened.value)
  }
  const routines: Opened<RoutineSignature>[] = []
  for (const path of distinctPaths(statement.calls)) {
    // oxlint-disable-next-line no-await-in-loop
    const opened = await openRoutine(tracing, path, defaults, above)
    if (!opened.ok) return opened
    routines.push(opened.value)
  }
  const traced = await trace({
    sql: statement.canonicalSql,
    relations: relations.map(({ part }) => part),
    functions: routines.map(({ part }) => part),
    // Views and routines have no parameters of their own, and see none.
    parameters: above.length === 0 ? types : { mode: 'named', types: new Map() },
  })
  if (!traced.ok) return traced
  const all = [...relations, ...routines]
  return ok({
    lineage: traced.value,
    policyTags: new Map(all.flatMap(({ policyTags }) => [...policyTags])),
    sources: distinctSources(all.flatMap(({ sources }) => sources)),
  })
}

/** A relation or routine, and all that was looked up for it. */
interface Opened<T> {
  readonly part: T
  readonly policyTags: ReadonlyMap<ColumnName, readonly string[]>
  readonly sources: readonly CatalogSource[]
}

async function openTable(
  tracing: Tracing,
  path: readonly string[],
  reference: TableReference,
  above: readonly string[],
): Promise<Result<Opened<Relation>, AnalysisProblem>> {
  const found = await tracing.schemas.catalog.table(reference)
  if (!found.ok) return err(found.error)
  const table = found.value
  const name = formatTable(table.reference)
  const listed: CatalogSource = { kind: 'table', name, etag: table.etag }
  const source = table.view === undefined ? listed : { ...listed, unlisted: true as const }
  if (table.view === undefined) {
    const part = { path, columns: baseColumns(table), uses: [], routines: [] }
    return ok({ part, policyTags: policyTagsOf(table), sources: [source] })
  }
  if (table.view.useLegacySql) return refuse(`query the tables of \`${name}\`: it is in legacy SQL`)
  const defaults = { projectId: table.reference.projectId, defaultDataset: undefined }
  const inner = await touchText(tracing, table.view.query, defaults, above, name)
  if (!inner.ok) return inner
  const { lineage, policyTags, sources } = inner.value
  const columns = viewColumns(table, lineage)
  if (columns === undefined)
    return refuse(`ask the owner of view \`${name}\` to save it again: its columns have changed`)
  return ok({
    part: { path, columns, uses: lineage.uses, routines: lineage.routines },
    policyTags: new Map([...policyTagsOf(table), ...policyTags]),
    sources: [source, ...sources],
  })
}

/** What a view's query makes of base columns, under the names the view gives them, if it says them. */
function viewColumns(
  { columns }: CatalogTable,
  { outputs }: Lineage,
): readonly RelationColumn[] | undefined {
  if (columns.length === 0) return outputs.map((output) => ({ ...output, isPseudo: false }))
  if (columns.length !== outputs.length) return undefined
  const made = columns.flatMap(({ name, type: declared }, i): RelationColumn[] => {
    const output = outputs[i]
    return output === undefined || output.type.kind !== declared.kind
      ? []
      : [{ name, type: output.type, isPseudo: false, flow: output.flow }]
  })
  return made.length === columns.length ? made : undefined
}

async function openRoutine(
  tracing: Tracing,
  path: readonly string[],
  { projectId }: NameDefaults,
  above: readonly string[],
): Promise<Result<Opened<RoutineSignature>, AnalysisProblem>> {
  const parts = path.join('.').split('.')
  const [routineId = '', dataset = '', ...rest] = parts.toReversed()
  const project = parseProjectId(rest.length === 0 ? projectId : rest.toReversed().join('.'))
  const datasetId = parseDatasetId(dataset)
  if (project === undefined || datasetId === undefined)
    return refuse(`call routine \`${path.join('.')}\` by its full name, project.dataset.routine`)
  const found = await tracing.schemas.catalog.routine({ projectId: project, datasetId }, routineId)
  if (!found.ok) return err(found.error)
  const routine = found.value
  const signature = {
    path,
    name: routine.name,
    arguments: routine.arguments.map(({ type }) => type),
  }
  const source: CatalogSource = { kind: 'routine', name: routine.name, etag: routine.etag }
  const hint = opaque(routine)
  if (hint !== undefined) return refuse(hint)
  if (routine.language !== 'SQL') {
    const { returnType } = routine
    if (returnType === undefined) return refuse(`give routine \`${routine.name}\` a return type`)
    const part = {
      ...signature,
      returnType,
      sources: new Map(),
      uses: [],
      routines: [],
      mayFail: true,
    }
    return ok({ part, policyTags: new Map(), sources: [source] })
  }
  const body = bodyQuery(routine)
  if (body === undefined)
    return refuse(`give routine \`${routine.name}\` arguments of a type, not of any type`)
  const inner = await touchText(
    tracing,
    body,
    { projectId: project, defaultDataset: undefined },
    above,
    routine.name,
  )
  if (!inner.ok) return inner
  const { lineage, policyTags, sources } = inner.value
  const [output] = lineage.outputs
  if (output === undefined) return refuse(`routine \`${routine.name}\` has no value`)
  const part: RoutineSignature = {
    ...signature,
    returnType: routine.returnType ?? output.type,
    sources: readBy(allSources(output.flow)),
    uses: lineage.uses,
    routines: lineage.routines,
    mayFail: lineage.mayFail,
  }
  return ok({ part, policyTags, sources: [source, ...sources] })
}

/** Why Sluice cannot look into a routine. */
function opaque({ name, type, language, isRemote }: CatalogRoutine): string | undefined {
  if (isRemote) return `routine \`${name}\` runs outside BigQuery; do without it`
  if (type !== 'SCALAR_FUNCTION')
    return `\`${name}\` is no scalar function; query its tables instead`
  return language === 'SQL' || language === 'JAVASCRIPT'
    ? undefined
    : `routine \`${name}\` is in ${language}; only SQL and JAVASCRIPT are understood`
}

function readBy(sources: Sources): RoutineSignature['sources'] {
  return new Map(
    [...joinSources(new Map(), flowing(sources, 'derived'))].map(([column, flow]) => [
      column,
      flow === 'implicit' ? 'implicit' : 'derived',
    ]),
  )
}

/** The text of a view or routine called `name`, as a query of its own. */
async function touchText(
  tracing: Tracing,
  sql: string,
  defaults: NameDefaults,
  above: readonly string[],
  name: string,
): Promise<Result<Touched, AnalysisProblem>> {
  if (above.includes(name) || above.length === DEEPEST)
    return refuse(
      `query the tables of \`${above[0] ?? name}\`: views or routines go too deep in it`,
    )
  const named = await tracing.readNames(sql, defaults)
  // What is wrong in there is nothing the caller wrote.
  if (!named.ok)
    return named.error.problem === 'analyzer-unavailable'
      ? named
      : refuse(`query the tables of \`${name}\`: Sluice does not understand its definition`)
  if (named.value.statementType !== 'SELECT') return refuse(`\`${name}\` is not a query`)
  const touched = await touchNamed(tracing, named.value, defaults, [...above, name])
  return touched.ok || touched.error.problem === 'not-understood'
    ? touched
    : refuse(`query the tables of \`${name}\`: what it is made of is not there`)
}

function distinct(paths: readonly NamedPath[]): readonly NamedPath[] {
  return [...new Map(paths.map((each) => [each.path.join('\n'), each])).values()]
}

function distinctPaths(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(paths.map((path) => [path.join('\n').toLowerCase(), path])).values()]
}

function distinctSources(sources: readonly CatalogSource[]): readonly CatalogSource[] {
  const byName = new Map(sources.map((each) => [`${each.kind} ${each.name}`, each]))
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
}

function refuse(hint: string): Result<never, AnalysisProblem> {
  return err({ problem: 'not-understood', hint })
}
