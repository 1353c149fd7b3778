import type {
  Catalog,
  CatalogProblem,
  CatalogRoutine,
  CatalogTable,
} from '../../analysis/catalog.ts'
import { formatTable, type ProjectId, type TableReference } from '../../bigquery/reference.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Result } from '../../kernel/result.ts'
import { catalogRoutine } from '../catalog-routine.ts'
import { catalogTable } from '../catalog-table.ts'
import { bigQueryDryRun } from './dry-run.ts'
import { schemaOfView } from './information-schema.ts'
import {
  BigQueryUnavailable,
  type OwnAnswer,
  type OwnQuestion,
  type OwnQuestions,
} from './own-questions.ts'
import { readAnswer } from './read-answer.ts'
import { type Memorable, remembered } from './remembered.ts'
import { MOST_TABLES, tablesLike } from './tables-like.ts'

export interface BigQueryCatalogOptions {
  readonly ask: OwnQuestions['ask']
  /** Whose credential asks. */
  readonly connection: string
  /** The project for dry runs, which cost nothing. */
  readonly projectId: ProjectId
  readonly clock: Clock
}

/** How long an answer is remembered: short enough that a new policy tag soon counts. */
const FOUND_MS = 10_000
/** Definitions say where masked columns go: whoever may replace one must not outrun its reading. */
const DEFINITION_MS = 1_000
const MISSING_MS = 2_000
const MAX_BYTES = 16 * 1024 * 1024

type Found<T> = Result<T, CatalogProblem>

/**
 * `Catalog` by `tables.get`, `routines.get` and `tables.list`; of INFORMATION_SCHEMA by a dry run. Rejects
 * with `BigQueryUnavailable`.
 */
export function bigQueryCatalog(options: BigQueryCatalogOptions): Catalog {
  const { connection, clock } = options
  const ask = (question: OwnQuestion): Promise<OwnAnswer> => options.ask(connection, question)
  const dryRun = bigQueryDryRun(options.ask, connection)
  const tables = remembered<Found<CatalogTable>>(clock, MAX_BYTES)
  const routines = remembered<Found<CatalogRoutine>>(clock, MAX_BYTES)
  const lists = remembered<Found<readonly TableReference[]>>(clock, MAX_BYTES)
  return {
    table: (table) =>
      tables(formatTable(table), async () => {
        if (table.tableId.startsWith('INFORMATION_SCHEMA.'))
          return memorable(await schemaOfView(dryRun, options.projectId, table), 4_096)
        const answer = await ask({ ask: 'table', table })
        const what = `Table ${table.projectId}:${table.datasetId}.${table.tableId}`
        const found = readAnswer(answer, what, catalogTable)
        if (found.ok) assertSame(formatTable(found.value.reference), formatTable(table))
        const isView = found.ok && found.value.view !== undefined
        return memorable(found, answer.body.length, isView ? DEFINITION_MS : FOUND_MS)
      }),
    routine: (dataset, routineId) => {
      const { projectId, datasetId } = dataset
      const name = `${projectId}.${datasetId}.${routineId}`
      return routines(name, async () => {
        const answer = await ask({ ask: 'routine', dataset, routineId })
        const what = `Routine ${projectId}:${datasetId}.${routineId}`
        const found = readAnswer(answer, what, catalogRoutine)
        if (found.ok) assertSame(found.value.name, name)
        return memorable(found, answer.body.length, DEFINITION_MS)
      })
    },
    tablesLike: (dataset, prefix) =>
      lists(JSON.stringify([dataset.projectId, dataset.datasetId, prefix]), async () =>
        memorable(await tablesLike(ask, dataset, prefix), MOST_TABLES * 100),
      ),
  }
}

function memorable<T>(value: Found<T>, bytes: number, foundMs = FOUND_MS): Memorable<Found<T>> {
  return { value, bytes, ttlMs: value.ok ? foundMs : MISSING_MS }
}

/** Names differ in case only, as they may in a dataset that knows none. */
function assertSame(found: string, asked: string): void {
  if (found.toLowerCase() !== asked.toLowerCase())
    throw new BigQueryUnavailable('an answer is about something else than was asked')
}
