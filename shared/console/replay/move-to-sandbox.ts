import type { Analysis, NameDefaults } from '../../analysis/analysis.ts'
import type { Relocate } from '../../analysis/relocate.ts'
import {
  type DatasetReference,
  type ProjectId,
  type TableReference,
  formatTable,
} from '../../bigquery/reference.ts'
import type { Caller } from '../../gateway/caller.ts'
import type { Ports } from '../../gateway/ports.ts'
import type { QueryRun } from '../../gateway/query-run.ts'
import { runDry } from '../../gateway/run-dry.ts'
import { questionsFor, whileAsking } from '../../gateway/schemas.ts'
import { type Result, err, ok } from '../../kernel/result.ts'
import type { Connection, Sandbox } from '../../policy/policy.ts'

/** What replays ask of the world. */
export interface ReplayPorts extends Ports {
  readonly relocate: Relocate
}

/** A connection that replays run on. */
export interface SandboxConnection extends Connection {
  readonly sandbox: Sandbox
}

/** A statement in the sandbox, and what it does there. */
export interface Moved {
  readonly run: QueryRun
  readonly analysis: Analysis
  readonly estimatedBytes: number | undefined
}

/**
 * A run with every table replaced by the one that stands for it in the sandbox. What comes out is analysed anew, with the
 * tables under its views and wildcards, and BigQuery's dry run has to agree; it says why not unless all it reads and
 * writes is in datasets of the sandbox. Nothing is run.
 */
export async function moveToSandbox(
  ports: ReplayPorts,
  caller: Caller,
  connection: SandboxConnection,
  { run, original, asOf }: { run: QueryRun; original: Analysis; asOf: number | undefined },
): Promise<Result<Moved, string>> {
  const { datasets } = connection.sandbox
  const projectId = projectOf(connection, original)
  if (projectId === undefined) return err('not-mapped')
  const moved = await ports.relocate(
    original.canonicalSql,
    { projectId, defaultDataset: undefined },
    {
      to: (table) => standIn(datasets, table),
      asOf,
    },
  )
  if (!moved.ok) return err(moved.error.problem)
  const defaults: NameDefaults = { projectId, defaultDataset: undefined }
  const { parameters, parameterMode } = run
  const questions = questionsFor(ports, caller.policy, projectId)
  const asked = await whileAsking(() =>
    ports.analyze(moved.value, defaults, {
      catalog: questions.catalog,
      parameters,
      parameterMode,
    }),
  )
  if (!asked.ok) return err(asked.error.problem)
  if (!asked.value.ok) return err(asked.value.error.problem)
  const analysis = asked.value.value
  // Fail closed: whatever the names became, only this says what it would touch.
  if (analysis.statementType !== original.statementType || !isWithin(datasets, analysis))
    return err('outside-sandbox')
  const inSandbox = {
    ...run,
    projectId,
    sql: moved.value,
    defaultDataset: undefined,
    location: connection.location,
  }
  // BigQuery reads tables as of a time, and no views.
  if (asOf !== undefined && readsViews(analysis)) return err('no-time-travel')
  const dry = await runDry(ports.memory, questions, analysis, {
    projectId,
    sql: analysis.canonicalSql,
    defaultDataset: undefined,
    parameters,
    parameterMode,
    location: connection.location,
  })
  return dry.ok
    ? ok({ run: inSandbox, analysis, estimatedBytes: dry.value })
    : err(dry.error.problem)
}

/** The project that is billed: that of the first table, or the first of the connection where there is none. */
function projectOf(
  { projects, sandbox }: SandboxConnection,
  { tables, targets }: Analysis,
): ProjectId | undefined {
  const [first] = [...targets, ...tables]
  return first === undefined ? projects[0] : standIn(sandbox.datasets, first)?.projectId
}

function standIn(
  datasets: Sandbox['datasets'],
  { projectId, datasetId, tableId }: TableReference,
): TableReference | undefined {
  // What a dataset lists of itself is not what was listed then.
  if (tableId.includes('.')) return undefined
  const dataset = datasets.get(`${projectId}.${datasetId}`)
  return dataset && { ...dataset, tableId }
}

function isWithin(
  datasets: ReadonlyMap<string, DatasetReference>,
  { tables, targets, touched }: Analysis,
): boolean {
  const allowed = [...datasets.values()].map((each) => `${each.projectId}.${each.datasetId}.`)
  const names = [
    ...[...tables, ...targets].map(formatTable),
    ...(touched?.sources ?? []).map(({ name }) => name),
    ...(touched?.lineage.routines ?? []),
  ]
  return (
    touched !== undefined &&
    names.every((name) => allowed.some((prefix) => isDirectlyIn(prefix, name)))
  )
}

/** Whether something under it has no name in it. */
function readsViews({ tables, touched }: Analysis): boolean {
  const named = new Set(tables.map(formatTable))
  return (touched?.sources ?? []).some(({ name }) => !named.has(name))
}

/** Project ids may hold dots: what comes after a dataset is one name. */
function isDirectlyIn(prefix: string, name: string): boolean {
  return name.startsWith(prefix) && !name.slice(prefix.length).includes('.')
}
